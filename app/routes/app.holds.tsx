import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Layout, Page } from "@shopify/polaris";
import { useState } from "react";
import type { HeldRow } from "../../prisma/hold-page.ts";
import { requireMerchant } from "../access/merchant.server.ts";
import { useCan } from "../access/use-person.ts";
import { SpanLinks } from "../components/chart-parts.tsx";
import { Failure } from "../components/failure.tsx";
import { useResultToast } from "../components/toasts.tsx";
import { EndedCard } from "../holds/ended-card.tsx";
import { HeldCard } from "../holds/held-card.tsx";
import { HOLD_TEXTS, notReleased, releasedToast } from "../holds/hold-texts.ts";
import { changeHolds, type HoldsResult, readHolds } from "../holds/holds.server.ts";
import { holdsUrl } from "../holds/holds-url.ts";
import { ReleaseQuestion } from "../holds/release-question.tsx";
import { TermsForm } from "../holds/terms-form.tsx";
import { useLive } from "../live/use-live.ts";
import { TrendCard } from "../overview/trend-card.tsx";
import { SPANS } from "../overview/trends.ts";

export const meta: MetaFunction = () => [{ title: "Holds · Ballast" }];

const SERIES = [
  { key: "held", title: "Held", colour: "#2c6ecb" },
  { key: "sold", title: "Sold", colour: "#0a7d5a" },
];

export async function loader({ request, context }: LoaderFunctionArgs) {
  return readHolds(context, await requireMerchant(request, context), request.url);
}

export async function action({ request, context }: ActionFunctionArgs) {
  const merchant = await requireMerchant(request, context, "holds.manage");
  return changeHolds(context.services, merchant, await request.formData());
}

export default function Holds() {
  const data = useLoaderData<typeof loader>();
  const can = useCan();
  const fetcher = useFetcher<HoldsResult>();
  const [releasing, setReleasing] = useState<HeldRow>();
  useLive(data.embedded);
  const result = fetcher.state === "idle" ? fetcher.data : undefined;
  useResultToast(result, releasedToast);
  const problem = result ? notReleased(result) : null;
  return (
    <Page title="Holds" subtitle={HOLD_TEXTS.subtitle} fullWidth>
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {problem === null ? null : <Banner tone="warning">{problem}</Banner>}
            <HeldCard {...data} onRelease={setReleasing} />
            <SpanLinks
              spans={SPANS}
              span={data.span}
              urlOf={(span) => holdsUrl({ span, from: data.from })}
            />
            <TrendCard {...HOLD_TEXTS.chart} trend={data.trend} series={SERIES} compared />
            <EndedCard ended={data.ended} />
          </BlockStack>
        </Layout.Section>
        {can("holds.manage") ? (
          <Layout.Section variant="oneThird">
            <TermsForm terms={data.terms} />
          </Layout.Section>
        ) : null}
      </Layout>
      <ReleaseQuestion row={releasing} fetcher={fetcher} onClose={() => setReleasing(undefined)} />
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
