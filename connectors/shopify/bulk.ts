import { z } from "zod";
import { assert } from "../../inventory/assert.ts";
import type { ListingRecord, Page } from "../connector.ts";
import type { ShopifyClient } from "./client.ts";
import { BULK_OPERATION, RUN_BULK_QUERY } from "./documents.ts";
import { type Place, writePlace } from "./place.ts";
import { recordOf, type Variant, variantSchema } from "./variant.ts";

/** How soon a file in the making is asked about again, and a shop that is busy with others. */
const ASK_AGAIN_MS = 2_000;
const BUSY_MS = 10_000;

/** What is read of a file at once: about 1,500 variants. */
const PART_BYTES = 1024 * 1024;

/**
 * The catalogue as Shopify gathers it. A bulk query takes no variables, so the location is written
 * into it; levels follow their variant in the file because the operation groups objects.
 * https://shopify.dev/docs/api/usage/bulk-operations/queries
 */
export function gatheringQuery(location: string): string {
  assert(/^gid:\/\/shopify\/Location\/\d+$/.test(location), "a location is named by its gid");
  return `{
  productVariants {
    edges {
      node {
        id
        legacyResourceId
        sku
        barcode
        displayName
        inventoryPolicy
        requiresComponents
        sellableOnlineQuantity
        inventoryItem {
          id
          tracked
          inventoryLevel(locationId: "${location}") {
            isActive
            quantities(names: ["available"]) { name quantity }
          }
          inventoryLevels { edges { node { id location { id isFulfillmentService } } } }
        }
      }
    }
  }
}`;
}

const startedSchema = z.object({
  bulkOperationRunQuery: z.object({
    bulkOperation: z.object({ id: z.string() }).nullable(),
    userErrors: z.array(z.object({ code: z.string().nullable(), message: z.string() })),
  }),
});

const operationSchema = z.object({
  bulkOperation: z
    .object({
      id: z.string(),
      status: z.string(),
      errorCode: z.string().nullable(),
      url: z.string().nullable(),
      fileSize: z.coerce.number().int().nullable(),
      rootObjectCount: z.coerce.number().int(),
    })
    .nullable(),
});

/** Asks for the file. One that Shopify makes twice, because an answer was lost, harms nobody. */
export async function gatherListings(
  client: ShopifyClient,
  location: string,
): Promise<Page<ListingRecord>> {
  const query = gatheringQuery(location);
  const answer = await client.mutate(startedSchema, RUN_BULK_QUERY, { query });
  if (answer.outcome === "unknown") return { outcome: "unavailable", why: answer.why };
  if (answer.outcome !== "answered") return answer;
  const { bulkOperation, userErrors } = answer.data.bulkOperationRunQuery;
  if (bulkOperation) return preparing(client, fileFrom(bulkOperation.id, 0), ASK_AGAIN_MS);
  const [error] = userErrors;
  if (error?.code === "OPERATION_IN_PROGRESS" || error?.code === "LIMIT_REACHED") {
    return preparing(client, { kind: "waiting" }, BUSY_MS);
  }
  return { outcome: "not-supported", why: error?.message ?? "Shopify gathers no listings" };
}

const fileFrom = (operation: string, from: number): Place => ({ kind: "file", operation, from });

function preparing(client: ShopifyClient, place: Place, ms: number): Page<ListingRecord> {
  return { outcome: "preparing", cursor: writePlace(place), againAt: client.now() + ms };
}

/** The next part of the file, if it is there. A file that went away is gathered anew. */
export async function gathered(
  client: ShopifyClient,
  location: string,
  place: Exclude<Place, { kind: "paged" }>,
): Promise<Page<ListingRecord>> {
  if (place.kind === "waiting") return gatherListings(client, location);
  const answer = await client.query(operationSchema, BULK_OPERATION, { id: place.operation });
  if (answer.outcome !== "answered") return answer;
  const operation = answer.data.bulkOperation;
  switch (operation?.status) {
    case "CREATED":
    case "RUNNING":
    case "CANCELING":
      return preparing(client, place, ASK_AGAIN_MS);
    case "COMPLETED":
      return readPart(client, location, place, operation);
    case "FAILED":
      // What failed once may work the next time; whoever imports decides when that is.
      return { outcome: "unavailable", why: `Shopify's file failed: ${operation.errorCode}` };
    default:
      return gatherListings(client, location);
  }
}

async function readPart(
  client: ShopifyClient,
  location: string,
  { operation, from }: Extract<Place, { kind: "file" }>,
  file: { url: string | null; fileSize: number | null; rootObjectCount: number },
): Promise<Page<ListingRecord>> {
  const total = file.rootObjectCount;
  // A file is kept for seven days; without objects there is none.
  if (file.url === null && total > 0) return gatherListings(client, location);
  if (file.url === null) return { outcome: "page", rows: [], next: null, total };
  const part = await client.download(file.url, from, PART_BYTES);
  if (part.outcome !== "answered") return part;
  const last = from + part.data.length >= (file.fileSize ?? 0);
  const read = readVariants(part.data, last);
  if (read === null || (!last && read.bytes === 0)) {
    return { outcome: "unavailable", why: "Shopify's file holds something else than variants" };
  }
  const { variants, bytes } = read;
  const rows = variants.map((variant) => recordOf(variant, location));
  const next = last ? null : writePlace(fileFrom(operation, from + bytes));
  return { outcome: "page", rows, next, total };
}

function readVariants(part: Buffer, last: boolean): ReturnType<typeof variantsIn> | null {
  try {
    return variantsIn(part, last);
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return null;
    throw error;
  }
}

const lineSchema = z.looseObject({ __parentId: z.string().optional() });

/**
 * The variants that are whole in a part of the file, and how far they reach. The last one's
 * levels may be in the next part, so unless the file ends here it is left for that.
 */
export function variantsIn(part: Buffer, last: boolean): { variants: Variant[]; bytes: number } {
  const groups: { from: number; variant: object; levels: unknown[] }[] = [];
  let at = 0;
  for (;;) {
    const end = part.indexOf("\n", at);
    if (end === -1 && (!last || at >= part.length)) break;
    const text = part.toString("utf8", at, end === -1 ? part.length : end);
    if (text.trim() !== "") {
      const { __parentId, ...object } = lineSchema.parse(JSON.parse(text));
      if (__parentId === undefined) groups.push({ from: at, variant: object, levels: [] });
      else groups.at(-1)?.levels.push(object);
    }
    if (end === -1) break;
    at = end + 1;
  }
  const left = last ? undefined : groups.pop();
  const variants = groups.map(({ variant, levels }) => {
    const { inventoryItem } = z.looseObject({ inventoryItem: z.looseObject({}) }).parse(variant);
    const withLevels = { ...inventoryItem, inventoryLevels: { nodes: levels } };
    return variantSchema.parse({ ...variant, inventoryItem: withLevels });
  });
  return { variants, bytes: left ? left.from : at };
}
