import { Link } from "@remix-run/react";
import { BlockStack, Box, Card, InlineStack, Text } from "@shopify/polaris";
import type { ListedItem } from "../../prisma/item-rows.ts";
import { EVERY_ITEM, itemsUrl } from "../item-search.ts";
import { foundText, nothingText } from "../items-texts.ts";
import type { ChannelColumn } from "../merchant.server.ts";
import { useFormat } from "../use-format.ts";
import { ItemsTable } from "./items-table.tsx";

interface Props {
  rows: ListedItem[];
  found: { count: number; more: boolean };
  columns: ChannelColumn[];
}

/** The items behind the summary's numbers, the worst first. */
export function AttentionCard({ rows, found, columns }: Props) {
  const format = useFormat();
  const all = itemsUrl({ ...EVERY_ITEM, show: "attention" });
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              Items that need attention
            </Text>
            <Text as="p" tone="subdued">
              Oversold, or a channel does not know the right number.
            </Text>
          </BlockStack>
          <Link to={rows.length < found.count || found.more ? all : itemsUrl(EVERY_ITEM)}>
            {rows.length < found.count || found.more
              ? `See all: ${foundText(found, format)}`
              : "All items"}
          </Link>
        </InlineStack>
      </Box>
      <ItemsTable rows={rows} columns={columns} none={nothingText("attention", false)} />
    </Card>
  );
}
