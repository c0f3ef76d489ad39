import { Badge, BlockStack, Box, Button, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { useCan } from "../access/use-person.ts";
import { TaskProgress } from "../components/task-progress.tsx";
import { ChannelFacts } from "./channel-facts.tsx";
import type { ChannelView, Marketplace } from "./channels.server.ts";
import { ConnectButton } from "./connect-button.tsx";
import { MissingKeys } from "./missing-keys.tsx";
import { NoticeList } from "./notice-list.tsx";
import { StateBadge } from "./state-badge.tsx";

interface Props {
  marketplace: Marketplace;
  embedded: boolean;
}

/** One marketplace: its connections, or the way to the first one. */
export function MarketplaceCard({ marketplace, embedded }: Props) {
  const { channel, title, connections, missing } = marketplace;
  const connects = useCan()("channels.manage");
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack gap="200" align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          {connections.length === 0 ? <Badge>Not connected</Badge> : null}
        </InlineStack>
        {connections.map((view, at) => (
          <BlockStack key={view.id} gap="400">
            {at > 0 ? <Divider /> : null}
            <Connection view={view} />
          </BlockStack>
        ))}
        {connects && missing.length > 0 ? <MissingKeys title={title} missing={missing} /> : null}
        {connects && missing.length === 0 ? (
          <ConnectButton
            channel={channel}
            title={title}
            embedded={embedded}
            more={connections.length > 0}
          />
        ) : null}
      </BlockStack>
    </Card>
  );
}

function Connection({ view }: { view: ChannelView }) {
  const { id, title, name, account, tasks } = view;
  return (
    <BlockStack gap="300">
      <InlineStack gap="200" align="space-between" blockAlign="center">
        <BlockStack gap="050">
          <Text as="h3" variant="headingSm" breakWord>
            {name}
          </Text>
          {account === name ? null : (
            <Text as="p" tone="subdued" breakWord>
              {account}
            </Text>
          )}
        </BlockStack>
        <StateBadge state={view.state} />
      </InlineStack>
      <NoticeList view={view} />
      {view.disconnected ? null : <TaskProgress tasks={tasks} />}
      <ChannelFacts view={view} />
      <Box>
        <Button url={`/app/channels/${id}`} accessibilityLabel={`Details of ${title}, ${name}`}>
          Details
        </Button>
      </Box>
    </BlockStack>
  );
}
