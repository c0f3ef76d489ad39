import { Box, Card, Text } from "@shopify/polaris";
import type { LiveHold } from "../../prisma/item-page.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { DataTable } from "../components/data-table.tsx";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { HOLDS_CARD_WORDS } from "./part-texts.ts";

interface Props {
  holds: LiveHold[];
  held: number;
  columns: { channel: string; title: string }[];
}

/** Carts and checkouts that hold units now, the next to expire first. */
export function HoldsCard({ holds, held, columns }: Props) {
  const { number, units } = useFormat();
  const title = channelTitle(columns);
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          Live holds
        </Text>
        <Text as="p" tone="subdued">
          {holds.length === 0
            ? HOLDS_CARD_WORDS.noCartHoldsThis
            : HOLDS_CARD_WORDS.heldInCarts(units(held))}
        </Text>
      </Box>
      {holds.length === 0 ? null : (
        <DataTable
          caption="Live holds"
          columns={[
            { key: "until", title: "Expires" },
            { key: "from", title: "From" },
            { key: "units", title: "Units", numeric: true },
          ]}
          rows={holds.map((hold) => ({
            key: hold.id,
            cells: [
              <Time key="until" at={hold.expiresAt} />,
              hold.channel === null ? "API" : title(hold.channel),
              number(hold.quantity),
            ],
          }))}
        />
      )}
    </Card>
  );
}
