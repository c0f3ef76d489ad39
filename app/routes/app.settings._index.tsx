import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Layout, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { GuardForm } from "../settings/guard-form.tsx";
import { NotifyForm } from "../settings/notify-form.tsx";
import { QuietHoursForm } from "../settings/quiet-hours-form.tsx";
import { RegionalForm } from "../settings/regional-form.tsx";
import { changeSettings, readSettings } from "../settings/settings.server.ts";
import { SettingsLinks } from "../settings/settings-links.tsx";

export const meta: MetaFunction = () => [{ title: "Settings · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const merchant = await requireMerchant(request, context, "settings.change");
  return readSettings(context, merchant);
}

export async function action({ request, context }: ActionFunctionArgs) {
  const merchant = await requireMerchant(request, context, "settings.change");
  return changeSettings(context.services, merchant, await request.formData());
}

export default function Settings() {
  const { regional, choices, now, hours, limits, ...notify } = useLoaderData<typeof loader>();
  return (
    <Page title="Settings" fullWidth>
      <div className="beside">
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              <RegionalForm regional={regional} choices={choices} now={now} />
              <QuietHoursForm hours={hours} timeZone={regional.timeZone} />
              <NotifyForm {...notify} />
              <GuardForm limits={limits} />
            </BlockStack>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <SettingsLinks />
          </Layout.Section>
        </Layout>
      </div>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
