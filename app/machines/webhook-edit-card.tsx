import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useRef, useState } from "react";
import { useUnsaved } from "../components/unsaved.tsx";
import { WEBHOOK_EDIT_CARD_WORDS } from "./part-texts.ts";
import { WebhookFields, type WebhookValues } from "./webhook-fields.tsx";
import { WebhookOutcome } from "./webhook-outcome.tsx";
import type { WebhooksResult } from "./webhook-texts.ts";

/** Changes an endpoint's address and what it is told of; the page's bar saves it. */
export function WebhookEdit({ start }: { start: WebhookValues }) {
  const fetcher = useFetcher<WebhooksResult>();
  const [values, setValues] = useState(start);
  const form = useRef<HTMLFormElement>(null);
  const result = fetcher.data;
  useUnsaved({
    dirty: saidOf(values) !== saidOf(start),
    saving: fetcher.state !== "idle",
    save: () => fetcher.submit(form.current),
    discard: () => setValues(start),
  });
  return (
    <Card>
      <fetcher.Form method="post" data-testid="save-webhook" ref={form}>
        <input type="hidden" name="intent" value="save" />
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {WEBHOOK_EDIT_CARD_WORDS.whatItIsTold}
          </Text>
          <WebhookOutcome result={fetcher.state === "idle" ? result : undefined} />
          <WebhookFields
            values={values}
            set={setValues}
            errors={result?.outcome === "invalid" ? result.errors : {}}
          />
        </BlockStack>
      </fetcher.Form>
    </Card>
  );
}

/** What it says, in whatever order the events were chosen. */
function saidOf({ url, description, events }: WebhookValues): string {
  return JSON.stringify([url.trim(), description.trim(), [...events].sort()]);
}
