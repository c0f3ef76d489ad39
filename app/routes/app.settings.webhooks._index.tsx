import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { Layout, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { WebhookForm } from "../machines/webhook-form-card.tsx";
import { WebhookList } from "../machines/webhook-list.tsx";
import { createWebhook, newKey, readWebhooks } from "../machines/webhook-pages.server.ts";
import { SETTINGS_WEBHOOKS_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "Webhooks · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "tokens.manage");
  return { ...(await readWebhooks(context, shop.id)), key: newKey() };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "tokens.manage");
  return createWebhook(context, shop, await request.formData());
}

export default function Webhooks() {
  const { endpoints, key } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Webhooks"
      subtitle={SETTINGS_WEBHOOKS_WORDS.yourOwnProgramsAre}
      backAction={{ content: "Settings", url: "/app/settings" }}
      fullWidth
    >
      <Layout>
        <Layout.Section>
          <WebhookList endpoints={endpoints} />
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <WebhookForm formKey={key} />
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
