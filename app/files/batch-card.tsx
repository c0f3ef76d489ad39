import { type FetcherWithComponents, Link } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  InlineStack,
  ProgressBar,
  Text,
} from "@shopify/polaris";
import type { ReactNode } from "react";
import { mayBeUndone } from "../../inventory/batch.ts";
import { useCan } from "../access/use-person.ts";
import { Time } from "../components/time.tsx";
import { ChangeTable } from "../guard/change-table.tsx";
import { GuardQuestion } from "../guard/guard-question.tsx";
import { useFormat } from "../use-format.ts";
import { ACTIONS, batchText, kindText, oversoldText } from "./batch-texts.ts";
import type { BatchPage, BatchResult } from "./batches.server.ts";
import { DownloadButton } from "./download-button.tsx";
import { mayImport } from "./import-kind.ts";
import { BATCH_CARD_WORDS } from "./part-texts.ts";

interface Props {
  batch: BatchPage["batch"];
  fetcher: FetcherWithComponents<BatchResult>;
}

/** How a batch is, and what can be done with it next. */
export function BatchCard({ batch, fetcher }: Props) {
  const { counts, radius, state } = batch;
  const can = useCan();
  const busy = fetcher.state !== "idle";
  const send = (intent: string, confirm = "") =>
    fetcher.submit({ intent, confirm }, { method: "post", action: `/app/batches/${batch.id}` });
  const apply = (confirm?: string) => send("apply", confirm);
  const allowed = batch.undoes === null ? mayImport(can, batch.kind) : can("batches.undo");
  const waits = state === "checked" && allowed && (counts.ready ?? 0) > 0;
  const stops = waits && radius?.outcome === "stop";
  const label = batch.undoes === null ? ACTIONS.apply : ACTIONS.undoNow;
  const what = batch.kind === "quantities" ? "item" : "listing";
  return (
    <BlockStack gap="400">
      {stops && radius ? (
        <GuardQuestion
          radius={radius}
          what={what}
          label={BATCH_CARD_WORDS.allTheSame(label)}
          busy={busy}
          onConfirm={apply}
        />
      ) : null}
      <Card padding="0">
        <Box padding="400">
          <BlockStack gap="300">
            <Story batch={batch} />
            <InlineStack gap="200">
              {waits && !stops ? (
                <Button variant="primary" loading={busy} onClick={() => apply(radius?.digest)}>
                  {label}
                </Button>
              ) : null}
              {waits && radius && radius.changed > 0 ? (
                <DownloadButton
                  url={`/app/batches/${batch.id}/changes.csv`}
                  name={`batch-${batch.id}-changes.csv`}
                >
                  {BATCH_CARD_WORDS.downloadTheListCsv}
                </DownloadButton>
              ) : null}
              <Actions batch={batch} allowed={allowed} busy={busy} send={send} />
            </InlineStack>
          </BlockStack>
        </Box>
        {radius && state === "checked" && radius.changed > 0 ? (
          <ChangeTable
            caption={BATCH_CARD_WORDS.theLargestChanges}
            changes={radius.largest}
            {...(what === "listing" ? { title: (channel: string) => channel } : {})}
          />
        ) : null}
      </Card>
    </BlockStack>
  );
}

/** What has happened, in words and as a bar. */
function Story({ batch }: Pick<Props, "batch">) {
  const format = useFormat();
  const { state, counts, done, total, error, undoes, undoneBy, kind, who, createdAt } = batch;
  const running = state === "checking" || state === "applying";
  return (
    <BlockStack gap="200">
      {error ? <Banner tone={state === "failed" ? "critical" : "warning"}>{error}</Banner> : null}
      <Text as="p" id="batch-story">
        {batchText(batch, format)}
      </Text>
      {running && total ? (
        <ProgressBar
          progress={Math.min(100, Math.round((100 * done) / total))}
          size="small"
          ariaLabelledBy="batch-story"
        />
      ) : null}
      {state === "checked" && (counts.oversold ?? 0) > 0 ? (
        <Banner tone="warning">{oversoldText(counts.oversold ?? 0, format)}</Banner>
      ) : null}
      <Text as="p" tone="subdued">
        {kindText(kind)}, {who ?? "–"}, <Time at={createdAt} />
        <Related id={undoes}>{BATCH_CARD_WORDS.takesBackAnEarlier}</Related>
        <Related id={undoneBy}> · taken back: </Related>
      </Text>
    </BlockStack>
  );
}

function Related({ id, children }: { id: string | null; children: ReactNode }) {
  if (id === null) return null;
  return (
    <>
      {children}
      <Link to={`/app/batches/${id}`}>see it</Link>
    </>
  );
}

interface ActionProps extends Pick<Props, "batch"> {
  allowed: boolean;
  busy: boolean;
  send(intent: string): void;
}

function Actions({ batch, allowed, busy, send }: ActionProps) {
  const can = useCan();
  const { state, appliedAt, undoneBy } = batch;
  const begun = appliedAt !== null;
  const early = ["mapping", "checking", "checked", "failed"].includes(state) && !begun;
  return (
    <>
      {allowed && state === "applying" ? (
        <Button disabled={busy} onClick={() => send("stop")}>
          {ACTIONS.stop}
        </Button>
      ) : null}
      {allowed && (state === "stopped" || state === "failed") && undoneBy === null ? (
        <Button variant="primary" disabled={busy} onClick={() => send("resume")}>
          {ACTIONS.resume}
        </Button>
      ) : null}
      {begun && mayBeUndone(state) && undoneBy === null && can("batches.undo") ? (
        <Button disabled={busy} onClick={() => send("undo")}>
          {ACTIONS.undo}
        </Button>
      ) : null}
      {allowed && early ? (
        <Button disabled={busy} onClick={() => send("discard")}>
          {ACTIONS.discard}
        </Button>
      ) : null}
    </>
  );
}
