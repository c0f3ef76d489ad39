import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteError } from "@remix-run/react";
import { BlockStack, Card, Layout, Page, Text } from "@shopify/polaris";
import { requireMerchant } from "../access/merchant.server.ts";
import { Failure } from "../components/failure.tsx";
import { TokenForm } from "../machines/token-form-card.tsx";
import { TokenList } from "../machines/token-list.tsx";
import { changeTokens, readTokens } from "../machines/tokens.server.ts";
import { SETTINGS_TOKENS_WORDS } from "../page-texts.ts";

export const meta: MetaFunction = () => [{ title: "API tokens · Ballast" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "tokens.manage");
  return readTokens(context, shop.id);
}

export async function action({ request, context }: ActionFunctionArgs) {
  const shop = await requireMerchant(request, context, "tokens.manage");
  return changeTokens(context, shop, await request.formData());
}

export default function Tokens() {
  const { tokens } = useLoaderData<typeof loader>();
  return (
    <Page
      title="API tokens"
      subtitle={SETTINGS_TOKENS_WORDS.aTokenLetsA}
      backAction={{ content: "Settings", url: "/app/settings" }}
      fullWidth
    >
      <Layout>
        <Layout.Section>
          <TokenList tokens={tokens} />
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <TokenForm />
            <Card>
              <BlockStack gap="100">
                {/* No page of the app: a link of the router would not find it. */}
                <a href="/api/v1/docs" target="_blank" rel="noreferrer">
                  API documentation
                </a>
                <Text as="p" tone="subdued">
                  {SETTINGS_TOKENS_WORDS.everyRequestWithExamples}
                </Text>
              </BlockStack>
            </Card>
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export function ErrorBoundary() {
  return <Failure error={useRouteError()} />;
}
