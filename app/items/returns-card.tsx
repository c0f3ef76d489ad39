import { Badge, Box, Card, Text } from "@shopify/polaris";
import type { ReturnRow } from "../../prisma/returns.ts";
import { DataTable } from "../components/data-table.tsx";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { RETURNS_CARD_WORDS } from "./part-texts.ts";

interface Props {
  returns: ReturnRow[];
  columns: { connection: string; title: string }[];
}

const STAGES = { announced: "On its way", arrived: "Arrived", closed: "Closed" } as const;

/** What buyers send back, as far as the marketplaces know. Not shown when nothing is. */
export function ReturnsCard({ returns, columns }: Props) {
  const { number } = useFormat();
  if (returns.length === 0) return null;
  const titles = new Map(columns.map(({ connection, title }) => [connection, title]));
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          Returns
        </Text>
        <Text as="p" tone="subdued">
          {RETURNS_CARD_WORDS.announcedByTheMarketplaces}
        </Text>
      </Box>
      <DataTable
        caption="Returns"
        columns={[
          { key: "order", title: "Order" },
          { key: "from", title: "From" },
          { key: "stage", title: "State" },
          { key: "units", title: "Units", numeric: true },
          { key: "at", title: "Changed" },
        ]}
        rows={returns.map((row) => ({
          key: `${row.connection}-${row.id}-${row.listing}`,
          cells: [
            row.order,
            titles.get(row.connection) ?? "–",
            <Badge key="stage" tone={row.stage === "arrived" ? "attention" : undefined}>
              {STAGES[row.stage]}
            </Badge>,
            number(row.quantity),
            <Time key="at" at={new Date(row.at).toISOString()} />,
          ],
        }))}
      />
    </Card>
  );
}
