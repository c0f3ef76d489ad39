import { Link } from "@remix-run/react";
import type { MovementRow } from "../../prisma/movements.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { DataTable } from "../components/data-table.tsx";
import { Time } from "../components/time.tsx";
import { bucketText, movementText } from "../texts.ts";
import { useFormat } from "../use-format.ts";

/** Where it is not one item's page, a movement names its item, and its partition makes it unique. */
type Row = MovementRow & {
  who: string | null;
  partition?: number;
  sku?: string;
  title?: string;
};

interface Props {
  caption: string;
  rows: Row[];
  columns: { channel: string; title: string }[];
  locations: { code: string; name: string }[];
}

/** Movements: what happened, whose doing it was, and every leg of it. */
export function MovementsTable({ caption, rows, columns, locations }: Props) {
  const title = channelTitle(columns);
  const names = new Map(locations.map(({ code, name }) => [code, name]));
  const place = (code: string) => names.get(code) ?? code;
  const several = rows.some((row) => row.sku !== undefined);
  return (
    <DataTable
      caption={caption}
      columns={[
        { key: "what", title: "What" },
        ...(several ? [{ key: "item", title: "Item" }] : []),
        { key: "when", title: "When" },
        { key: "who", title: "Channel and who" },
        { key: "order", title: "Order or reference" },
        { key: "legs", title: "Units" },
      ]}
      rows={rows.map((row) => ({
        key: `${row.partition ?? ""}/${row.seq}`,
        cells: [
          <What key="what" row={row} />,
          ...(several ? [<Item key="item" row={row} />] : []),
          <Time key="when" at={row.at} />,
          <Who key="who" row={row} title={title} />,
          row.order ?? row.reference ?? "–",
          <Legs key="legs" row={row} title={title} place={place} />,
        ],
      }))}
    />
  );
}

function Item({ row: { sku = "", title } }: { row: Row }) {
  return (
    <span>
      <Link to={`/app/items/${encodeURIComponent(sku)}`}>{sku}</Link>
      <span className="second-line">{title}</span>
    </span>
  );
}

function What({ row }: { row: MovementRow }) {
  const { units } = useFormat();
  return (
    <>
      {movementText(row.type)}
      <span className="second-line">{row.reason ?? `No. ${row.seq}`}</span>
      {row.oversold > 0 ? (
        <span className="second-line number-bad">{`oversold by ${units(row.oversold)}`}</span>
      ) : null}
    </>
  );
}

function Who({ row, title }: { row: Row; title: (channel: string) => string }) {
  const channel = row.channel === null ? null : title(row.channel);
  return (
    <span>
      {channel ?? row.who ?? "–"}
      {channel !== null && row.who && row.actor !== row.channel ? (
        <span className="second-line">{row.who}</span>
      ) : null}
    </span>
  );
}

interface Names {
  row: MovementRow;
  title(channel: string): string;
  place(code: string): string;
}

/** The counter-buckets balance the books; a person wants to know what became more and less. */
function Legs({ row, title, place }: Names) {
  const { change } = useFormat();
  const legs = row.legs.filter(({ bucket }) => bucket !== "outside" && bucket !== "unclaimed");
  if (legs.length === 0) return "no unit moved";
  return (
    <span>
      {legs.map(({ bucket, location, quantity }) => (
        <span key={`${bucket}@${location}`} style={{ display: "block" }}>
          {`${change(quantity)} ${bucketText(bucket, title).toLowerCase()}`}
          {location === "" ? "" : ` at ${place(location)}`}
        </span>
      ))}
    </span>
  );
}
