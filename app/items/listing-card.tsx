import { Badge, Banner, BlockStack, Box, Card, InlineStack, Text } from "@shopify/polaris";
import type { Format } from "../../inventory/format.ts";
import type { ItemListing } from "../../prisma/item-page.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { DataTable } from "../components/data-table.tsx";
import { reasonText } from "../texts.ts";
import { useFormat } from "../use-format.ts";
import { LISTING_CARD_WORDS } from "./part-texts.ts";

interface Props {
  listing: ItemListing;
  columns: { channel: string; title: string }[];
}

/** One listing: the numbers of its life, and line by line why it should show what it should. */
export function ListingCard({ listing, columns }: Props) {
  const format = useFormat();
  const title = channelTitle(columns)(listing.channel);
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <BlockStack gap="200">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            <State listing={listing} />
          </InlineStack>
          <Text as="p" tone="subdued" breakWord>
            {[listing.sku, listing.connection, saleText(listing, format)]
              .filter(Boolean)
              .join(" · ")}
          </Text>
          {listing.unpushable ? <Banner tone="warning">{listing.unpushable}</Banner> : null}
          <Numbers listing={listing} />
          {listing.trouble ? <Banner tone="critical">{listing.trouble}</Banner> : null}
        </BlockStack>
      </Box>
      <Explanation listing={listing} title={title} />
    </Card>
  );
}

function State({ listing }: { listing: ItemListing }) {
  const { planned, accepted, shown, merchantFulfilled, unpushable, trouble } = listing;
  if (!merchantFulfilled) return <Badge>{LISTING_CARD_WORDS.shippedByTheMarketplace}</Badge>;
  if (unpushable) return <Badge tone="warning">{LISTING_CARD_WORDS.cannotBePushed}</Badge>;
  if (trouble) return <Badge tone="critical">Push failing</Badge>;
  if (planned === null) return <Badge>{LISTING_CARD_WORDS.notPlannedYet}</Badge>;
  if (planned !== accepted) return <Badge tone="attention">Being told</Badge>;
  return shown === planned ? (
    <Badge tone="success">{LISTING_CARD_WORDS.upToDate}</Badge>
  ) : (
    <Badge tone="info">{LISTING_CARD_WORDS.acceptedNotSeenYet}</Badge>
  );
}

/** What a sale takes of this item, where it is not just one unit. */
function saleText({ kit, unitsPerSale }: ItemListing, { number, units }: Format): string {
  if (kit) return `part of a kit: ${units(unitsPerSale)} in each`;
  return unitsPerSale === 1 ? "" : `pack of ${number(unitsPerSale)}`;
}

function Numbers({ listing }: { listing: ItemListing }) {
  const format = useFormat();
  const facts: [string, string][] = [
    ["Shows", orDash(listing.shown, format)],
    ["Accepted", orDash(listing.accepted, format)],
    ["Should show", orDash(listing.planned, format)],
    ["Last sale elsewhere", latency(listing, format)],
  ];
  return (
    <InlineStack gap="500">
      {facts.map(([label, value]) => (
        <div key={label}>
          <Text as="p" tone="subdued">
            {label}
          </Text>
          <Text as="p" variant="headingMd" numeric>
            {value}
          </Text>
        </div>
      ))}
    </InlineStack>
  );
}

function Explanation({ listing, title }: { listing: ItemListing; title: string }) {
  const format = useFormat();
  if (listing.reasons.length === 0) {
    return (
      <Box padding="400" paddingBlockStart="0">
        <Text as="p" tone="subdued">
          {LISTING_CARD_WORDS.thereIsNoPlan}
        </Text>
      </Box>
    );
  }
  return (
    <div className="explanation">
      <DataTable
        narrow
        caption={LISTING_CARD_WORDS.whyShouldShow(title, orDash(listing.planned, format))}
        columns={[
          { key: "why", title: `Why ${orDash(listing.planned, format)}` },
          { key: "change", title: "Change", numeric: true },
          { key: "left", title: "Left", numeric: true },
        ]}
        rows={listing.reasons.map((reason, at) => ({
          key: `${at}-${reason.code}`,
          cells: [
            reasonText(reason, title, format),
            format.change(reason.change),
            format.number(reason.remaining),
          ],
        }))}
      />
    </div>
  );
}

function orDash(value: number | null, { number }: Format): string {
  return value === null ? "–" : number(value);
}

function latency({ saleToAckMs, saleToShownMs }: ItemListing, { duration }: Format): string {
  if (saleToShownMs !== null) return `shown in ${duration(saleToShownMs)}`;
  return saleToAckMs === null ? "–" : `accepted in ${duration(saleToAckMs)}`;
}
