import {
  type Activity,
  type CartActivity,
  isOrderActivity,
  type OrderActivity,
} from "../../inventory/activity.ts";
import { cartLimit } from "../../inventory/hold-terms.ts";
import { type Carts, closing } from "../../ledger/carts.ts";
import type { BasketLine, Ledger, Unavailable } from "../../ledger/contract.ts";
import type { Database } from "../../prisma/client.ts";
import { readHoldTerms } from "../../prisma/hold-settings.ts";
import type { Match } from "../../prisma/matches.ts";

const MINUTE_MS = 60_000;

export interface CartDeps {
  db: Database;
  ledger: Pick<Ledger, "apply">;
  carts: Carts;
}

/** What a message says of carts, in items. */
export interface CartNews {
  /** Carts that became orders, and the items that were sold out of each. */
  ordered: { cart: string; sold: string[] }[];
  /** A cart as it was at some time. */
  changed: { cart: string; at: number; lines: BasketLine[] } | null;
}

export function cartNews(
  activities: readonly Activity[],
  matches: ReadonlyMap<string, Match>,
): CartNews {
  const orders = activities.filter(isOrderActivity).filter((one) => one.cart !== undefined);
  const byCart = Map.groupBy(orders, (one) => one.cart ?? "");
  const ordered = [...byCart].map(([cart, lines]) => ({ cart, sold: itemsOf(lines, matches) }));
  const told = activities.filter((one) => one.fact === "cart");
  return { ordered, changed: changeOf(told, matches) };
}

function itemsOf(lines: readonly OrderActivity[], matches: ReadonlyMap<string, Match>): string[] {
  const parts = lines.flatMap(({ listing }) => matches.get(listing)?.parts ?? []);
  return [...new Set(parts.map((part) => part.item))];
}

function changeOf(told: readonly CartActivity[], matches: ReadonlyMap<string, Match>) {
  const [first] = told;
  if (!first) return null;
  const lines = told.flatMap(({ listing, quantity }) =>
    // What nobody matched is not ours to hold.
    (matches.get(listing)?.parts ?? []).map(({ item, units }) => {
      return { item, quantity: units * quantity };
    }),
  );
  return { cart: first.cart, at: first.at, lines: lines.filter((line) => line.quantity > 0) };
}

/**
 * Before an order's sales: its cart claims nothing from now on but what the sales themselves turn
 * into stock sold, so that the units are neither claimed twice nor free in between.
 */
export async function beforeSales(
  { carts }: CartDeps,
  shop: string,
  { ordered }: CartNews,
): Promise<Unavailable | null> {
  for (const { cart, sold } of ordered) {
    const noted = await carts.ordered(shop, cart, sold);
    if (noted !== "noted") return noted;
  }
  return null;
}

/** After them: a word of the cart that was on its way meanwhile, or comes later, holds nothing. */
export async function afterSales(
  { ledger }: CartDeps,
  shop: string,
  { ordered }: CartNews,
): Promise<Unavailable | null> {
  for (const { cart, sold } of ordered) {
    for (const item of sold) {
      const closed = await ledger.apply(closing(shop, cart, item));
      if (closed.outcome === "unavailable") return closed;
    }
  }
  return null;
}

/**
 * Holds what a cart holds that only a webhook tells of. Whether it could be held decides nothing:
 * there is nobody to tell, and the shopper's order will be a fact.
 */
export async function followCart(
  { db, carts }: CartDeps,
  shop: string,
  channel: string,
  { changed }: CartNews,
): Promise<Unavailable | null> {
  if (!changed) return null;
  const settings = await readHoldTerms(db, shop);
  if (!settings.webhookCarts) return null;
  const { cart, at, lines } = changed;
  const terms = {
    ttlMs: settings.webhookMinutes * MINUTE_MS,
    longestMs: settings.longestMinutes * MINUTE_MS,
    share: settings.share,
  };
  const within = cartLimit(lines, settings) === null ? lines : [];
  const answer = await carts.follow({
    ...{ shop, cart, revision: at, lines: within, channel, terms },
    ...{ source: "webhook", actor: "webhook" },
  });
  return answer.outcome === "unavailable" ? answer : null;
}
