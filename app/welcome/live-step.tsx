import { Link } from "@remix-run/react";
import { BlockStack, Box, Button, InlineStack, Spinner, Text } from "@shopify/polaris";
import type { ProtectedSale } from "../../prisma/first-sale.ts";
import type { ChannelView } from "../channels/channels.server.ts";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { StepCard } from "./step-card.tsx";

interface Props {
  live: ChannelView[];
  sale: ProtectedSale | null;
  titles: Record<string, string>;
}

/** The end of the way: the first sale that Ballast told another channel of. */
export function LiveStep({ live, sale, titles }: Props) {
  const { duration, number } = useFormat();
  const behind = live.reduce((sum, { figures }) => sum + figures.waiting, 0);
  return (
    <StepCard
      step="live"
      onward={
        <InlineStack gap="300">
          <Button variant="primary" url="/app">
            To the overview
          </Button>
          <Button url="/app/welcome?step=channels">Connect another channel</Button>
        </InlineStack>
      }
    >
      <Text as="p">
        {`Live: ${live.map(({ id, title }) => titles[id] ?? title).join(", ")}. `}
        {behind > 0 ? `${number(behind)} numbers are on their way.` : "Every number has been told."}
      </Text>
      <Box
        padding="400"
        borderRadius="200"
        background={sale ? "bg-surface-success" : "bg-surface-secondary"}
      >
        <div role="status">
          {sale ? (
            <BlockStack gap="100">
              <Text as="h3" variant="headingMd">
                Your first protected sale
              </Text>
              <Text as="p">
                <Link to={`/app/items/${encodeURIComponent(sale.sku)}`}>{sale.sku}</Link>
                {` was sold${sale.soldOn ? ` on ${titles[sale.soldOn] ?? "a channel"}` : ""} at `}
                <Time at={sale.at} />
                {`. ${titles[sale.told] ?? "The other channel"} was told ${number(sale.quantity)} after ${duration(sale.ms)}.`}
              </Text>
            </BlockStack>
          ) : (
            <InlineStack gap="200" blockAlign="center">
              <Spinner size="small" accessibilityLabel="Waiting" />
              <Text as="p">Waiting for the first sale: it appears here by itself.</Text>
            </InlineStack>
          )}
        </div>
      </Box>
    </StepCard>
  );
}
