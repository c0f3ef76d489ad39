import { BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { Format } from "../../inventory/format.ts";
import { channelTitle } from "../channel-title.ts";
import type { RulePreview } from "../rule-preview.server.ts";
import { useFormat } from "../use-format.ts";
import { DataTable } from "./data-table.tsx";

interface Props {
  heading: string;
  /** What the button says that makes it so. */
  button: string;
  critical?: boolean;
  preview: RulePreview;
  columns: { channel: string; title: string }[];
  busy: boolean;
  onConfirm(): void;
  onCancel?: () => void;
}

/** Which listings a change would change, and how, with the button that makes it so. */
export function PreviewCard({ heading, preview, columns, ...rest }: Props) {
  const { button, critical, busy, onConfirm, onCancel } = rest;
  const format = useFormat();
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {heading}
          </Text>
          <Text as="p">{sentence(preview, format)}</Text>
          <InlineStack gap="200">
            <Button
              variant="primary"
              tone={critical ? "critical" : undefined}
              loading={busy}
              onClick={onConfirm}
            >
              {button}
            </Button>
            {onCancel ? <Button onClick={onCancel}>Cancel</Button> : null}
          </InlineStack>
        </BlockStack>
      </Box>
      <Examples preview={preview} columns={columns} />
    </Card>
  );
}

function sentence(
  { covered, changed, before, after }: RulePreview,
  { counted, number }: Format,
): string {
  const of = counted(covered, "listing");
  if (changed === 0) return `None of the ${of} it covers changes now.`;
  const total = `together they would show ${number(after)} instead of ${number(before)}`;
  return `${number(changed)} of the ${of} it covers change; ${total}.`;
}

function Examples({ preview, columns }: Pick<Props, "preview" | "columns">) {
  const { number, change } = useFormat();
  const title = channelTitle(columns);
  if (preview.examples.length === 0) return null;
  return (
    <DataTable
      caption="The largest changes"
      columns={[
        { key: "sku", title: "Listing" },
        { key: "channel", title: "Channel" },
        { key: "before", title: "Shows", numeric: true },
        { key: "after", title: "Would show", numeric: true },
        { key: "change", title: "Change", numeric: true },
      ]}
      rows={preview.examples.map(({ sku, channel, before, after }) => ({
        key: `${sku}@${channel}`,
        cells: [sku, title(channel), number(before), number(after), change(after - before)],
      }))}
    />
  );
}
