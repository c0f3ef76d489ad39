import { BlockStack, Box, Card, Text } from "@shopify/polaris";
import { type Column, DataTable, type Row } from "./data-table.tsx";

interface Props {
  title: string;
  text: string;
  /** Shown instead of a table without rows. */
  none: string;
  columns: Column[];
  rows: Row[];
}

/** A table with its heading. */
export function TableCard({ title, text, none, columns, rows }: Props) {
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd={rows.length === 0 ? "400" : "200"}>
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {rows.length === 0 ? none : text}
          </Text>
        </BlockStack>
      </Box>
      {rows.length === 0 ? null : <DataTable caption={title} columns={columns} rows={rows} />}
    </Card>
  );
}
