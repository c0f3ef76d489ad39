import type { FetcherWithComponents } from "@remix-run/react";
import { Banner, BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { Format } from "../../inventory/format.ts";
import type { RuleResult } from "../buffers.server.ts";
import { channelTitle } from "../channel-title.ts";
import type { RulePreview } from "../rule-preview.server.ts";
import { useFormat } from "../use-format.ts";
import { DataTable } from "./data-table.tsx";

interface Props {
  fetcher: FetcherWithComponents<RuleResult>;
  columns: { channel: string; title: string }[];
}

/** What a rule would change, with the button that makes it so; or what has become of it. */
export function RuleOutcome({ fetcher, columns }: Props) {
  return (
    <div role="status" className="outcome" data-testid="rule-outcome">
      {fetcher.data ? <Outcome result={fetcher.data} fetcher={fetcher} columns={columns} /> : null}
    </div>
  );
}

function Outcome({ result, fetcher, columns }: Props & { result: RuleResult }) {
  const { counted } = useFormat();
  switch (result.outcome) {
    case "invalid":
      return (
        <Banner tone="warning">Something in the form is not right. It is marked there.</Banner>
      );
    case "refused":
      return <Banner tone="warning">{result.why}</Banner>;
    case "saved":
    case "removed":
      return (
        <Banner tone="success">
          {`Rule ${result.outcome}. ${counted(result.listings, "listing")} changed`}
          {result.by === "now" ? "." : "; the plans are being made now."}
        </Banner>
      );
    case "preview":
      return <Preview result={result} fetcher={fetcher} columns={columns} />;
  }
}

type Previewed = Extract<RuleResult, { outcome: "preview" }>;

function Preview({ result, fetcher, columns }: Props & { result: Previewed }) {
  const { preview } = result;
  const format = useFormat();
  const save = result.of === "save";
  const fields: Record<string, string> = save
    ? { ...result.fields, intent: "save" }
    : { rule: result.rule, intent: "remove" };
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {save ? "If you save this rule" : "If you remove this rule"}
          </Text>
          <Text as="p">{sentence(preview, format)}</Text>
          <InlineStack>
            <Button
              variant="primary"
              tone={save ? undefined : "critical"}
              loading={fetcher.state !== "idle"}
              onClick={() => fetcher.submit(fields, { method: "post" })}
            >
              {save ? "Save rule" : "Remove rule"}
            </Button>
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

function Examples({ preview, columns }: { preview: RulePreview; columns: Props["columns"] }) {
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
