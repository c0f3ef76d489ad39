import { z } from "zod";
import { timestamp } from "../timestamp.ts";
import { cartName } from "./cart.ts";

/**
 * What the product keeps of an order: ids, times and units. Webhooks and the sweep both reduce
 * to it, so that both are translated by the same code.
 */
export const keptOrderSchema = z.object({
  id: z.string(),
  test: z.boolean(),
  createdAt: timestamp,
  updatedAt: timestamp,
  cancelledAt: timestamp.nullable(),
  /** Our name of the cart it came from; none for a draft, a subscription, or an old message. */
  cart: z.string().nullish(),
  lines: z.array(
    z.object({
      /** Null when the product was deleted, or never was one: a custom line. */
      variant: z.string().nullable(),
      sku: z.string(),
      quantity: z.number().int().min(0),
      /** Units that are neither shipped, nor removed, nor refunded before shipping. */
      open: z.number().int().min(0),
      shipped: z.number().int().min(0),
      /** Units of shipments that were cancelled, or failed: they are not among the shipped ones. */
      unshipped: z.number().int().min(0).default(0),
      /** Units refunded, shipped or not, that do not go back on the shelf. */
      unrestocked: z.number().int().min(0).default(0),
    }),
  ),
});

export type KeptOrder = z.infer<typeof keptOrderSchema>;
export type KeptLine = KeptOrder["lines"][number];

const id = z.number().int();
const units = z.number().int().min(0);

const restOrderSchema = z.object({
  id,
  test: z.boolean().nullish(),
  created_at: timestamp,
  updated_at: timestamp,
  cancelled_at: timestamp.nullish(),
  cart_token: z.string().nullish(),
  line_items: z.array(
    z.object({
      id,
      variant_id: id.nullish(),
      sku: z.string().nullish(),
      quantity: units,
      current_quantity: z.number().int().nullish(),
      fulfillable_quantity: z.number().int(),
    }),
  ),
  fulfillments: z
    .array(
      z.object({
        status: z.string().nullish(),
        line_items: z.array(z.object({ id, quantity: units })),
      }),
    )
    .nullish(),
  refunds: z
    .array(
      z.object({
        refund_line_items: z
          .array(
            z.object({ line_item_id: id, quantity: units, restock_type: z.string().nullish() }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

/** Statuses of a shipment that did not happen, after all. The same words in REST and, louder, in GraphQL. */
const NOT_SHIPPED = new Set(["cancelled", "error", "failure"]);

export function isShipment(status: string | null | undefined): boolean {
  return !NOT_SHIPPED.has((status ?? "success").toLowerCase());
}

/** RefundLineItemRestockType, the same words in REST and, louder, in GraphQL. */
export function isUnrestocked(restockType: string | null | undefined): boolean {
  return restockType?.toLowerCase() === "no_restock";
}

/** Units of a line that are neither shipped nor still to be shipped. */
export function removedUnits({
  quantity,
  open,
  shipped,
}: Pick<KeptLine, "quantity" | "open" | "shipped">): number {
  return Math.max(0, quantity - shipped - open);
}

/**
 * Units that are still to be shipped. A refund before shipping lowers what is fulfillable when it
 * restocks; one that does not restock may leave it as it was, but the buyer has got the money
 * back and counts no more among the `current` units. Where that cannot be told from a refund of
 * units that were shipped, the unit stays claimed: less is safe.
 */
export function openUnits(fulfillable: number, current: number): number {
  return Math.max(0, Math.min(fulfillable, current));
}

/** Keeps what the product needs of a webhook's whole REST order; throws on anything else. */
export function keepRestOrder(body: unknown): KeptOrder {
  const order = restOrderSchema.parse(body);
  const unitsOf = (fulfillments: typeof order.fulfillments) =>
    sums(
      (fulfillments ?? [])
        .flatMap(({ line_items }) => line_items)
        .map((line) => [line.id, line.quantity]),
    );
  const shipped = unitsOf(order.fulfillments?.filter(({ status }) => isShipment(status)));
  const unshipped = unitsOf(order.fulfillments?.filter(({ status }) => !isShipment(status)));
  const unrestocked = sums(
    (order.refunds ?? [])
      .flatMap(({ refund_line_items }) => refund_line_items ?? [])
      .filter(({ restock_type }) => isUnrestocked(restock_type))
      .map((line) => [line.line_item_id, line.quantity]),
  );
  return {
    id: String(order.id),
    test: order.test ?? false,
    createdAt: order.created_at,
    updatedAt: order.updated_at,
    cancelledAt: order.cancelled_at ?? null,
    cart: order.cart_token ? cartName(order.cart_token) : null,
    lines: order.line_items.map((line) => ({
      variant: line.variant_id ? String(line.variant_id) : null,
      sku: line.sku ?? "",
      quantity: line.quantity,
      open: openUnits(line.fulfillable_quantity, line.current_quantity ?? line.quantity),
      shipped: shipped.get(line.id) ?? 0,
      unshipped: unshipped.get(line.id) ?? 0,
      unrestocked: unrestocked.get(line.id) ?? 0,
    })),
  };
}

function sums(rows: readonly (readonly [id: number, units: number])[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const [line, count] of rows) found.set(line, (found.get(line) ?? 0) + count);
  return found;
}
