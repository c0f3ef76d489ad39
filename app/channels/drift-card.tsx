import { useFetcher } from "@remix-run/react";
import { Button } from "@shopify/polaris";
import type { DriftRow } from "../../prisma/channel-page.ts";
import { TableCard } from "../components/table-card.tsx";
import { Time } from "../components/time.tsx";
import { useResultToast } from "../components/toasts.tsx";
import { useFormat } from "../use-format.ts";
import { causeText, driftStateText } from "./channel-texts.ts";
import type { DecideResult } from "./decide-channel.server.ts";
import { decidedText } from "./decided-text.ts";
import { DRIFT_CARD_WORDS } from "./part-texts.ts";

interface Props {
  rows: DriftRow[];
  /** What the marketplace is called. */
  title: string;
  /** The person may have our number told again. */
  decides: boolean;
}

/** Numbers that were not what the marketplace had accepted, with the likely cause. */
export function DriftCard({ rows, title, decides }: Props) {
  const { number } = useFormat();
  return (
    <TableCard
      title="Drift"
      text={DRIFT_CARD_WORDS.listingsThatShowedAnother}
      none={DRIFT_CARD_WORDS.noListingHasShown}
      columns={[
        { key: "sku", title: "SKU" },
        { key: "expected", title: "Told", numeric: true },
        { key: "found", title: "Shown", numeric: true },
        { key: "cause", title: "Likely cause" },
        { key: "state", title: "State" },
        { key: "found-at", title: "Found" },
      ]}
      rows={rows.map((row) => ({
        key: row.id,
        cells: [
          row.sku || "a listing that is gone",
          number(row.expected),
          row.found === null ? "nothing" : number(row.found),
          <Cause key="cause" row={row} />,
          row.state === "open" && row.sku && decides ? (
            <TellAgain key="state" row={row} title={title} />
          ) : (
            driftStateText(row.state)
          ),
          <Time key="at" at={row.foundAt} />,
        ],
      }))}
    />
  );
}

function Cause({ row }: { row: DriftRow }) {
  return (
    <>
      {causeText(row.cause)}
      {row.detail ? <span className="second-line">{row.detail}</span> : null}
    </>
  );
}

/** What is open waits for a person, or for the next read-back. */
function TellAgain({ row, title }: { row: DriftRow; title: string }) {
  const fetcher = useFetcher<DecideResult>();
  useResultToast(fetcher.data, (result) => decidedText(result, title));
  const tell = () =>
    fetcher.submit({ intent: "tell-again", listing: row.listing }, { method: "post" });
  return (
    <>
      {driftStateText(row.state)}
      <span className="second-line">
        <Button
          variant="plain"
          textAlign="start"
          onClick={tell}
          loading={fetcher.state !== "idle"}
          accessibilityLabel={DRIFT_CARD_WORDS.pushOurNumberOf(row.sku)}
        >
          {DRIFT_CARD_WORDS.pushOurNumberAgain}
        </Button>
      </span>
    </>
  );
}
