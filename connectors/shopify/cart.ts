import { createHash } from "node:crypto";
import { z } from "zod";
import type { CartActivity } from "../../inventory/activity.ts";
import { timestamp } from "../timestamp.ts";

/** What every cart's name begins with. */
const PREFIX = "cart_";

/**
 * Our name of a cart. Whoever has its token can open the cart, so only a digest is kept: the same
 * one from the storefront, from a webhook and from an order. The storefront's token carries a key
 * behind a "?", the order's does not:
 * https://shopify.dev/changelog/cart-token-in-ajax-api-response-now-includes-key-param
 */
export function cartName(token: string): string {
  const [own = ""] = token.split("?");
  return PREFIX + createHash("sha256").update(own).digest("base64url").slice(0, 24);
}

/** The topics of carts: only the Online Store tells of them. */
export const CART_TOPICS: readonly string[] = ["carts/create", "carts/update"];

/** What is kept of a cart: its name, and which variants are in it. */
export const keptCartSchema = z.object({
  cart: z.string().startsWith(PREFIX),
  at: timestamp,
  lines: z.array(
    z.object({ variant: z.string(), sku: z.string(), quantity: z.number().int().min(1) }),
  ),
});

type KeptCart = z.infer<typeof keptCartSchema>;

const bodySchema = z.object({
  token: z.string().min(1),
  updated_at: timestamp,
  line_items: z.array(
    z.object({
      variant_id: z.number().int(),
      sku: z.string().nullish(),
      quantity: z.number().int().min(0),
    }),
  ),
});

/** Keeps what the product needs of a cart; throws on anything else. */
export function keepCart(body: unknown): KeptCart {
  const { token, updated_at: at, line_items: items } = bodySchema.parse(body);
  const lines = items
    .filter((line) => line.quantity > 0)
    .map(({ variant_id: variant, sku, quantity }) => {
      return { variant: String(variant), sku: sku ?? "", quantity };
    });
  return { cart: cartName(token), at, lines };
}

/** The cart as activities: one for each of its lines, or one that says it is empty. */
export function cartActivities({ cart, at, lines }: KeptCart): CartActivity[] {
  const whole = { fact: "cart" as const, cart, at: Date.parse(at) };
  if (lines.length === 0) return [{ ...whole, listing: "", sku: "", quantity: 0 }];
  return lines.map(({ variant: listing, sku, quantity }) => ({ ...whole, listing, sku, quantity }));
}
