import { z } from "zod";
import type { CallFailure, ListingRecord } from "../connector.ts";
import type { Answered } from "../http.ts";
import type { EbayClient } from "./client.ts";
import { type LegacyItem, legacyItemSchema, legacyOffers, legacyRecords } from "./legacy-item.ts";
import { offersOf } from "./offers.ts";
import { staysAtZero } from "./out-of-stock.ts";
import { many, said } from "./trading.ts";
import { inWaves } from "./waves.ts";

const DAY_MS = 24 * 60 * 60_000;
/** GetSellerList looks 120 days ahead at most; fixed prices renew within 31. */
const AHEAD_MS = 119 * DAY_MS;
const PAGE_SIZE = 50;

const listSchema = z.object({
  HasMoreItems: z.string().optional(),
  PaginationResult: z
    .object({ TotalNumberOfEntries: z.coerce.number().int().optional() })
    .optional(),
  ItemArray: z.union([z.object({ Item: many(legacyItemSchema) }), z.literal("")]).optional(),
});

export type LegacyPage =
  | { outcome: "read"; rows: ListingRecord[]; more: boolean; total: number }
  | CallFailure;

/**
 * Listings made in Seller Hub or with Trading calls, which the Inventory API does not show. This
 * list has both worlds in it, so every listing whose SKU the Inventory API sells under the same
 * listing id is left out: it was read there, and only that API may revise it.
 */
export async function legacyListings(
  client: EbayClient,
  page: number,
  endingAfter: number,
): Promise<LegacyPage> {
  const answer = await client.trading("read", "GetSellerList", {
    DetailLevel: "ReturnAll",
    IncludeVariations: true,
    EndTimeFrom: new Date(endingAfter).toISOString(),
    EndTimeTo: new Date(endingAfter + AHEAD_MS).toISOString(),
    Pagination: { EntriesPerPage: PAGE_SIZE, PageNumber: page },
  });
  if (answer.outcome !== "answered") return answer;
  const { ack, errors, body } = answer.data;
  if (ack === "Failure") return failed(errors.map(said).join("; "));
  const list = listSchema.safeParse(body);
  if (!list.success) return failed(z.prettifyError(list.error));
  const { ItemArray, HasMoreItems, PaginationResult } = list.data;
  const items = (ItemArray ? ItemArray.Item : []).filter(isActive);
  const own = await withoutManaged(client, items);
  if (own.outcome !== "answered") return own;
  const stays = own.data.length === 0 ? TRUE : await staysAtZero(client);
  if (stays.outcome !== "answered") return stays;
  return {
    outcome: "read",
    rows: own.data.flatMap((item) => legacyRecords(item, stays.data)),
    more: HasMoreItems === "true",
    total: PaginationResult?.TotalNumberOfEntries ?? 0,
  };
}

const TRUE: Answered<boolean> = { outcome: "answered", data: true };

const failed = (why: string): CallFailure => ({ outcome: "unavailable", why });

const isActive = (item: LegacyItem) => (item.SellingStatus.ListingStatus ?? "Active") === "Active";

/** A listing is of one world as a whole, so one of its SKUs is enough to know. */
async function withoutManaged(
  client: EbayClient,
  items: readonly LegacyItem[],
): Promise<Answered<LegacyItem[]>> {
  const managed = await inWaves(items, async (item): Promise<Answered<boolean>> => {
    const sku = legacyOffers(item).find((offer) => offer.sku !== "")?.sku;
    if (sku === undefined) return { outcome: "answered", data: false };
    const offers = await offersOf(client, sku);
    if (offers.outcome !== "answered") return offers;
    const same = offers.data.some(({ listing }) => listing?.listingId === item.ItemID);
    return { outcome: "answered", data: same };
  });
  if (managed.outcome !== "answered") return managed;
  return { outcome: "answered", data: items.filter((_, at) => !managed.data[at]) };
}
