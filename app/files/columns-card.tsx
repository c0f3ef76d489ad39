import type { BatchKind } from "../../inventory/batch.ts";
import { FORMATS } from "../../jobs/imports/formats.ts";
import { TableCard } from "../components/table-card.tsx";
import { COLUMNS_CARD_WORDS } from "./part-texts.ts";

/** The columns of a kind of file, each with an example and what it means. */
export function ColumnsCard({ kind }: { kind: BatchKind }) {
  const { title, columns } = FORMATS[kind];
  return (
    <TableCard
      title={`Columns of ${title.toLowerCase()}`}
      text={COLUMNS_CARD_WORDS.inAnyOrderAnd}
      none=""
      columns={[
        { key: "title", title: "Column" },
        { key: "example", title: "Example" },
        { key: "help", title: "What it means" },
      ]}
      rows={columns.map((column) => ({
        key: column.key,
        cells: [
          column.required ? `${column.title} (needed)` : column.title,
          column.example,
          column.help,
        ],
      }))}
    />
  );
}
