import { cartLimit, type HoldTerms } from "../../inventory/hold-terms.ts";
import type { CartFollowed, CartTerms } from "../../ledger/carts.ts";
import { readHoldTerms } from "../../prisma/hold-settings.ts";
import { Remembered } from "../remembered.ts";
import type { Services } from "../services.ts";
import { type CartLine, createVariants, itemsOf, type VariantLine } from "./variants.ts";

const MINUTE_MS = 60_000;
/** A merchant's new rules count after so long. */
const REMEMBER_MS = 3_000;

/** A cart of a storefront, and from where its shopper came. */
export interface Shopper {
  shop: string;
  connection: string;
  channel: string;
  cart: string;
  /** A keyed digest; undefined where nobody told the address. */
  address: string | undefined;
}

/** What became of a change, and the lines as they were understood. */
export type Followed = { lines: readonly VariantLine[] } & (
  | Exclude<CartFollowed, { lines: unknown }>
  | { outcome: "held"; expiresAt: number }
  | { outcome: "insufficient"; short: Extract<CartFollowed, { outcome: "insufficient" }>["lines"] }
  | {
      outcome: "limit";
      limit: "units-per-line" | "units-per-cart" | "carts-per-address";
      most: number;
    }
);

export interface StorefrontCarts {
  /** The cart is so now. */
  follow(shopper: Shopper, revision: number, lines: readonly CartLine[]): Promise<Followed>;
  /** The shopper is there. */
  extend(shopper: Shopper): ReturnType<Services["carts"]["extend"]>;
}

/** Carts as a shop's rules have them: limits first, then the ledger. Row C1. */
export function createStorefrontCarts(services: Services): StorefrontCarts {
  const { db, carts, now } = services;
  const variants = createVariants(services);
  const rules = new Remembered<HoldTerms>({ limit: 1_000, forMs: REMEMBER_MS, now });
  const rulesOf = async (shop: string) => {
    const found = await rules.get(shop, () => readHoldTerms(db, shop));
    if (!found) throw new Error("every shop has rules for carts");
    return found;
  };
  return {
    async follow(shopper, revision, asked) {
      const terms = await rulesOf(shopper.shop);
      const lines = await variants.resolve(shopper.shop, shopper.connection, asked);
      const items = itemsOf(lines);
      const beyond = cartLimit(items, terms);
      if (beyond) return { outcome: "limit", limit: beyond.limit, most: beyond.most, lines };
      const place = await placeOf(services, shopper, terms, items.length > 0);
      if (place === "full") {
        const most = terms.cartsPerAddress;
        return { outcome: "limit", limit: "carts-per-address", most, lines };
      }
      if (place !== "taken") return { ...place, lines };
      const { shop, cart, channel } = shopper;
      const followed = await carts.follow({
        ...{ shop, cart, channel, lines: items, terms: termsOf(terms) },
        // A clock that is ahead would keep every other one of its shopper's from being heard.
        revision: Math.min(revision, now()),
        ...{ source: "storefront", actor: "storefront" },
      });
      if (followed.outcome === "held") return { ...followed, lines };
      if (followed.outcome !== "unavailable") await leaveIfEmpty(services, shopper);
      if (followed.outcome !== "insufficient") return { ...followed, lines };
      return { outcome: "insufficient", short: followed.lines, lines };
    },
    async extend(shopper) {
      const terms = await rulesOf(shopper.shop);
      const extended = await carts.extend(shopper.shop, shopper.cart, termsOf(terms));
      // Its place among the carts of its address lasts as long as what it holds.
      if (extended.outcome === "held") await placeOf(services, shopper, terms, true);
      return extended;
    },
  };
}

/** A shop's rules in the ledger's words. */
export function termsOf({ ttlMinutes, longestMinutes, share }: HoldTerms): CartTerms {
  return { ttlMs: ttlMinutes * MINUTE_MS, longestMs: longestMinutes * MINUTE_MS, share };
}

/** A place among the carts of its address, or that there is none left. */
async function placeOf(
  { addresses, now }: Services,
  { shop, address, cart }: Shopper,
  { ttlMinutes, cartsPerAddress: most }: HoldTerms,
  holds: boolean,
) {
  if (address === undefined) return "taken";
  if (!holds) return (await addresses.leave(shop, address, cart)) ?? "taken";
  const untilMs = now() + ttlMinutes * MINUTE_MS;
  return addresses.take({ shop, address, cart, most, untilMs });
}

/** A cart that was refused and holds nothing takes no place from others of its address. */
async function leaveIfEmpty(
  { addresses, carts }: Services,
  { shop, address, cart }: Shopper,
): Promise<void> {
  if (address === undefined) return;
  const { outcome } = await carts.status(shop, cart);
  // What it holds is not known while the ledger is away: then it keeps its place, until that ends.
  if (outcome === "over" || outcome === "ordered") await addresses.leave(shop, address, cart);
}
