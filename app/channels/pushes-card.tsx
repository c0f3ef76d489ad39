import type { RecentPush } from "../../prisma/channel-page.ts";
import { TableCard } from "../components/table-card.tsx";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { pushText } from "./channel-texts.ts";
import { PUSHES_CARD_WORDS } from "./part-texts.ts";

/** The latest numbers a marketplace was told, and what it answered. */
export function PushesCard({ pushes }: { pushes: RecentPush[] }) {
  const { number } = useFormat();
  return (
    <TableCard
      title="Latest pushes"
      text={PUSHES_CARD_WORDS.whatWasToldLast}
      none={PUSHES_CARD_WORDS.nothingHasBeenPushed}
      columns={[
        { key: "sku", title: "SKU" },
        { key: "quantity", title: "Told", numeric: true },
        { key: "outcome", title: "Answer" },
        { key: "answered", title: "Answered" },
        { key: "shown", title: "Read back" },
      ]}
      rows={pushes.map((push) => ({
        key: push.id,
        cells: [
          push.sku,
          number(push.quantity),
          <Answer key="answer" push={push} />,
          <Time key="answered" at={push.answeredAt} />,
          push.shownAt ? <Time key="shown" at={push.shownAt} /> : "–",
        ],
      }))}
    />
  );
}

function Answer({ push }: { push: RecentPush }) {
  const bad = push.outcome !== "accepted";
  return (
    <>
      <span className={bad ? "number-late" : undefined}>{pushText(push.outcome)}</span>
      {push.detail ? <span className="second-line">{push.detail}</span> : null}
    </>
  );
}
