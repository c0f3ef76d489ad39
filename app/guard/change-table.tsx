import type { BatchChange } from "../../prisma/batches.ts";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";

interface Props {
  caption: string;
  changes: readonly BatchChange[];
  /** What a marketplace is called; not given where the changes are of items. */
  title?: (channel: string) => string;
}

/** Numbers as they are and as they would be. */
export function ChangeTable({ caption, changes, title }: Props) {
  const { number, change } = useFormat();
  return (
    <DataTable
      caption={caption}
      columns={[
        { key: "label", title: title ? "Listing" : "SKU" },
        ...(title ? [{ key: "channel", title: "Channel" }] : []),
        { key: "before", title: title ? "Shows" : "Now", numeric: true },
        { key: "after", title: title ? "Would show" : "Then", numeric: true },
        { key: "change", title: "Change", numeric: true },
      ]}
      rows={changes.map(({ id, label, channel, before, after }) => ({
        key: id,
        cells: [
          label,
          ...(title ? [title(channel ?? "")] : []),
          number(before),
          number(after),
          change(after - before),
        ],
      }))}
    />
  );
}
