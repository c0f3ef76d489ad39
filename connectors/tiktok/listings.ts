import { z } from "zod";
import type { ListingRecord, Page } from "../connector.ts";
import type { TikTokClient } from "./client.ts";
import { tiktokId } from "./read-json.ts";
import { ownWarehouses } from "./warehouses.ts";

const skuSchema = z.object({
  id: tiktokId,
  seller_sku: z.string().nullish(),
  inventory: z
    .array(z.object({ warehouse_id: tiktokId, quantity: z.number().int().nullish() }))
    .nullish(),
});

export const productSchema = z.object({
  id: tiktokId,
  title: z.string().nullish(),
  status: z.string().nullish(),
  skus: z.array(skuSchema).nullish(),
});

type Product = z.infer<typeof productSchema>;
type Sku = z.infer<typeof skuSchema>;

const foundSchema = z.object({
  products: z.array(productSchema).nullish(),
  next_page_token: z.string().nullish(),
});

/** A page's place: TikTok's token, and the merchant's own warehouses, asked for once. */
const cursorSchema = z.object({ token: z.string(), own: z.array(z.string()) });

/** Products a page; each has a listing per SKU. */
const PAGE_SIZE = 100;

/** Every SKU of every product that is not deleted. */
export async function listings(
  client: TikTokClient,
  told: string | null,
  cursor: string | null,
): Promise<Page<ListingRecord>> {
  const place = cursor ? cursorSchema.parse(JSON.parse(cursor)) : null;
  const own = place
    ? { outcome: "warehouses" as const, ids: place.own }
    : await ownWarehouses(client);
  if (own.outcome !== "warehouses") return own;
  const answer = await client.read(foundSchema, {
    name: "listings",
    method: "POST",
    path: "/product/202502/products/search",
    query: { page_size: String(PAGE_SIZE), ...(place ? { page_token: place.token } : {}) },
    body: { status: "ALL" },
  });
  if (answer.outcome !== "answered") return answer;
  const { products, next_page_token: token } = answer.data;
  return {
    outcome: "page",
    rows: (products ?? [])
      .filter(({ status }) => status !== "DELETED")
      .flatMap((product) => recordsOf(product, own.ids, told)),
    next: token ? JSON.stringify({ token, own: own.ids }) : null,
  };
}

/** What nobody can buy whatever its number. A listing its seller took down may come back by itself. */
const UNPUSHABLE: Record<string, string> = {
  DRAFT: "a draft: it is not yet on TikTok Shop",
  FAILED: "refused by TikTok Shop's review",
  PLATFORM_DEACTIVATED: "taken down by TikTok Shop",
  FREEZE: "frozen by TikTok Shop",
};

/** The listings of one product: one per SKU, which its seller may have left without a code. */
export function recordsOf(
  product: Product,
  own: readonly string[],
  told: string | null = null,
): ListingRecord[] {
  return (product.skus ?? []).map((sku) => {
    const stocked = sku.inventory ?? [];
    const mine = stocked.filter((one) => own.includes(one.warehouse_id));
    // A SKU that lies nowhere yet will lie with the merchant.
    const merchantFulfilled = mine.length > 0 || stocked.length === 0;
    return {
      externalId: sku.id,
      sku: sku.seller_sku ?? "",
      title: product.title ?? sku.seller_sku ?? sku.id,
      quantity: merchantFulfilled ? sum(mine.filter(isAt(told))) : null,
      // The search tells no GTIN; a product's details would, at a call for each.
      barcode: null,
      merchantFulfilled,
      unpushable: UNPUSHABLE[product.status ?? ""] ?? null,
      group: product.id,
      stockId: null,
      handle: { productId: product.id, warehouseIds: warehousesOf(mine, own).join(",") },
    };
  });
}

/** Where a warehouse was chosen, its own number is what a push can be compared with. */
const isAt =
  (told: string | null) =>
  ({ warehouse_id }: { warehouse_id: string }) =>
    told === null || warehouse_id === told;

const sum = (stocked: NonNullable<Sku["inventory"]>) =>
  stocked.reduce((units, one) => units + (one.quantity ?? 0), 0);

/** Where it lies, in the order of the merchant's own; where it lies nowhere, his default one. */
function warehousesOf(mine: NonNullable<Sku["inventory"]>, own: readonly string[]): string[] {
  const used = own.filter((id) => mine.some((one) => one.warehouse_id === id));
  return used.length > 0 ? used : own.slice(0, 1);
}
