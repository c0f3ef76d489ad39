import { Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import type { BatchPage } from "./batches.server.ts";
import { DownloadButton } from "./download-button.tsx";
import { BATCH_PROBLEMS_WORDS } from "./part-texts.ts";

type Props = Pick<BatchPage, "batch" | "problems" | "next" | "first">;

/** Line by line: what is wrong, and what to do about it. */
export function BatchProblems({ batch, problems, next, first }: Props) {
  const { number } = useFormat();
  const { id, counts, state } = batch;
  const count = (counts.bad ?? 0) + (counts.refused ?? 0);
  const later = state === "done" || state === "applying" || state === "stopped";
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {later
              ? `Not applied (${number(count)})`
              : BATCH_PROBLEMS_WORDS.cannotBeUsed(number(count))}
          </Text>
          <DownloadButton url={`/app/batches/${id}/problems.csv`} name={`batch-${id}-problems.csv`}>
            Download (CSV)
          </DownloadButton>
        </InlineStack>
      </Box>
      <DataTable
        caption={BATCH_PROBLEMS_WORDS.linesWithProblems}
        columns={[
          { key: "line", title: "Line" },
          { key: "why", title: "What is wrong" },
          { key: "fix", title: "What to do" },
        ]}
        rows={problems.flatMap(({ line, problems: own }) =>
          (own ?? []).map(({ column, why, fix }, at) => ({
            key: `${line}-${at}`,
            cells: [`Line ${number(line)}`, `${column}: ${why}`, fix],
          })),
        )}
      />
      {next === undefined && first ? null : (
        <Box padding="300">
          <InlineStack align="center" gap="200">
            <Button url={`/app/batches/${id}`} disabled={first}>
              First page
            </Button>
            <Button url={`/app/batches/${id}?after=${next ?? ""}`} disabled={next === undefined}>
              Next page
            </Button>
          </InlineStack>
        </Box>
      )}
    </Card>
  );
}
