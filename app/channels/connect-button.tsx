import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, InlineStack } from "@shopify/polaris";
import type { OwnShopResult } from "./connect-own-shop.server.ts";
import { CONNECT_BUTTON_WORDS } from "./part-texts.ts";

interface Props {
  channel: string;
  title: string;
  embedded: boolean;
  /** There is a connection to it already. */
  more: boolean;
}

/** The way to a new connection. Inside Shopify's admin the shop itself is one click away. */
export function ConnectButton({ channel, title, embedded, more }: Props) {
  if (embedded && channel === "shopify") return <OwnShop more={more} />;
  return (
    <InlineStack>
      <Button
        url={`/app/channels/connect/${channel}`}
        variant={more ? "plain" : "primary"}
        accessibilityLabel={
          more ? CONNECT_BUTTON_WORDS.connectAnotherAccountAt(title) : `Connect ${title}`
        }
      >
        {more ? CONNECT_BUTTON_WORDS.connectAnotherAccount : "Connect"}
      </Button>
    </InlineStack>
  );
}

function OwnShop({ more }: { more: boolean }) {
  const fetcher = useFetcher<OwnShopResult>();
  const result = fetcher.data;
  return (
    <BlockStack gap="200">
      {result ? <Banner tone="warning">{result.why}</Banner> : null}
      <fetcher.Form method="post" action="/app/channels/own-shop">
        <Button submit variant={more ? "plain" : "primary"} loading={fetcher.state !== "idle"}>
          {more ? CONNECT_BUTTON_WORDS.connectThisShopAgain : CONNECT_BUTTON_WORDS.connectThisShop}
        </Button>
      </fetcher.Form>
    </BlockStack>
  );
}
