import { BlockStack, Box, Card, InlineGrid, Text } from "@shopify/polaris";
import { PHYSICAL_BUCKETS } from "../../inventory/bucket.ts";
import type { Format } from "../../inventory/format.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { DataTable } from "../components/data-table.tsx";
import { bucketText } from "../texts.ts";
import { useFormat } from "../use-format.ts";
import type { ItemPage } from "./item.server.ts";
import { BALANCES_CARD_WORDS } from "./part-texts.ts";

/** What there is of an item, where it is, and who has a claim on it. */
export function BalancesCard({ page }: { page: ItemPage }) {
  const { stock, onHand, ats, exposure } = page;
  const format = useFormat();
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="300">
          <InlineGrid columns={{ xs: 3, sm: 5 }} gap="400">
            <Figure label="On hand" value={onHand} />
            <Figure label="Committed" value={stock.committed} />
            <Figure label="Held" value={stock.held} />
            <Figure label="Available" value={ats} bad={ats < 0} />
            <Figure label="Exposure" value={exposure} />
          </InlineGrid>
          <Text as="p" tone={ats < 0 ? "critical" : "subdued"}>
            {ats < 0
              ? BALANCES_CARD_WORDS.oversoldByMoreIs(format.units(-ats))
              : exposureText(exposure, format)}
          </Text>
        </BlockStack>
      </Box>
      <ByLocation page={page} />
    </Card>
  );
}

function exposureText(exposure: number, { units }: Format): string {
  if (exposure === 0) return "Even if every channel sold all it shows, you could deliver.";
  return `If every channel sold all it may still show, you would be short by ${units(exposure)}.`;
}

function Figure({ label, value, bad }: { label: string; value: number; bad?: boolean }) {
  const { number } = useFormat();
  return (
    <div>
      <Text as="p" tone="subdued">
        {label}
      </Text>
      <Text as="p" variant="headingLg" numeric tone={bad ? "critical" : undefined}>
        {number(value)}
      </Text>
    </div>
  );
}

function ByLocation({ page: { stock, locations, columns } }: { page: ItemPage }) {
  const { number, units } = useFormat();
  const buckets = PHYSICAL_BUCKETS.filter((bucket) => stock.physical[bucket] !== undefined);
  const codes = [
    ...new Set(buckets.flatMap((bucket) => Object.keys(stock.physical[bucket] ?? {}))),
  ];
  const names = new Map(locations.map(({ code, name }) => [code, name]));
  const title = channelTitle(columns);
  const set = Object.entries(stock.allocated).filter(([, count]) => count !== 0);
  return (
    <>
      {codes.length === 0 ? (
        <Box padding="400" paddingBlockStart="0">
          <Text as="p" tone="subdued">
            {BALANCES_CARD_WORDS.nothingHasBeenReceived}
          </Text>
        </Box>
      ) : (
        <DataTable
          caption={BALANCES_CARD_WORDS.unitsByLocationAnd}
          columns={[
            { key: "location", title: "Location" },
            ...buckets.map((bucket) => ({
              key: bucket,
              title: bucketText(bucket, title),
              numeric: true,
            })),
          ]}
          rows={codes.sort().map((code) => ({
            key: code,
            cells: [
              names.get(code) ?? code,
              ...buckets.map((bucket) => number(stock.physical[bucket]?.[code] ?? 0)),
            ],
          }))}
        />
      )}
      {set.length === 0 ? null : (
        <Box padding="400">
          {set.map(([channel, count]) => (
            <Text key={channel} as="p">
              {BALANCES_CARD_WORDS.setAsideFor(units(count), title(channel))}
            </Text>
          ))}
        </Box>
      )}
    </>
  );
}
