import { exhaustive } from "../../inventory/assert.ts";
import { CART_PREFIX } from "../../inventory/hold.ts";
import type { CartRequest } from "../../ledger/carts.ts";
import { linesOfHold } from "../../prisma/catalogue.ts";
import { waitUntilOver } from "../../prisma/hold-page.ts";
import { readHoldTerms } from "../../prisma/hold-settings.ts";
import { actorOf, type Merchant } from "../access/person.ts";
import type { Services } from "../services.ts";
import { termsOf } from "../storefront/carts.ts";

/** What became of a hold that a person gave back. */
export type Released =
  | { outcome: "released" }
  /** It was bought, gave itself back or expired before. */
  | { outcome: "over" }
  | { outcome: "unavailable" }
  /** Given back, but the record has not confirmed it. */
  | { outcome: "not-recorded" };

const REASON = "released by hand";

/**
 * Gives back all that a cart or a basket holds, because a person says so: through the ledger, with
 * his name in the history, and in PostgreSQL before he is told (invariant 7).
 */
export async function releaseHold(
  services: Services,
  merchant: Merchant,
  hold: string,
): Promise<Released> {
  const { db, baskets } = services;
  const lines = await linesOfHold(db, merchant.id, hold);
  const live = lines.find(({ state }) => state === "live");
  if (!live) return { outcome: "over" };
  const by = { actor: actorOf(merchant), reason: REASON };
  const released = hold.startsWith(CART_PREFIX)
    ? await emptyCart(services, merchant.id, hold, { ...by, channel: live.channel ?? undefined })
    : (await baskets.release(merchant.id, hold, by)).outcome;
  switch (released) {
    case "released": {
      const recorded = await waitUntilOver(db, merchant.id, hold);
      return { outcome: recorded ? "released" : "not-recorded" };
    }
    case "unknown-hold":
    case "hold-over":
      return { outcome: "over" };
    case "unavailable":
      return { outcome: "unavailable" };
    default:
      return exhaustive(released);
  }
}

/** Whatever the shopper changes in it next is held again; until then it holds nothing. */
async function emptyCart(
  { db, carts }: Services,
  shop: string,
  cart: string,
  by: Pick<CartRequest, "actor" | "reason" | "channel">,
): Promise<"released" | "hold-over" | "unavailable"> {
  const terms = termsOf(await readHoldTerms(db, shop));
  const empty = { shop, cart, revision: 0, lines: [], terms, ...by };
  // In the name of whoever tells of this cart, so that he is listened to afterwards as before.
  const told = await carts.follow({ ...empty, source: "webhook" });
  const done =
    told.outcome === "known" ? await carts.follow({ ...empty, source: "storefront" }) : told;
  switch (done.outcome) {
    case "held":
      return "released";
    case "ordered":
      return "hold-over";
    case "unavailable":
      return "unavailable";
    case "known":
    case "insufficient":
    case "held-too-long":
      throw new Error(`an emptied cart was answered ${done.outcome}`);
    default:
      return exhaustive(done);
  }
}
