import type { DriftRow } from "../../prisma/channel-page.ts";
import { TableCard } from "../components/table-card.tsx";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { causeText, driftStateText } from "./channel-texts.ts";

/** Numbers that were not what the marketplace had accepted, with the likely cause. */
export function DriftCard({ rows }: { rows: DriftRow[] }) {
  const { number } = useFormat();
  return (
    <TableCard
      title="Drift"
      text="Listings that showed another number than the marketplace had accepted."
      none="No listing has shown another number than it was told."
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
          driftStateText(row.state),
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
