import { z } from "zod";
import type { ListingRecord, Page, PushLine, ReadBack, Session } from "../connector.ts";
import { gathered, gatherListings } from "./bulk.ts";
import type { ShopifyClient } from "./client.ts";
import { LISTINGS, LISTINGS_COUNT, LIVE_QUANTITIES, RECORDED_QUANTITIES } from "./documents.ts";
import { readPlace, writePlace } from "./place.ts";
import { liveVariantSchema, recorded, recordOf, shown, variantSchema } from "./variant.ts";

export const pageInfoSchema = z.object({
  hasNextPage: z.boolean(),
  endCursor: z.string().nullable(),
});

/** The cursor of the next page, or null after the last. */
export function nextCursor(info: z.infer<typeof pageInfoSchema>): string | null {
  return info.hasNextPage ? info.endCursor : null;
}

/**
 * From this many variants on Shopify gathers them in a file. A page of 50 costs what four seconds
 * bring in points, so 500 are read in 40 seconds, and every one of those seconds is the pushes'
 * loss; a file costs no points, but takes half a minute to be made, however little is in it.
 */
export const GATHERED_FROM = 500;

const countSchema = z.object({
  productVariantsCount: z.object({ count: z.number().int(), precision: z.string() }).nullable(),
});

const listingsSchema = z.object({
  productVariants: z.object({ nodes: z.array(variantSchema), pageInfo: pageInfoSchema }),
});

const liveSchema = z.object({ nodes: z.array(liveVariantSchema.nullable()) });

const recordedSchema = z.object({
  nodes: z.array(
    z
      .object({
        inventoryLevel: z
          .object({ quantities: z.array(z.object({ quantity: z.number().int() })) })
          .nullish(),
      })
      .nullable(),
  ),
});

/** Every variant of the shop: page by page, or from a file where there are many. */
export async function listings(
  client: ShopifyClient,
  location: string,
  cursor: string | null,
): Promise<Page<ListingRecord>> {
  if (cursor !== null) {
    const place = readPlace(cursor);
    if (place.kind !== "paged") return gathered(client, location, place);
    return pageOf(client, location, place.after, place.total);
  }
  const counted = await client.query(countSchema, LISTINGS_COUNT, {});
  if (counted.outcome !== "answered") return counted;
  const { count = 0 } = counted.data.productVariantsCount ?? {};
  if (count >= GATHERED_FROM) return gatherListings(client, location);
  return pageOf(client, location, null, count);
}

async function pageOf(
  client: ShopifyClient,
  location: string,
  from: string | null,
  total: number,
): Promise<Page<ListingRecord>> {
  const answer = await client.query(listingsSchema, LISTINGS, { location, after: from });
  if (answer.outcome !== "answered") return answer;
  const { nodes, pageInfo } = answer.data.productVariants;
  const rows = nodes.map((variant) => recordOf(variant, location));
  const after = nextCursor(pageInfo);
  const next = after === null ? null : writePlace({ kind: "paged", after, total });
  return { outcome: "page", rows, next, total };
}

/** What buyers see now; at most `readBackBatch` lines. */
export async function readBack(
  client: ShopifyClient,
  location: string,
  lines: readonly Pick<PushLine, "externalId" | "handle">[],
): ReturnType<Session["readBack"]> {
  const ids = lines.map((line) => `gid://shopify/ProductVariant/${line.externalId}`);
  const answer = await client.query(liveSchema, LIVE_QUANTITIES, { location, ids });
  if (answer.outcome !== "answered") return answer;
  const rows = answer.data.nodes.map((variant): ReadBack => {
    if (!variant) return null;
    const { legacyResourceId: externalId } = variant;
    return { externalId, quantity: shown(variant), recorded: recorded(variant) };
  });
  return { outcome: "read", rows };
}

/** The records that a compare-and-set failed against. Null = not told. */
export async function recordedQuantities(
  client: ShopifyClient,
  location: string,
  lines: readonly Pick<PushLine, "handle">[],
): Promise<(number | null)[]> {
  const ids = lines.map((line) => line.handle.inventoryItemId);
  const answer = await client.query(recordedSchema, RECORDED_QUANTITIES, { location, ids });
  if (answer.outcome !== "answered") return lines.map(() => null);
  return answer.data.nodes.map((item) => item?.inventoryLevel?.quantities[0]?.quantity ?? null);
}
