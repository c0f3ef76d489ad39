import { Link } from "@remix-run/react";
import { Box, Checkbox, Text } from "@shopify/polaris";
import type { Format } from "../../inventory/format.ts";
import type { ItemSort } from "../../prisma/item-list.ts";
import type { ListedItem, ListedListing } from "../../prisma/item-rows.ts";
import type { ChannelColumn } from "../access/merchant.server.ts";
import { DataTable } from "../components/data-table.tsx";
import { Time } from "../components/time.tsx";
import { useFormat } from "../use-format.ts";
import { ITEMS_TABLE_WORDS } from "./part-texts.ts";
import type { ItemsChoice } from "./use-items-choice.ts";

export interface ItemsOrder {
  sort: ItemSort;
  descending: boolean;
  /** The page sorted this way. */
  url(order: { sort: ItemSort; descending: boolean }): string;
}

interface Props {
  rows: ListedItem[];
  columns: ChannelColumn[];
  /** What is said instead of no rows. */
  none: string;
  /**
   * Makes a column's head the way to sort by it. Not given = the rows have their order, which is that
   * of their last movement and needs no column.
   */
  order?: ItemsOrder;
  /** Lets rows be chosen. Not given = there is nothing to do with them. */
  choice?: Pick<ItemsChoice, "has" | "set">;
}

/** Each item, what there is of it, and what every channel shows of it. */
export function ItemsTable({ rows, columns, none, order, choice }: Props) {
  const format = useFormat();
  if (rows.length === 0) {
    return (
      <Box padding="600">
        <Text as="p" alignment="center" tone="subdued">
          {none}
        </Text>
      </Box>
    );
  }
  return (
    <div className="scrolls-sideways">
      <DataTable
        caption={ITEMS_TABLE_WORDS.itemsBySkuWith}
        columns={[
          { key: "item", ...sortable("sku", "Item", order) },
          { key: "on-hand", ...sortable("on-hand", "On hand", order), numeric: true },
          { key: "committed", title: "Committed", numeric: true },
          { key: "held", title: "Held", numeric: true },
          { key: "ats", ...sortable("available", "Available", order), numeric: true },
          ...columns.map(({ connection, title }) => ({
            key: connection,
            title: <ChannelHead title={title} />,
            label: `${title}: shows / should`,
            numeric: true,
            double: true,
          })),
          ...(order ? [{ key: "moved", ...sortable("moved", "Last moved", order) }] : []),
        ]}
        rows={rows.map((row) => ({
          key: row.item,
          cells: [
            ...cellsOf(row, columns, choice, format),
            ...(order ? [<LastMoved key="moved" at={row.movedAt} />] : []),
          ],
        }))}
      />
    </div>
  );
}

function cellsOf(
  row: ListedItem,
  columns: ChannelColumn[],
  choice: Props["choice"],
  { number }: Format,
) {
  return [
    <ItemName key="item" row={row} choice={choice} />,
    number(row.onHand),
    number(row.committed),
    number(row.held),
    <Available key="ats" ats={row.ats} />,
    ...columns.map(({ connection }) => (
      <ChannelCell
        key={connection}
        listings={row.listings.filter((listing) => listing.connection === connection)}
      />
    )),
  ];
}

function LastMoved({ at }: { at: Date | string | null }) {
  return at === null ? "never" : <Time at={at} />;
}

function ChannelHead({ title }: { title: string }) {
  return (
    <>
      {title}
      <span className="second-line">shows / should</span>
    </>
  );
}

function ItemName({ row, choice }: { row: ListedItem; choice: Props["choice"] }) {
  const { item, sku, title, category } = row;
  return (
    <span className="item-name">
      {choice ? (
        <Checkbox
          label={`Choose ${sku}`}
          labelHidden
          checked={choice.has(item)}
          onChange={(chosen) => choice.set([item], chosen)}
        />
      ) : null}
      <span>
        <Link to={`/app/items/${encodeURIComponent(sku)}`}>{sku}</Link>
        <span className="second-line">{category === null ? title : `${title} · ${category}`}</span>
      </span>
    </span>
  );
}

/** A column's head as a link that sorts by it, and the other way round the second time. */
function sortable(sort: ItemSort, title: string, order: ItemsOrder | undefined) {
  if (!order) return { title };
  const sorted = order.sort === sort;
  const descending = sorted ? !order.descending : sort !== "sku";
  return {
    title: (
      <Link to={order.url({ sort, descending })} preventScrollReset>
        {title}
        {sorted ? <span aria-hidden>{order.descending ? " ↓" : " ↑"}</span> : null}
      </Link>
    ),
    label: title,
    sorted: sorted
      ? order.descending
        ? ("descending" as const)
        : ("ascending" as const)
      : undefined,
  };
}

function Available({ ats }: { ats: number }) {
  const { number } = useFormat();
  if (ats >= 0) return number(ats);
  return (
    <span className="number-bad">
      {number(ats)}
      <span className="second-line">oversold</span>
    </span>
  );
}

function ChannelCell({ listings }: { listings: ListedListing[] }) {
  if (listings.length === 0) {
    return (
      <Text as="span" tone="subdued">
        not listed
      </Text>
    );
  }
  return (
    <span>
      {listings.map((listing, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pack has no other name here
        <ListingNumbers key={at} listing={listing} />
      ))}
    </span>
  );
}

function ListingNumbers({ listing }: { listing: ListedListing }) {
  const { planned, pushed, trouble } = listing;
  const format = useFormat();
  const { number } = format;
  const shown = listing.shown ?? listing.accepted;
  const late = pushed && planned !== null && shown !== planned;
  return (
    <span>
      <span className={late ? "number-late" : undefined}>
        {shown === null ? "–" : number(shown)} / {planned === null ? "–" : number(planned)}
      </span>
      <span className="second-line">{trouble ? <Trouble /> : latencyText(listing, format)}</span>
    </span>
  );
}

function Trouble() {
  return <span className="number-bad">push failing</span>;
}

function latencyText({ saleToAckMs, saleAt }: ListedListing, { duration }: Format): string {
  if (saleToAckMs !== null) return `${duration(saleToAckMs)} after a sale`;
  return saleAt === null ? "no sale yet" : "being told";
}
