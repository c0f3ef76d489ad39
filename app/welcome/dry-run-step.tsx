import { Link } from "@remix-run/react";
import { Banner, BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Format } from "../../inventory/format.ts";
import type { ChannelView } from "../channels/channels.server.ts";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import type { DryRun } from "./dry-run.server.ts";
import { DryRunTable, DryRunTotalsTable } from "./dry-run-tables.tsx";
import { DRY_RUN_STEP_WORDS } from "./part-texts.ts";
import { SecondLook } from "./second-look.tsx";
import { StepCard } from "./step-card.tsx";
import { useWelcome, WelcomeOutcome } from "./use-welcome.tsx";

interface Props {
  data: DryRun;
  waiting: ChannelView[];
  titles: Record<string, string>;
}

/** Every number that would change, and the button that lets it. */
export function DryRunStep({ data, waiting, titles }: Props) {
  const { counted } = useFormat();
  const { fetcher, busy, result } = useWelcome();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const chosen = waiting.map(({ id }) => id).filter((id) => !left.has(id));
  const unplanned = data.totals.reduce((sum, one) => sum + one.unplanned, 0);
  const go = (confirmed?: string) => {
    const form = new FormData();
    form.set("intent", "go-live");
    for (const id of chosen) form.append("connection", id);
    if (confirmed !== undefined) form.set("confirmed", confirmed);
    fetcher.submit(form, { method: "post" });
  };
  return (
    <BlockStack gap="400">
      <StepCard
        step="dry-run"
        onward={
          <InlineStack gap="300" blockAlign="center">
            <Button
              variant="primary"
              loading={busy}
              disabled={chosen.length === 0 || unplanned > 0}
              onClick={() => go()}
            >
              {DRY_RUN_STEP_WORDS.goLiveWith(liveWith(chosen, titles, counted))}
            </Button>
            {unplanned > 0 ? (
              <Text as="span" tone="subdued">
                {DRY_RUN_STEP_WORDS.stillBeingWorkedOut(counted(unplanned, "number"))}
              </Text>
            ) : null}
          </InlineStack>
        }
      >
        <WelcomeOutcome result={result} />
        {result?.outcome === "stop" ? (
          <SecondLook radius={result.radius} titles={titles} busy={busy} onConfirm={go} />
        ) : null}
        <DryRunTotalsTable
          rows={data.totals}
          waiting={waiting}
          titles={titles}
          left={left}
          onChoose={(id, wanted) => setLeft(toggled(left, id, !wanted))}
        />
        <Unmatched waiting={waiting} />
        <AsOf waiting={waiting} />
      </StepCard>
      <Card padding="0">
        <DryRunTable data={data} titles={titles} />
      </Card>
    </BlockStack>
  );
}

function liveWith(
  chosen: readonly string[],
  titles: Record<string, string>,
  counted: Format["counted"],
): string {
  const [only] = chosen;
  if (chosen.length === 0) return "a channel";
  return chosen.length === 1 && only ? (titles[only] ?? "it") : counted(chosen.length, "channel");
}

function toggled(left: ReadonlySet<string>, id: string, out: boolean): ReadonlySet<string> {
  const changed = new Set(left);
  if (out) changed.add(id);
  else changed.delete(id);
  return changed;
}

function Unmatched({ waiting }: { waiting: ChannelView[] }) {
  const { counted } = useFormat();
  const unmatched = waiting.reduce((sum, { figures }) => sum + figures.unmatched, 0);
  if (unmatched === 0) return null;
  return (
    <Banner tone="warning">
      {DRY_RUN_STEP_WORDS.matchedToNothingThey(counted(unmatched, "listing"))}
      <Link to="/app/listings?show=unmatched">Match them</Link>
    </Banner>
  );
}

/** How old the numbers are that the marketplaces show. */
function AsOf({ waiting }: { waiting: ChannelView[] }) {
  const times = waiting.flatMap(({ tasks }) => tasks.import?.finishedAt?.getTime() ?? []);
  if (times.length === 0) return null;
  return (
    <Box>
      <Text as="p" tone="subdued">
        {DRY_RUN_STEP_WORDS.whatTheyShowNow}
        <Time at={new Date(Math.min(...times))} />
        {". "}
        <Link to="/app/welcome?step=import">{DRY_RUN_STEP_WORDS.readItAgain}</Link>
      </Text>
    </Box>
  );
}
