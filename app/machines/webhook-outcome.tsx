import { Banner, BlockStack, Text } from "@shopify/polaris";
import { ShownOnce } from "./shown-once.tsx";
import { SECRET_HELP, type WebhooksResult, webhooksText } from "./webhook-texts.ts";

/** What a decision about webhooks did; a secret is shown here, this once. */
export function WebhookOutcome({ result }: { result: WebhooksResult | undefined }) {
  return (
    <div role="status" data-testid="webhook-outcome">
      {result === undefined || result.outcome === "invalid" ? null : (
        <Banner tone={result.outcome === "gone" ? "warning" : "success"}>
          <BlockStack gap="200">
            <Text as="p">{webhooksText(result)}</Text>
            {"secret" in result ? (
              <ShownOnce
                key={result.secret}
                label="Secret"
                value={result.secret}
                help={SECRET_HELP}
                copy="Copy secret"
              />
            ) : null}
          </BlockStack>
        </Banner>
      )}
    </div>
  );
}
