import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { WEBHOOK_FORM_CARD_WORDS } from "./part-texts.ts";
import { WebhookFields, type WebhookValues } from "./webhook-fields.tsx";
import { WebhookOutcome } from "./webhook-outcome.tsx";
import type { WebhooksResult } from "./webhook-texts.ts";

const EMPTY: WebhookValues = { url: "", description: "", events: ["stock.changed", "oversold"] };

/** Makes an endpoint, and shows its secret this once. `formKey`: two clicks make one. */
export function WebhookForm({ formKey }: { formKey: string }) {
  const fetcher = useFetcher<WebhooksResult>();
  const [values, setValues] = useState(EMPTY);
  const result = fetcher.data;
  useEffect(() => {
    if (result?.outcome === "created") setValues(EMPTY);
  }, [result]);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {WEBHOOK_FORM_CARD_WORDS.addAnEndpoint}
        </Text>
        <WebhookOutcome result={result} />
        <fetcher.Form method="post" data-testid="add-webhook">
          <input type="hidden" name="key" value={formKey} />
          <BlockStack gap="400">
            <WebhookFields
              values={values}
              set={setValues}
              errors={result?.outcome === "invalid" ? result.errors : {}}
            />
            <Button submit variant="primary" loading={fetcher.state !== "idle"}>
              Add endpoint
            </Button>
          </BlockStack>
        </fetcher.Form>
      </BlockStack>
    </Card>
  );
}
