import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData, useRouteError } from "@remix-run/react";
import { Layout, Page } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { locationFields, NEW_LOCATION } from "../settings/location-fields.ts";
import { LocationForm } from "../settings/location-form-card.tsx";
import { LocationList } from "../settings/location-list.tsx";
import { LocationOutcome } from "../settings/location-outcome.tsx";
import {
  changeLocations,
  type LocationResult,
  readLocations,
} from "../settings/locations.server.ts";
import { SECTIONS } from "../settings/settings-texts.ts";

export const meta: MetaFunction = () => [{ title: "Locations · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { id } = await requireMerchant(request, context, "settings.change");
  return readLocations(context, id);
}

export async function action({ request, context }: ActionFunctionArgs) {
  const merchant = await requireMerchant(request, context, "settings.change");
  return changeLocations(context, merchant, await request.formData());
}

export default function Locations() {
  const { locations, channels, columns } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<LocationResult>();
  const [editing, setEditing] = useState(NEW_LOCATION);
  // A form that was saved is over: the next one begins empty.
  const [saved, setSaved] = useState(0);
  useEffect(() => {
    if (fetcher.data?.outcome !== "saved") return;
    setEditing(NEW_LOCATION);
    setSaved((count) => count + 1);
  }, [fetcher.data]);
  return (
    <Page
      title={SECTIONS.locations.title}
      subtitle={SECTIONS.locations.text}
      backAction={{ content: "Settings", url: "/app/settings" }}
      fullWidth
    >
      <Layout>
        <Layout.Section>
          <LocationOutcome fetcher={fetcher} columns={columns} />
          <LocationList
            locations={locations}
            channels={channels}
            onEdit={(location) => setEditing(locationFields(location))}
          />
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <LocationForm
            key={`${editing.id} ${saved}`}
            fetcher={fetcher}
            start={editing}
            channels={channels}
            onCancel={() => setEditing(NEW_LOCATION)}
          />
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
