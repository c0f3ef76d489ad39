import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, Text } from "@shopify/polaris";
import { useState } from "react";
import { WebhookFields, type WebhookValues } from "./webhook-fields.tsx";
import { WebhookOutcome } from "./webhook-outcome.tsx";
import type { WebhooksResult } from "./webhook-texts.ts";

/** Changes an endpoint's address and what it is told of. */
export function WebhookEdit({ start }: { start: WebhookValues }) {
  const fetcher = useFetcher<WebhooksResult>();
  const [values, setValues] = useState(start);
  const result = fetcher.data;
  return (
    <Card>
      <fetcher.Form method="post" data-testid="save-webhook">
        <input type="hidden" name="intent" value="save" />
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            What it is told
          </Text>
          <WebhookOutcome result={fetcher.state === "idle" ? result : undefined} />
          <WebhookFields
            values={values}
            set={setValues}
            errors={result?.outcome === "invalid" ? result.errors : {}}
          />
          <Button submit loading={fetcher.state !== "idle"}>
            Save
          </Button>
        </BlockStack>
      </fetcher.Form>
    </Card>
  );
}
