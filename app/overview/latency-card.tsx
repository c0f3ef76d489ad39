import { BlockStack, Box, Card, InlineStack, Text } from "@shopify/polaris";
import { lazy, Suspense } from "react";
import type { ChannelLatency, SaleLatency } from "../../prisma/shop-summary.ts";
import { channelColour } from "../channels/channel-colour.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { useMounted } from "../components/chart-parts.tsx";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import { LATENCY_CARD_WORDS } from "./part-texts.ts";

/** The drawing library is larger than the page: it comes after the numbers. */
const LatencyDots = lazy(() => import("./latency-dots.tsx"));

interface Props {
  sales: SaleLatency[];
  latencies: ChannelLatency[];
  columns: { channel: string; title: string }[];
}

/** From a sale to the other channels' acceptance: the figures, and each sale as a dot. */
export function LatencyCard({ sales, latencies, columns }: Props) {
  const { number, duration } = useFormat();
  const title = channelTitle(columns);
  const mounted = useMounted();
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {LATENCY_CARD_WORDS.fromASaleTo}
          </Text>
          <Text as="p" tone="subdued">
            {LATENCY_CARD_WORDS.howLongEachChannel}
          </Text>
        </BlockStack>
      </Box>
      <DataTable
        caption={LATENCY_CARD_WORDS.timeFromASale}
        columns={[
          { key: "channel", title: "Told" },
          { key: "sales", title: "Sales", numeric: true },
          { key: "p50", title: "Half within", numeric: true },
          { key: "p95", title: "95 % within", numeric: true },
          { key: "p99", title: "99 % within", numeric: true },
        ]}
        rows={latencies.map((row, at) => ({
          key: row.channel,
          cells: [
            <Name key="name" colour={channelColour(at)} title={title(row.channel)} />,
            number(row.sales),
            ...[row.p50, row.p95, row.p99].map((ms) => (ms === null ? "–" : duration(ms))),
          ],
        }))}
      />
      <Box padding="400">
        {/* The table above says the same in numbers: a screen reader passes the picture over. */}
        <div className="dots" aria-hidden>
          {mounted && (
            <Suspense>
              <LatencyDots sales={sales} channels={latencies.map((row) => row.channel)} />
            </Suspense>
          )}
        </div>
      </Box>
    </Card>
  );
}

function Name({ colour: background, title }: { colour: string; title: string }) {
  return (
    <InlineStack blockAlign="center" wrap={false}>
      <span className="dot" style={{ background }} aria-hidden />
      {title}
    </InlineStack>
  );
}
