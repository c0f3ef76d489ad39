import { Link } from "@remix-run/react";
import { BlockStack, Box, Card, InlineStack, Text } from "@shopify/polaris";
import type { ListedItem } from "../../prisma/item-rows.ts";
import type { ChannelColumn } from "../access/merchant.server.ts";
import { ItemsTable } from "../items/items-table.tsx";

interface Props {
  title: string;
  about: string;
  /** Where all of them are. */
  more: { url: string; text: string };
  rows: ListedItem[];
  columns: ChannelColumn[];
  /** What an empty table says. */
  none: string;
}

/** A few items with all their numbers, and the way to the others. */
export function ItemsCard({ title, about, more, rows, columns, none }: Props) {
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            <Text as="p" tone="subdued">
              {about}
            </Text>
          </BlockStack>
          <Link to={more.url}>{more.text}</Link>
        </InlineStack>
      </Box>
      <ItemsTable rows={rows} columns={columns} none={none} />
    </Card>
  );
}
