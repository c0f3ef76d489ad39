import type { FetcherWithComponents } from "@remix-run/react";
import { Badge, Button } from "@shopify/polaris";
import type { DeliveryRow } from "../../prisma/webhook-deliveries.ts";
import { TableCard } from "../components/table-card.tsx";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { DELIVERY_LOG_WORDS } from "./part-texts.ts";
import { answerText, DELIVERY_TEXTS, type WebhooksResult } from "./webhook-texts.ts";

const TONES = {
  waiting: "info",
  sending: "info",
  retrying: "warning",
  delivered: "success",
  dead: "critical",
} as const satisfies Record<DeliveryRow["state"], unknown>;

interface Props {
  deliveries: DeliveryRow[];
  fetcher: FetcherWithComponents<WebhooksResult>;
  formKey: string;
}

/** What an endpoint was sent and what it answered, the newest first. */
export function DeliveryLog({ deliveries, fetcher, formKey }: Props) {
  const { duration } = useFormat();
  return (
    <TableCard
      title="Log"
      text={DELIVERY_LOG_WORDS.theNewestFirstKept}
      none={DELIVERY_LOG_WORDS.nothingWasSentYet}
      columns={[
        { key: "event", title: "Event" },
        { key: "state", title: "State" },
        { key: "answer", title: "Answer" },
        { key: "actions", title: <span className="visually-hidden">Actions</span>, label: "" },
      ]}
      rows={deliveries.map((row) => ({
        key: row.sequence,
        cells: [
          <span key="event">
            {row.type} {row.sku ?? ""}
            <span className="second-line">
              {`No. ${row.sequence} · `}
              <Time at={row.at} />
            </span>
          </span>,
          <span key="state">
            <Badge tone={TONES[row.state]}>{DELIVERY_TEXTS[row.state]}</Badge>
            <span className="second-line">{row.tries === 1 ? "1 try" : `${row.tries} tries`}</span>
          </span>,
          <span key="answer">
            {answerText(row, duration)}
            <Answer row={row} />
          </span>,
          row.state === "delivered" || row.state === "dead" ? (
            <Button
              key="again"
              size="slim"
              accessibilityLabel={DELIVERY_LOG_WORDS.sendAgainNo(row.sequence)}
              disabled={fetcher.state !== "idle"}
              onClick={() => {
                const wish = { intent: "replay", key: formKey, sequence: row.sequence };
                fetcher.submit(wish, { method: "post" });
              }}
            >
              Send again
            </Button>
          ) : null,
        ],
      }))}
    />
  );
}

/** The beginning of what was answered, when it says anything. */
function Answer({ row: { answer } }: { row: DeliveryRow }) {
  return answer ? (
    <details>
      <summary>Read it</summary>
      <pre className="letter">{answer}</pre>
    </details>
  ) : null;
}
