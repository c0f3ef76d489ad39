import type { ReactNode } from "react";

export interface Column {
  key: string;
  title: ReactNode;
  /** What a narrow screen writes before the value; the title when that is plain text. */
  label?: string;
  /** Right-aligned, with figures of equal width. */
  numeric?: boolean;
  /** On a narrow screen numbers stand four to a row; this one takes the place of two. */
  double?: boolean;
  /** The rows are in this column's order. */
  sorted?: "ascending" | "descending" | undefined;
}

/** What a cell without a value says. */
const NOTHING = "–";

export interface Row {
  key: string;
  /** One per column; the first is the row's header. */
  cells: ReactNode[];
}

interface Props {
  caption: string;
  columns: Column[];
  rows: Row[];
  /** Narrow enough for a phone as it is: it is not stacked there. */
  narrow?: boolean;
}

/**
 * A table that stays one for a screen reader when a narrow screen stacks its cells: roles are
 * written out, because `display: block` would take them away.
 */
export function DataTable({ caption, columns, rows, narrow }: Props) {
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: CSS takes the implicit roles away
    <table className={narrow ? "data-table" : "data-table stacks"} role="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th
              key={column.key}
              role="columnheader"
              scope="col"
              aria-sort={column.sorted}
              className={column.numeric ? "numeric" : undefined}
            >
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={row.key} role="row">
            {columns.map((column, at) => (
              <Cell key={column.key} column={column} first={at === 0}>
                {row.cells[at]}
              </Cell>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: see above
  );
}

function Cell({
  column,
  first,
  children,
}: {
  column: Column;
  first: boolean;
  children: ReactNode;
}) {
  if (first) {
    return (
      // biome-ignore lint/a11y/noRedundantRoles: CSS takes the implicit role away
      <th role="rowheader" scope="row" className={column.numeric ? "numeric" : undefined}>
        {children}
      </th>
    );
  }
  const classes = [
    column.numeric && "numeric",
    column.double && "double",
    // A phone has no room to say that there is nothing.
    (children === NOTHING || children === "") && "nothing",
  ].filter(Boolean);
  const label = column.label ?? (typeof column.title === "string" ? column.title : "");
  return (
    // biome-ignore lint/a11y/noRedundantRoles: CSS takes the implicit role away
    <td role="cell" className={classes.join(" ") || undefined} data-label={label}>
      {children}
    </td>
  );
}
