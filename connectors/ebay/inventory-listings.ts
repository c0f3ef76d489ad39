import { z } from "zod";
import type { CallFailure, ListingRecord } from "../connector.ts";
import type { EbayClient } from "./client.ts";
import { listingId } from "./listing-id.ts";
import { liveListing, type Offer, offersOf } from "./offers.ts";
import { inWaves } from "./waves.ts";

const itemSchema = z.object({
  sku: z.string(),
  product: z
    .object({
      title: z.string().optional(),
      upc: z.array(z.string()).optional(),
      ean: z.array(z.string()).optional(),
      isbn: z.array(z.string()).optional(),
    })
    .optional(),
  availability: z
    .object({
      shipToLocationAvailability: z.object({ quantity: z.number().int().optional() }).optional(),
    })
    .optional(),
});

type Item = z.infer<typeof itemSchema>;

const pageSchema = z.object({
  inventoryItems: z.array(itemSchema).default([]),
  total: z.number().int(),
  next: z.string().optional(),
});

/** Each item costs a call of its own for its offers, so a page is kept short. */
const PAGE_SIZE = 25;

export type InventoryPage =
  | { outcome: "read"; rows: ListingRecord[]; more: boolean; total: number }
  | CallFailure;

/** Listings of the Inventory model. `page` is a page's number: eBay calls it offset. */
export async function inventoryListings(client: EbayClient, page: number): Promise<InventoryPage> {
  const answer = await client.rest({ kind: "read", schema: pageSchema }, (api) =>
    api.sell.inventory.getInventoryItems({ limit: PAGE_SIZE, offset: page }),
  );
  if (answer.outcome !== "answered") return answer;
  const { inventoryItems: items = [], total = 0, next } = answer.data ?? {};
  const offers = await inWaves(items, (item) => offersOf(client, item.sku));
  if (offers.outcome !== "answered") return offers;
  const rows = items.flatMap((item, at) =>
    (offers.data[at] ?? []).flatMap((offer) => recordOf(item, offer)),
  );
  const more = next !== undefined || (page + 1) * PAGE_SIZE < total;
  return { outcome: "read", rows, more: more && items.length > 0, total };
}

function recordOf(item: Item, offer: Offer): ListingRecord[] {
  const listing = liveListing(offer);
  if (listing === null) return [];
  const { sku, product, availability } = item;
  return [
    {
      externalId: listingId({ item: listing, sku }),
      sku,
      title: product?.title ?? sku,
      // An offer's own number overrides the item's.
      quantity:
        offer.availableQuantity ?? availability?.shipToLocationAvailability?.quantity ?? null,
      barcode: barcodeOf([
        ...(product?.upc ?? []),
        ...(product?.ean ?? []),
        ...(product?.isbn ?? []),
      ]),
      merchantFulfilled: true,
      unpushable: unpushableBecause(offer),
      group: listing,
      stockId: null,
      handle: { world: "inventory", sku, offerId: offer.offerId, listingId: listing },
    },
  ];
}

export const AUCTION = "an auction sells what its bidders were promised: its number is fixed";

function unpushableBecause(offer: Offer): string | null {
  if (offer.format === "AUCTION") return AUCTION;
  return offer.listing?.listingOnHold ? "eBay has put this listing on hold" : null;
}

/** The first that is one: sellers write "Does not apply" where they have none. */
export function barcodeOf(codes: readonly (string | undefined)[]): string | null {
  const digits = codes.map((code) => (code ?? "").replaceAll(/[\s-]/g, ""));
  return digits.find((code) => /^\d{8,14}$/.test(code)) ?? null;
}
