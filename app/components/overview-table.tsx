import { Link } from "@remix-run/react";
import { Box, Text } from "@shopify/polaris";
import type { Format } from "../../inventory/format.ts";
import type { OverviewListing, OverviewRow } from "../../prisma/overview.ts";
import type { ChannelColumn } from "../merchant.server.ts";
import { useFormat } from "../use-format.ts";
import { DataTable } from "./data-table.tsx";

/** Each item, what there is of it, and what every channel shows of it. */
export function OverviewTable({
  rows,
  columns,
}: {
  rows: OverviewRow[];
  columns: ChannelColumn[];
}) {
  const format = useFormat();
  if (rows.length === 0) {
    return (
      <Box padding="600">
        <Text as="p" alignment="center" tone="subdued">
          No item matches.
        </Text>
      </Box>
    );
  }
  return (
    <DataTable
      caption="Items by SKU, with what each channel shows and should show"
      columns={[
        { key: "item", title: "Item" },
        { key: "on-hand", title: "On hand", numeric: true },
        { key: "committed", title: "Committed", numeric: true },
        { key: "held", title: "Held", numeric: true },
        { key: "ats", title: "Available", numeric: true },
        ...columns.map(({ connection, title }) => ({
          key: connection,
          title: <ChannelHead title={title} />,
          label: `${title}: shows / should`,
          numeric: true,
          double: true,
        })),
      ]}
      rows={rows.map((row) => ({ key: row.item, cells: cellsOf(row, columns, format) }))}
    />
  );
}

function cellsOf(row: OverviewRow, columns: ChannelColumn[], { number }: Format) {
  return [
    <ItemName key="item" sku={row.sku} title={row.title} />,
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

function ChannelHead({ title }: { title: string }) {
  return (
    <>
      {title}
      <span className="second-line">shows / should</span>
    </>
  );
}

function ItemName({ sku, title }: { sku: string; title: string }) {
  return (
    <>
      <Link to={`/app/items/${encodeURIComponent(sku)}`}>{sku}</Link>
      <span className="second-line">{title}</span>
    </>
  );
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

function ChannelCell({ listings }: { listings: OverviewListing[] }) {
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

function ListingNumbers({ listing }: { listing: OverviewListing }) {
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

function latencyText({ saleToAckMs, saleAt }: OverviewListing, { duration }: Format): string {
  if (saleToAckMs !== null) return `${duration(saleToAckMs)} after a sale`;
  return saleAt === null ? "no sale yet" : "being told";
}
