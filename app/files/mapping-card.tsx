import type { FetcherWithComponents } from "@remix-run/react";
import { Banner, BlockStack, Box, Button, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import type { BatchKind, BatchState } from "../../inventory/batch.ts";
import type { FileOptions } from "../../jobs/batches/kind.ts";
import { FORMATS, type ImportColumn } from "../../jobs/imports/formats.ts";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import { ACTIONS } from "./batch-texts.ts";
import type { BatchResult } from "./batches.server.ts";
import { MAPPING_CARD_WORDS } from "./part-texts.ts";

interface Props {
  kind: BatchKind;
  file: FileOptions;
  state: BatchState;
  fetcher: FetcherWithComponents<BatchResult>;
}

/** Asks which column of the file is which of ours; a guess is there already. */
export function MappingCard({ kind, file, state, fetcher }: Props) {
  const { counted } = useFormat();
  const [mapping, setMapping] = useState<Record<string, number>>(file.mapping);
  const choose = (key: string) => (at: string) => {
    const { [key]: _, ...others } = mapping;
    setMapping(at === "" ? others : { ...others, [key]: Number(at) });
  };
  return (
    <Card padding="0">
      <fetcher.Form method="post" data-testid="mapping">
        <input type="hidden" name="intent" value="check" />
        <Box padding="400" paddingBlockEnd="200">
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              Columns
            </Text>
            <Text as="p" tone="subdued">
              {MAPPING_CARD_WORDS.whichColumnOfYour}
            </Text>
            {file.notUtf8 > 0 ? (
              <Banner tone="info">
                {MAPPING_CARD_WORDS.wereNotUtfAnd(counted(file.notUtf8, "line"))}
              </Banner>
            ) : null}
          </BlockStack>
        </Box>
        <DataTable
          caption={MAPPING_CARD_WORDS.columnsOfTheFile}
          columns={[
            { key: "ours", title: "In Ballast" },
            { key: "theirs", title: "In your file" },
            { key: "sample", title: "First rows" },
          ]}
          rows={FORMATS[kind].columns.map((column) => ({
            key: column.key,
            cells: [
              <Ours key="ours" column={column} />,
              <Theirs
                key="theirs"
                column={column}
                header={file.header}
                chosen={mapping[column.key]}
                onChoose={choose(column.key)}
              />,
              sampleText(file, mapping[column.key]),
            ],
          }))}
        />
        <Box padding="400">
          <InlineStack>
            <Button
              submit
              variant={state === "mapping" ? "primary" : undefined}
              loading={fetcher.state !== "idle"}
            >
              {state === "mapping" ? ACTIONS.check : ACTIONS.recheck}
            </Button>
          </InlineStack>
        </Box>
      </fetcher.Form>
    </Card>
  );
}

function Ours({ column }: { column: ImportColumn }) {
  return (
    <BlockStack>
      <Text as="span" fontWeight="semibold">
        {column.required ? `${column.title} (needed)` : column.title}
      </Text>
      <Text as="span" tone="subdued">
        {column.help}
      </Text>
    </BlockStack>
  );
}

interface TheirsProps {
  column: ImportColumn;
  header: string[];
  chosen: number | undefined;
  onChoose(at: string): void;
}

function Theirs({ column, header, chosen, onChoose }: TheirsProps) {
  return (
    <Select
      label={MAPPING_CARD_WORDS.columnOfYourFile(column.title)}
      labelHidden
      name={`column.${column.key}`}
      options={[
        { value: "", label: "not in the file" },
        ...header.map((name, at) => ({
          value: String(at),
          label: name === "" ? `Column ${at + 1}` : name,
        })),
      ]}
      value={chosen === undefined ? "" : String(chosen)}
      onChange={onChoose}
    />
  );
}

function sampleText({ sample }: FileOptions, at: number | undefined): string {
  if (at === undefined) return "";
  return sample
    .map((cells) => cells[at] ?? "")
    .filter((cell) => cell !== "")
    .join(", ");
}
