import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { Confirm } from "../components/confirm.tsx";
import type { ChannelView } from "./channels.server.ts";
import type { DecideResult } from "./decide-channel.server.ts";
import { DISCONNECT_CARD_WORDS } from "./part-texts.ts";

/** Taking us out is asked twice, and says before the second what it does. */
export function DisconnectCard({ view }: { view: ChannelView }) {
  const fetcher = useFetcher<DecideResult>();
  const [sure, setSure] = useState(false);
  const { title, name, figures } = view;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Disconnect
        </Text>
        <InlineStack>
          <Button tone="critical" onClick={() => setSure(true)}>
            Disconnect…
          </Button>
        </InlineStack>
      </BlockStack>
      <Confirm
        open={sure}
        title={`Disconnect ${title}?`}
        action={`Disconnect ${title}`}
        keep="Keep it"
        busy={fetcher.state !== "idle"}
        onConfirm={() => fetcher.submit({ intent: "disconnect" }, { method: "post" })}
        onClose={() => setSure(false)}
      >
        <BlockStack gap="300">
          <Text as="p">{DISCONNECT_CARD_WORDS.pushesToStopAt(title, name)}</Text>
          {figures.waiting > 0 ? (
            <Text as="p" tone="critical">
              {DISCONNECT_CARD_WORDS.numbersThatItHas(figures.waiting)}
            </Text>
          ) : null}
        </BlockStack>
      </Confirm>
    </Card>
  );
}
