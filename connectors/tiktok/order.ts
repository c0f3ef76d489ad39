import { z } from "zod";
import { tiktokId } from "./read-json.ts";

const units = z.number().int().min(0);
const moment = z.number().int().min(0);

/** What the product keeps of an order: ids, times (ms) and units, counted per SKU. */
export const keptOrderSchema = z.object({
  id: z.string(),
  createdAt: moment,
  updatedAt: moment,
  lines: z.array(
    z.object({
      listing: z.string(),
      sku: z.string(),
      quantity: units,
      cancelled: units,
      shipped: units,
    }),
  ),
});

export type KeptOrder = z.infer<typeof keptOrderSchema>;
type KeptLine = KeptOrder["lines"][number];

/** Order API 202309. A line is one unit: there is no quantity. */
export const apiOrderSchema = z.object({
  id: tiktokId,
  status: z.string(),
  create_time: moment,
  update_time: moment.nullish(),
  /** When the carrier took it; absent while it is still here. */
  collection_time: moment.nullish(),
  fulfillment_type: z.string().nullish(),
  line_items: z
    .array(
      z.object({
        sku_id: tiktokId.nullish(),
        seller_sku: z.string().nullish(),
        display_status: z.string().nullish(),
        combined_listing_skus: z
          .array(
            z.object({
              sku_id: tiktokId,
              sku_count: z.number().int().min(1).nullish(),
              seller_sku: z.string().nullish(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

export type ApiOrder = z.infer<typeof apiOrderSchema>;
type Unit = NonNullable<ApiOrder["line_items"]>[number];

/** Shipped by the platform from its own shelves. */
const PLATFORM_SHIPS = new Set(["FULFILLMENT_BY_TIKTOK", "FULFILLMENT_BY_DILAYANI_TOKOPEDIA"]);

/** A message spells it with one L and an E less than the API does. */
const CANCELLED = new Set(["CANCEL", "CANCELLED"]);

/** The carrier has it. AWAITING_COLLECTION is packed, and still here. */
const SHIPPED = new Set(["IN_TRANSIT", "DELIVERED", "COMPLETED"]);

/**
 * Keeps what the product needs; null for what takes nothing from the merchant's own shelf. Samples,
 * replacements and exchanges are orders like any other here: their units leave it too. A unit
 * counts from first sight, unpaid or on hold, because TikTok has taken it off its own number.
 */
export function keepOrder(order: ApiOrder): KeptOrder | null {
  if (PLATFORM_SHIPS.has(order.fulfillment_type ?? "")) return null;
  const lines = new Map<string, KeptLine>();
  for (const unit of order.line_items ?? []) {
    for (const { listing, sku, quantity } of soldBy(unit)) {
      const line = lines.get(listing) ?? { listing, sku, quantity: 0, cancelled: 0, shipped: 0 };
      line.quantity += quantity;
      const state = stateOf(order, unit);
      if (state !== "open") line[state] += quantity;
      lines.set(listing, line);
    }
  }
  return {
    id: order.id,
    createdAt: order.create_time * 1_000,
    updatedAt: (order.update_time ?? order.create_time) * 1_000,
    lines: [...lines.values()],
  };
}

/** A combined listing sells units of other SKUs, and TikTok takes them off those. */
function soldBy(unit: Unit): { listing: string; sku: string; quantity: number }[] {
  const parts = unit.combined_listing_skus ?? [];
  if (parts.length === 0) {
    return [{ listing: unit.sku_id ?? "", sku: unit.seller_sku ?? "", quantity: 1 }];
  }
  return parts.map(({ sku_id, seller_sku, sku_count }) => ({
    listing: sku_id,
    sku: seller_sku ?? "",
    quantity: sku_count ?? 1,
  }));
}

function stateOf(order: ApiOrder, unit: Unit): "open" | "cancelled" | "shipped" {
  if (CANCELLED.has(order.status)) {
    // Cancelled on the way to the buyer: the goods are not on the shelf until they come back.
    return order.collection_time ? "shipped" : "cancelled";
  }
  const status = unit.display_status ?? order.status;
  if (CANCELLED.has(status)) return "cancelled";
  return SHIPPED.has(status) ? "shipped" : "open";
}
