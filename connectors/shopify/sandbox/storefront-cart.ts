import { randomUUID } from "node:crypto";
import { type MarketOrder, settle } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { forceOrder } from "../../sandbox/shop-floor.ts";
import { SHOPIFY_HOUSE } from "./account.ts";
import type { ShopifyMoment, ShopifyState } from "./state.ts";

/** A shopper's cart: units by variant. */
export type StorefrontCart = Record<string, number>;

/** The cart's token is in a cookie, as Shopify has it, with the key behind a "?". */
const COOKIE = /(?:^|; *)cart=([^;]+)/;

export function tokenIn(cookies: string | null): string | null {
  const found = COOKIE.exec(cookies ?? "")?.[1];
  return found === undefined ? null : (decodeURIComponent(found).split("?")[0] ?? null);
}

export function newToken(): string {
  return `Z2NwLXNhbmRib3g-${randomUUID()}`;
}

export const withKey = (token: string) => `${token}?key=${token.slice(-12)}`;

/** Sets what is in the cart; none left is out of it. */
export function setLine(cart: StorefrontCart, variant: string, quantity: number): void {
  if (quantity > 0) cart[variant] = quantity;
  else delete cart[variant];
}

function listingOf({ market }: ShopifyState, variant: string) {
  return Object.values(market.listings).find((listing) => String(listing.id) === variant);
}

/** GET /cart.js, as the Ajax API answers it. */
export function cartJson(state: ShopifyState, token: string, cart: StorefrontCart) {
  const items = Object.entries(cart).map(([variant, quantity]) => {
    const listing = listingOf(state, variant);
    return {
      ...{ id: Number(variant), variant_id: Number(variant), key: `${variant}:1`, quantity },
      ...{ sku: listing?.sku ?? "", title: listing?.title ?? variant, properties: {} },
    };
  });
  const count = items.reduce((sum, item) => sum + item.quantity, 0);
  return { token: withKey(token), item_count: count, items };
}

/** What Shopify says of a changed cart to whoever asked for it; null when nobody did. */
export function cartMessage(
  { state, now }: ShopifyMoment,
  token: string,
  cart: StorefrontCart,
): { id: string; topic: string; body: string } | null {
  if (!state.subscriptions.some((one) => one.topic === "CARTS_UPDATE")) return null;
  const { items } = cartJson(state, token, cart);
  const body = { id: token, token, line_items: items, updated_at: new Date(now).toISOString() };
  return { id: uuid(state.market), topic: "carts/update", body: JSON.stringify(body) };
}

export type CheckedOut =
  | { outcome: "ordered"; order: MarketOrder }
  /** Shopify lets nobody buy more than it shows. */
  | { outcome: "sold-out"; title: string; displayed: number }
  | { outcome: "empty" };

/** Pays for the cart: an order with its token, and an empty cart under another one. */
export function checkOut({ state, now }: ShopifyMoment, token: string): CheckedOut {
  const cart = state.carts[token] ?? {};
  settle(state.market, now);
  const lines = [];
  for (const [variant, quantity] of Object.entries(cart)) {
    const listing = listingOf(state, variant);
    if (!listing) continue;
    if (listing.displayed < quantity) {
      return { outcome: "sold-out", title: listing.title, displayed: listing.displayed };
    }
    lines.push({ sku: listing.sku, quantity });
  }
  if (lines.length === 0) return { outcome: "empty" };
  const bought = forceOrder(state.market, SHOPIFY_HOUSE, { lines, cart: token }, now);
  if (bought.outcome !== "sold") throw new Error(`a checkout came to ${bought.outcome}`);
  delete state.carts[token];
  return { outcome: "ordered", order: bought.order };
}
