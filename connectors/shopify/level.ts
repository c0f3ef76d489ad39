import { z } from "zod";
import type { Verification } from "../connector.ts";
import { timestamp } from "../timestamp.ts";

const levelSchema = z.object({
  inventory_item_id: z.number().int(),
  location_id: z.number().int(),
  /** Null for what is not tracked. */
  available: z.number().int().nullable(),
  updated_at: timestamp,
});

/**
 * What an inventory_levels/update says: the number at one location, whoever set it: a sale, a
 * person, another app, or ourselves. Throws on anything else.
 */
export function levelOf(body: unknown, locationId: string): Verification {
  const level = levelSchema.parse(body);
  if (`gid://shopify/Location/${level.location_id}` !== locationId) {
    return { outcome: "ignored", why: "another location" };
  }
  if (level.available === null) return { outcome: "ignored", why: "not tracked" };
  const stockId = `gid://shopify/InventoryItem/${level.inventory_item_id}`;
  const at = Date.parse(level.updated_at);
  return { outcome: "levels", levels: [{ stockId, quantity: level.available, at }] };
}
