import type { AppLoadContext } from "@remix-run/node";
import type { BufferPolicy } from "../../inventory/buffer.ts";
import { defaultPolicy } from "../../inventory/buffer.ts";
import { RuleBook } from "../../inventory/rule-book.ts";
import { plannedQuantity, stockOfListings } from "../../jobs/rule-preview.ts";
import { rulesForItems } from "../../prisma/buffers.ts";
import { findItemBySku } from "../../prisma/items.ts";
import { placesOf } from "../../prisma/locations.ts";
import { coveredListings } from "../../prisma/rule-scope.ts";

/** One rule of the chain, the one that wins in front. */
export interface ChainLink {
  channel?: string;
  category?: string;
  item?: string;
  policy: BufferPolicy;
  /** Nobody's rule: what holds where there is none. */
  builtIn: boolean;
}

/** Which rules apply to a listing of an item, which of them is in force, and what it comes to. */
export interface RuleChain {
  listing: string;
  sku: string;
  channel: string;
  kit: boolean;
  chain: ChainLink[];
  quantity: number;
}

export type WhyRule =
  | { outcome: "found"; sku: string; listings: RuleChain[] }
  | { outcome: "unknown"; sku: string };

const MOST = 50;

/** What wins and why, for every listing that sells the item (row B1). */
export async function whyRule(
  { services: { db } }: AppLoadContext,
  shop: string,
  sku: string,
): Promise<WhyRule> {
  const item = await findItemBySku(db, shop, sku);
  if (!item) return { outcome: "unknown", sku };
  const [places, listings] = await Promise.all([
    placesOf(db, shop),
    coveredListings(db, shop, { item: item.id }, { after: "", limit: MOST }),
  ]);
  const parts = listings.flatMap((listing) => listing.parts.map((part) => part.item));
  const book = new RuleBook(await rulesForItems(db, shop, [item.id, ...parts]));
  const known = await stockOfListings(db, shop, listings, places !== null);
  const chains = listings.map((listing): RuleChain => {
    const { id, channel, kit } = listing;
    const scope = { channel, category: item.category, item: item.id };
    const own = book.chain(scope).map(({ id: _, channel, category, item, ...policy }) => ({
      ...{ channel, category, item, policy, builtIn: false },
    }));
    const last = { channel, policy: defaultPolicy(channel), builtIn: true };
    const quantity = plannedQuantity(listing, known, { rules: book, places });
    return { listing: id, sku: listing.sku, channel, kit, chain: [...own, last], quantity };
  });
  return { outcome: "found", sku, listings: chains };
}
