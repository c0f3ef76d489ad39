import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { Confirm } from "../components/confirm.tsx";
import type { ChannelView } from "./channels.server.ts";
import type { DecideResult } from "./decide-channel.server.ts";

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
          <Text as="p">
            {`Pushes to ${title} stop at once, its orders are read no more, and the access you gave is forgotten. ${name} keeps the numbers it shows now. Listings and history stay here, and you can connect again.`}
          </Text>
          {figures.waiting > 0 ? (
            <Text as="p" tone="critical">
              {`${figures.waiting} numbers that it has not been told yet will not be told.`}
            </Text>
          ) : null}
        </BlockStack>
      </Confirm>
    </Card>
  );
}
