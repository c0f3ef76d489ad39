import type { FetcherWithComponents } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { WEBHOOK_ACTIONS_WORDS } from "./part-texts.ts";
import type { WebhooksResult } from "./webhook-texts.ts";

interface Props {
  enabled: boolean;
  fetcher: FetcherWithComponents<WebhooksResult>;
  formKey: string;
}

/** What can be asked of an endpoint. */
export function WebhookActions({ enabled, fetcher, formKey }: Props) {
  const under = fetcher.formData?.get("intent");
  const button = (intent: string, text: string) => (
    <Button
      fullWidth
      loading={under === intent}
      disabled={fetcher.state !== "idle" && under !== intent}
      onClick={() => fetcher.submit({ intent, key: formKey }, { method: "post" })}
    >
      {text}
    </Button>
  );
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Do now
        </Text>
        {button("test", "Send a test event")}
        {enabled ? button("disable", "Switch off") : button("enable", "Switch on")}
        {button("rotate", "Make a new secret")}
        <ReplaySince fetcher={fetcher} formKey={formKey} />
        <Delete fetcher={fetcher} />
      </BlockStack>
    </Card>
  );
}

function ReplaySince({ fetcher, formKey }: Pick<Props, "fetcher" | "formKey">) {
  const [sequence, setSequence] = useState("");
  const result = fetcher.data;
  const next = result?.outcome === "replayed" ? result.next : null;
  // What is too much for one wish goes on with the same button.
  useEffect(() => {
    if (next !== null) setSequence(next);
  }, [next]);
  const valid = /^\d{1,15}$/.test(sequence);
  return (
    <TextField
      label={WEBHOOK_ACTIONS_WORDS.sendAgainFromNo}
      inputMode="numeric"
      value={sequence}
      onChange={setSequence}
      helpText={WEBHOOK_ACTIONS_WORDS.aNumberOfThe}
      autoComplete="off"
      connectedRight={
        <Button
          disabled={!valid || fetcher.state !== "idle"}
          onClick={() =>
            fetcher.submit({ intent: "replay-since", key: formKey, sequence }, { method: "post" })
          }
        >
          Send
        </Button>
      }
    />
  );
}

/** Takes two clicks: the log and what waits go with it. */
function Delete({ fetcher }: Pick<Props, "fetcher">) {
  const [sure, setSure] = useState(false);
  if (!sure) {
    return (
      <Button fullWidth tone="critical" onClick={() => setSure(true)}>
        Remove…
      </Button>
    );
  }
  return (
    <BlockStack gap="200">
      <Text as="p">{WEBHOOK_ACTIONS_WORDS.itsLogAndWhat}</Text>
      <InlineStack gap="200">
        <Button
          tone="critical"
          variant="primary"
          onClick={() => fetcher.submit({ intent: "delete" }, { method: "post" })}
        >
          Remove endpoint
        </Button>
        <Button onClick={() => setSure(false)}>Keep it</Button>
      </InlineStack>
    </BlockStack>
  );
}
