import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useFetcher, useLoaderData, useRouteError } from "@remix-run/react";
import { Badge, BlockStack, Button, InlineStack, Layout, Page } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { useLive } from "../live/use-live.ts";
import { DeliveryLog } from "../machines/delivery-log.tsx";
import { WebhookActions } from "../machines/webhook-actions.tsx";
import { WebhookEdit } from "../machines/webhook-edit-card.tsx";
import { WebhookOutcome } from "../machines/webhook-outcome.tsx";
import { decideWebhook, newKey, readWebhook } from "../machines/webhook-pages.server.ts";
import type { WebhooksResult } from "../machines/webhook-texts.ts";

export const meta: MetaFunction = () => [{ title: "Webhook · Ballast" }];

const ALL = "/app/settings/webhooks";

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "tokens.manage");
  const before = new URL(request.url).searchParams.get("before") ?? "";
  const cursor = /^\d{1,18}$/.test(before) ? before : undefined;
  const webhook = await readWebhook(context, shop.id, params.id ?? "", cursor);
  return { ...webhook, key: newKey(), embedded: context.gate.embedded };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "tokens.manage");
  const result = await decideWebhook(context, shop, params.id ?? "", await request.formData());
  return result.outcome === "deleted" ? redirect(ALL) : result;
}

export default function Webhook() {
  const { endpoint, deliveries, older, key, embedded } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<WebhooksResult>();
  useLive(embedded);
  const { id, url, description, events, enabled } = endpoint;
  return (
    <Page
      title={description === "" ? "Webhook" : description}
      subtitle={url}
      titleMetadata={enabled ? null : <Badge>Off</Badge>}
      backAction={{ content: "Webhooks", url: ALL }}
      fullWidth
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <WebhookOutcome result={fetcher.data} />
            <DeliveryLog deliveries={deliveries} fetcher={fetcher} formKey={key} />
            {older === undefined ? null : (
              <InlineStack align="center">
                <Button url={`${ALL}/${id}?before=${older}`}>Older</Button>
              </InlineStack>
            )}
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <WebhookActions enabled={enabled} fetcher={fetcher} formKey={key} />
            <WebhookEdit start={{ url, description, events }} />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
