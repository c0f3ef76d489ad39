import { z } from "zod";
import type { CallFailure, PushLine, ReadBack, Session } from "../connector.ts";
import type { Answered } from "../http.ts";
import type { EbayClient } from "./client.ts";
import { type LegacyItem, legacyItemSchema, legacyOffers } from "./legacy-item.ts";
import { listingId } from "./listing-id.ts";
import { liveListing, type Offer, offersOf } from "./offers.ts";
import { said } from "./trading.ts";
import { inWaves } from "./waves.ts";

type Asked = Pick<PushLine, "externalId" | "handle">;

/** "Item cannot be accessed": it is deleted, or another seller's. */
const NO_SUCH_ITEM = "17";

/** The live numbers, as buyers see them: of the offer, not of the item behind it. */
export async function readBack(
  client: EbayClient,
  lines: readonly Asked[],
): ReturnType<Session["readBack"]> {
  const legacy = lines.filter((line) => line.handle.world === "legacy");
  const skus = distinct(lines.filter((one) => !legacy.includes(one)).map((one) => one.handle.sku));
  const offers = await byKey(skus, (sku) => offersOf(client, sku));
  if (offers.outcome !== "answered") return offers;
  // One call for all the variations of a listing.
  const ids = distinct(legacy.map((line) => line.handle.itemId));
  const items = await byKey(ids, (id) => readItem(client, id));
  if (items.outcome !== "answered") return items;
  const rows = lines.map((line) =>
    line.handle.world === "legacy"
      ? legacyRow(items.data.get(line.handle.itemId ?? "") ?? null, line)
      : offerRow(offers.data.get(line.handle.sku ?? "") ?? [], line),
  );
  return { outcome: "read", rows };
}

const distinct = (values: (string | undefined)[]) => [...new Set(values.map((one) => one ?? ""))];

async function byKey<T>(
  keys: readonly string[],
  ask: (key: string) => Promise<Answered<T>>,
): Promise<Answered<Map<string, T>>> {
  const found = await inWaves(keys, async (key): Promise<Answered<[string, T]>> => {
    const answer = await ask(key);
    return answer.outcome === "answered" ? { ...answer, data: [key, answer.data] } : answer;
  });
  return found.outcome === "answered" ? { ...found, data: new Map(found.data) } : found;
}

function offerRow(offers: readonly Offer[], { handle }: Asked): ReadBack {
  const offer = offers.find((one) => one.offerId === handle.offerId);
  const listing = offer ? liveListing(offer) : null;
  if (!offer || listing === null) return null;
  const externalId = listingId({ item: listing, sku: offer.sku });
  return { externalId, quantity: offer.availableQuantity ?? null };
}

const itemSchema = z.object({ Item: legacyItemSchema });

async function readItem(client: EbayClient, id: string): Promise<Answered<LegacyItem | null>> {
  const answer = await client.trading("read", "GetItem", { ItemID: id });
  if (answer.outcome !== "answered") return answer;
  const { ack, errors, body } = answer.data;
  if (ack === "Failure") {
    if (errors.some((one) => one.code === NO_SUCH_ITEM)) return { outcome: "answered", data: null };
    return unreadable(errors.map(said).join("; "));
  }
  const parsed = itemSchema.safeParse(body);
  if (!parsed.success) return unreadable(z.prettifyError(parsed.error));
  return { outcome: "answered", data: parsed.data.Item };
}

const unreadable = (why: string): CallFailure => ({ outcome: "unavailable", why });

function legacyRow(item: LegacyItem | null, { externalId, handle }: Asked): ReadBack {
  if (!item || (item.SellingStatus.ListingStatus ?? "Active") !== "Active") return null;
  const offers = legacyOffers(item);
  const own = offers.find((one) =>
    handle.sku ? one.sku === handle.sku : one.externalId === externalId,
  );
  return own ? { externalId: own.externalId, quantity: own.available } : null;
}
