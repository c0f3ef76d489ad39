import { Link } from "@remix-run/react";
import { Badge, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useCan } from "../access/use-person.ts";
import { DataTable } from "../components/data-table.tsx";
import { useFormat } from "../use-format.ts";
import { SHOWS_LESS, type ShownListing } from "./listing-texts.ts";
import { LISTING_TABLE_WORDS } from "./part-texts.ts";

interface Props {
  rows: ShownListing[];
  columns: { connection: string; title: string }[];
  /** The listing whose match is being changed. */
  chosen: string | undefined;
  onMatch(listing: ShownListing): void;
}

const CHANGE = {
  key: "match",
  title: <span className="visually-hidden">Change</span>,
  label: "",
};

/** Listings, what a sale of each takes, and what is to be done about it. */
export function ListingTable({ rows, columns, chosen, onMatch }: Props) {
  const matches = useCan()("listings.match");
  const { number } = useFormat();
  const titles = new Map(columns.map((column) => [column.connection, column.title]));
  return (
    <DataTable
      caption="Listings"
      columns={[
        { key: "listing", title: "Listing" },
        { key: "channel", title: "Channel" },
        { key: "sells", title: "A sale takes" },
        { key: "shows", title: "Shows", numeric: true },
        { key: "planned", title: "Should show", numeric: true },
        ...(matches ? [CHANGE] : []),
      ]}
      rows={rows.map((row) => ({
        key: row.id,
        cells: [
          <Name key="name" row={row} />,
          titles.get(row.connection) ?? row.channel,
          <Sells key="sells" row={row} />,
          row.shown === null ? "–" : number(row.shown),
          row.planned === null || !row.merchantFulfilled ? "–" : number(row.planned),
          matches ? (
            <Button
              key="match"
              id={`match-${row.id}`}
              size="slim"
              pressed={row.id === chosen}
              onClick={() => onMatch(row)}
              accessibilityLabel={`${row.parts.length === 0 ? "Match" : "Change"} ${nameOf(row)}`}
            >
              {row.parts.length === 0 ? "Match" : "Change"}
            </Button>
          ) : null,
        ],
      }))}
    />
  );
}

const nameOf = (row: ShownListing) => row.sku || row.externalId;

function Name({ row }: { row: ShownListing }) {
  return (
    <BlockStack gap="050">
      <Text as="span" fontWeight="semibold" breakWord>
        {nameOf(row)}
      </Text>
      <Text as="span" tone="subdued" breakWord>
        {row.title}
      </Text>
      <InlineStack gap="100">
        {row.gone ? <Badge>Gone</Badge> : null}
        {row.merchantFulfilled ? null : (
          <Badge>{LISTING_TABLE_WORDS.shippedByTheMarketplace}</Badge>
        )}
        {row.twins > 1 ? (
          <Badge tone="attention">{LISTING_TABLE_WORDS.sameSkuTimes(row.twins)}</Badge>
        ) : null}
        {row.trouble ? <Badge tone="critical">Push failing</Badge> : null}
      </InlineStack>
      {row.showsLess ? (
        <Text as="span" tone="subdued" breakWord>
          {SHOWS_LESS}
        </Text>
      ) : null}
      {row.unpushable ? (
        <Text as="span" tone="caution" breakWord>
          {row.unpushable}
        </Text>
      ) : null}
    </BlockStack>
  );
}

function Sells({ row }: { row: ShownListing }) {
  const { number } = useFormat();
  if (row.parts.length === 0) return <Badge tone="warning">Not matched</Badge>;
  return (
    <BlockStack gap="200">
      {row.parts.map(({ sku, units }) => (
        <span key={sku}>
          <Link to={`/app/items/${encodeURIComponent(sku)}`}>{sku}</Link>
          {units === 1 ? "" : ` × ${number(units)}`}
        </span>
      ))}
      {row.matchedBy === "barcode" ? (
        <Text as="span" tone="subdued">
          by barcode
        </Text>
      ) : null}
    </BlockStack>
  );
}
