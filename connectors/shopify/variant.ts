import { z } from "zod";
import type { ListingRecord } from "../connector.ts";

const quantitiesSchema = z.array(z.object({ name: z.string(), quantity: z.number().int() }));

/** What is asked of a variant to read it back. */
export const liveVariantSchema = z.object({
  legacyResourceId: z.coerce.string(),
  sellableOnlineQuantity: z.number().int(),
  inventoryItem: z.object({
    inventoryLevel: z.object({ quantities: quantitiesSchema }).nullable(),
    inventoryLevels: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
  }),
});

const levelSchema = z.object({
  id: z.string(),
  location: z.object({ id: z.string(), isFulfillmentService: z.boolean() }),
});

/** A variant as Shopify answers it, page by page or in a file. */
export const variantSchema = z.object({
  id: z.string(),
  legacyResourceId: z.coerce.string(),
  sku: z.string().nullable(),
  barcode: z.string().nullable(),
  displayName: z.string(),
  inventoryPolicy: z.string(),
  requiresComponents: z.boolean(),
  sellableOnlineQuantity: z.number().int(),
  inventoryItem: z.object({
    id: z.string(),
    tracked: z.boolean(),
    inventoryLevel: z.object({ isActive: z.boolean(), quantities: quantitiesSchema }).nullable(),
    inventoryLevels: z.object({ nodes: z.array(levelSchema) }),
  }),
});

type LiveVariant = z.infer<typeof liveVariantSchema>;
export type Variant = z.infer<typeof variantSchema>;

/** Not every barcode is one of the world's: what has other signs in it is a shop's own. */
const BARCODE = /^\d{8,14}$/;

/** A variant as a listing. What a SKU is used for twice are two listings, each with its item. */
export function recordOf(variant: Variant, location: string): ListingRecord {
  const { inventoryItem } = variant;
  const unpushable = whyUnpushable(variant);
  const barcode = variant.barcode?.replaceAll(/[\s-]/g, "") ?? "";
  return {
    externalId: variant.legacyResourceId,
    sku: variant.sku ?? "",
    title: variant.displayName,
    quantity: isStocked(variant) ? shown(variant) : null,
    barcode: BARCODE.test(barcode) ? barcode : null,
    merchantFulfilled: !keptByService(variant, location),
    unpushable,
    group: null,
    stockId: inventoryItem.id,
    handle: {
      inventoryItemId: inventoryItem.id,
      // Sells on below zero, whatever we push: it is pushed, and a page can warn of it.
      ...(variant.inventoryPolicy === "CONTINUE" ? { oversells: "1" } : {}),
    },
  };
}

function isStocked({ inventoryItem }: Variant): boolean {
  return inventoryItem.tracked && inventoryItem.inventoryLevel?.isActive === true;
}

/** Somebody else's warehouse ships it, and counts it: a fulfilment service's location. */
function keptByService(variant: Variant, location: string): boolean {
  const { nodes } = variant.inventoryItem.inventoryLevels;
  const kept = nodes.map((level) => level.location);
  if (kept.length === 0) return false;
  return !kept.some((one) => one.id === location || !one.isFulfillmentService);
}

function whyUnpushable(variant: Variant): string | null {
  const { inventoryItem } = variant;
  if (variant.requiresComponents) {
    return "A bundle: Shopify works its stock out from its components. Match those instead.";
  }
  if (!inventoryItem.tracked) {
    return 'Its stock is not tracked in Shopify. Tick "Track quantity" there, then import again.';
  }
  if (!isStocked(variant)) {
    return "It is not stocked at the chosen location. Stock it there, then import again.";
  }
  return null;
}

/** What was set at our location: what a compare-and-set compares with. */
export function recorded(variant: LiveVariant): number | null {
  const quantities = variant.inventoryItem.inventoryLevel?.quantities ?? [];
  return quantities.find((one) => one.name === "available")?.quantity ?? null;
}

/**
 * What a buyer can buy. The storefront's number follows the record a moment later, but it is the
 * sum over locations: with more than one, only the record at ours can be compared with a push.
 */
export function shown(variant: LiveVariant): number | null {
  const oneLocation = variant.inventoryItem.inventoryLevels.nodes.length === 1;
  return oneLocation ? variant.sellableOnlineQuantity : recorded(variant);
}
