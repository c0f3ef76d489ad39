import type { FetcherWithComponents } from "@remix-run/react";
import { BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { channelTitle } from "../channels/channel-title.ts";
import { ChangeTable } from "../guard/change-table.tsx";
import { PreviewCard } from "../guard/preview-card.tsx";
import { SaveOutcome } from "../guard/save-outcome.tsx";
import type { RuleResult } from "./buffers.server.ts";
import type { RuleAsk } from "./rule-edit.server.ts";

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
  switch (result.outcome) {
    case "invalid":
    case "refused":
      return <SaveOutcome ended={result} />;
    case "saved":
    case "removed": {
      const { listings, by, batch } = result;
      const what = `Rule ${result.outcome}.`;
      return <SaveOutcome ended={{ outcome: "done", what, listings, by, batch }} />;
    }
    case "preview":
      return <Preview result={result} fetcher={fetcher} columns={columns} />;
  }
}

type Previewed = Extract<RuleResult, { outcome: "preview" }>;

function Preview({ result, fetcher, columns }: Props & { result: Previewed }) {
  const { preview, ask } = result;
  const save = ask.of === "save";
  const send = (fields: Record<string, string>) =>
    fetcher.submit({ ...fieldsOf(ask), ...fields }, { method: "post" });
  return (
    <BlockStack gap="400">
      <PreviewCard
        heading={save ? "If you save this rule" : "If you remove this rule"}
        button={save ? "Save rule" : "Remove rule"}
        critical={!save}
        preview={preview}
        columns={columns}
        busy={fetcher.state !== "idle"}
        onConfirm={(confirm) => send({ intent: ask.of, confirm })}
        file={changesFile(ask)}
      />
      <EveryChange
        result={result}
        title={channelTitle(columns)}
        onPage={(after) => send({ intent: save ? "preview" : "preview-remove", after })}
      />
    </BlockStack>
  );
}

interface EveryProps {
  result: Previewed;
  title(channel: string): string;
  onPage(after: string): void;
}

/** The whole list, a page at a time, where the largest are not all of it. */
function EveryChange({ result: { preview, changes }, title, onPage }: EveryProps) {
  const { changed, largest } = preview.radius;
  if (changed <= largest.length) return null;
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          Every change
        </Text>
      </Box>
      <ChangeTable caption="Every change" changes={changes.rows} title={title} />
      <Box padding="300" borderBlockStartWidth="025" borderColor="border-secondary">
        <InlineStack align="center" gap="200">
          <Button disabled={changes.first} onClick={() => onPage("")}>
            First page
          </Button>
          <Button disabled={changes.next === null} onClick={() => onPage(changes.next ?? "")}>
            Next page
          </Button>
        </InlineStack>
      </Box>
    </Card>
  );
}

function fieldsOf(ask: RuleAsk): Record<string, string> {
  return ask.of === "save" ? ask.fields : { rule: ask.rule };
}

function changesFile(ask: RuleAsk): string {
  return `/app/buffers/changes.csv?${new URLSearchParams({ of: ask.of, ...fieldsOf(ask) })}`;
}
