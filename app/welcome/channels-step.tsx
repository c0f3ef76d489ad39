import { Badge, Banner, BlockStack, InlineStack, Text } from "@shopify/polaris";
import type { ChannelView, Marketplace } from "../channels/channels.server.ts";
import { ConnectButton } from "../channels/connect-button.tsx";
import { MissingKeys } from "../channels/missing-keys.tsx";
import { CHANNELS_STEP_WORDS } from "./part-texts.ts";
import { StepCard } from "./step-card.tsx";

interface Props {
  marketplaces: Marketplace[];
  /** The connection that the merchant has just come back with. */
  connected: string | null;
  embedded: boolean;
}

/** Each marketplace is chosen by connecting it. */
export function ChannelsStep({ marketplaces, connected, embedded }: Props) {
  const all = marketplaces.flatMap(({ connections }) => connections.filter(isOpen));
  const fresh = all.find(({ id }) => id === connected);
  return (
    <StepCard step="channels" blocked={all.length === 0 ? "Connect one first." : undefined}>
      <BlockStack gap="400">
        {fresh ? (
          <Banner tone="success">{CHANNELS_STEP_WORDS.isConnectedAndIts(fresh.title)}</Banner>
        ) : null}
        <ul className="choices">
          {marketplaces.map((marketplace) => (
            <li key={marketplace.channel}>
              <Choice marketplace={marketplace} embedded={embedded} />
            </li>
          ))}
        </ul>
        {all.length === 1 ? (
          <Text as="p" tone="subdued">
            {CHANNELS_STEP_WORDS.oneChannelAloneCannot}
          </Text>
        ) : null}
      </BlockStack>
    </StepCard>
  );
}

const isOpen = (view: ChannelView) => !view.disconnected;

function Choice({ marketplace, embedded }: { marketplace: Marketplace; embedded: boolean }) {
  const { channel, title, connections, missing } = marketplace;
  const open = connections.filter(isOpen);
  return (
    <BlockStack gap="200">
      <InlineStack gap="300" align="space-between" blockAlign="center">
        <BlockStack gap="050">
          <Text as="h3" variant="headingMd">
            {title}
          </Text>
          {open.map(({ id, name }) => (
            <Text key={id} as="p" tone="subdued" breakWord>
              {name}
            </Text>
          ))}
        </BlockStack>
        <InlineStack gap="200" blockAlign="center">
          {open.length > 0 ? <Badge tone="success">Connected</Badge> : null}
          {missing.length === 0 ? (
            <ConnectButton
              channel={channel}
              title={title}
              embedded={embedded}
              more={open.length > 0}
            />
          ) : null}
        </InlineStack>
      </InlineStack>
      {missing.length > 0 && open.length === 0 ? (
        <MissingKeys title={title} missing={missing} />
      ) : null}
    </BlockStack>
  );
}
