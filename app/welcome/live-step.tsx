import { Link } from "@remix-run/react";
import { BlockStack, Box, Button, InlineStack, Spinner, Text } from "@shopify/polaris";
import type { ProtectedSale } from "../../prisma/first-sale.ts";
import type { ChannelView } from "../channels/channels.server.ts";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { LIVE_STEP_WORDS } from "./part-texts.ts";
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
            {LIVE_STEP_WORDS.toTheOverview}
          </Button>
          <Button url="/app/welcome?step=channels">{LIVE_STEP_WORDS.connectAnotherChannel}</Button>
        </InlineStack>
      }
    >
      <Text as="p">
        {`Live: ${live.map(({ id, title }) => titles[id] ?? title).join(", ")}. `}
        {behind > 0
          ? LIVE_STEP_WORDS.numbersAreOnTheir(number(behind))
          : LIVE_STEP_WORDS.everyNumberHasBeen}
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
                {LIVE_STEP_WORDS.yourFirstProtectedSale}
              </Text>
              <Text as="p">
                <Link to={`/app/items/${encodeURIComponent(sale.sku)}`}>{sale.sku}</Link>
                {LIVE_STEP_WORDS.wasSoldAt(
                  sale.soldOn ? ` on ${titles[sale.soldOn] ?? "a channel"}` : "",
                )}
                <Time at={sale.at} />
                {LIVE_STEP_WORDS.wasToldAfter(
                  titles[sale.told] ?? "The other channel",
                  number(sale.quantity),
                  duration(sale.ms),
                )}
              </Text>
            </BlockStack>
          ) : (
            <InlineStack gap="200" blockAlign="center">
              <Spinner size="small" accessibilityLabel="Waiting" />
              <Text as="p">{LIVE_STEP_WORDS.waitingForTheFirst}</Text>
            </InlineStack>
          )}
        </div>
      </Box>
    </StepCard>
  );
}
