import { z } from "zod";
import type { ListingRecord, Page, PushLine, ReadBack, Session } from "../connector.ts";
import type { Answered } from "../http.ts";
import type { ShopifyClient } from "./client.ts";
import { LISTINGS, LIVE_QUANTITIES } from "./documents.ts";

const listingSchema = z.object({
  id: z.string(),
  legacyResourceId: z.coerce.string(),
  sku: z.string().nullable(),
  displayName: z.string(),
  requiresComponents: z.boolean(),
  sellableOnlineQuantity: z.number().int(),
  inventoryItem: z.object({
    id: z.string(),
    tracked: z.boolean(),
    inventoryLevel: z
      .object({ quantities: z.array(z.object({ name: z.string(), quantity: z.number().int() })) })
      .nullable(),
    inventoryLevels: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
  }),
});

type Variant = z.infer<typeof listingSchema>;

export const pageInfoSchema = z.object({
  hasNextPage: z.boolean(),
  endCursor: z.string().nullable(),
});

/** The cursor of the next page, or null after the last. */
export function nextCursor(info: z.infer<typeof pageInfoSchema>): string | null {
  return info.hasNextPage ? info.endCursor : null;
}

const listingsSchema = z.object({
  productVariants: z.object({ nodes: z.array(listingSchema), pageInfo: pageInfoSchema }),
});

const liveSchema = z.object({ nodes: z.array(listingSchema.nullable()) });

/** Every variant of the shop, 100 a page. */
export async function listings(
  client: ShopifyClient,
  location: string,
  cursor: string | null,
): Promise<Page<ListingRecord>> {
  const answer = await client.query(listingsSchema, LISTINGS, { location, after: cursor });
  if (answer.outcome !== "answered") return answer;
  const { nodes, pageInfo } = answer.data.productVariants;
  const rows = nodes.map((variant) => record(variant, location));
  return { outcome: "page", rows, next: nextCursor(pageInfo) };
}

function record(variant: Variant, location: string): ListingRecord {
  const { inventoryItem } = variant;
  const stocked = inventoryItem.tracked && inventoryItem.inventoryLevel !== null;
  return {
    externalId: variant.legacyResourceId,
    sku: variant.sku ?? "",
    title: variant.displayName,
    quantity: stocked ? shown(variant) : null,
    barcode: null,
    unpushable: null,
    group: null,
    stockId: inventoryItem.id,
    // Nothing can be set on a bundle's parent, an untracked item, or one kept elsewhere.
    merchantFulfilled: stocked && !variant.requiresComponents,
    handle: { inventoryItemId: inventoryItem.id, locationId: location },
  };
}

/** What was set at our location: what a compare-and-set compares with. */
function recorded(variant: Variant): number | null {
  const quantities = variant.inventoryItem.inventoryLevel?.quantities ?? [];
  return quantities.find((one) => one.name === "available")?.quantity ?? null;
}

/**
 * What a buyer can buy. The storefront's number follows the record a moment later, but it is the
 * sum over locations: with more than one, only the record at ours can be compared with a push.
 */
function shown(variant: Variant): number | null {
  const oneLocation = variant.inventoryItem.inventoryLevels.nodes.length === 1;
  return oneLocation ? variant.sellableOnlineQuantity : recorded(variant);
}

/** What buyers see now; at most `readBackBatch` lines. */
export async function readBack(
  client: ShopifyClient,
  location: string,
  lines: readonly Pick<PushLine, "externalId" | "handle">[],
): ReturnType<Session["readBack"]> {
  const answer = await live(client, location, lines);
  if (answer.outcome !== "answered") return answer;
  const rows = answer.data.nodes.map((variant): ReadBack => {
    return variant && { externalId: variant.legacyResourceId, quantity: shown(variant) };
  });
  return { outcome: "read", rows };
}

/** The records that a compare-and-set failed against. Null = not told. */
export async function recordedQuantities(
  client: ShopifyClient,
  location: string,
  lines: readonly Pick<PushLine, "externalId" | "handle">[],
): Promise<(number | null)[]> {
  const answer = await live(client, location, lines);
  if (answer.outcome !== "answered") return lines.map(() => null);
  return answer.data.nodes.map((variant) => variant && recorded(variant));
}

function live(
  client: ShopifyClient,
  location: string,
  lines: readonly Pick<PushLine, "externalId">[],
): Promise<Answered<z.infer<typeof liveSchema>>> {
  const ids = lines.map((line) => `gid://shopify/ProductVariant/${line.externalId}`);
  return client.query(liveSchema, LIVE_QUANTITIES, { location, ids });
}
