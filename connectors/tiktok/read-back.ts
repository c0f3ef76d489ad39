import { z } from "zod";
import type { PushLine, Session } from "../connector.ts";
import type { TikTokClient } from "./client.ts";
import { tiktokId } from "./read-json.ts";

const units = z.number().int();

export const inventorySchema = z.object({
  inventory: z
    .array(
      z.object({
        skus: z
          .array(
            z.object({
              id: tiktokId,
              total_available_quantity: units.nullish(),
              warehouse_inventory: z
                .array(z.object({ warehouse_id: tiktokId, available_quantity: units.nullish() }))
                .nullish(),
              total_available_inventory_distribution: z
                .object({ in_shop_inventory: z.object({ quantity: units.nullish() }).nullish() })
                .nullish(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

/**
 * What is in the shop, which is what a push sets. Units locked for a campaign or a creator count
 * in the total besides, and no push can take them back. Where a warehouse was chosen, what is there:
 * others may have units that are no business of ours.
 */
export function liveQuantities(
  data: z.infer<typeof inventorySchema>,
  told: string | null = null,
): Map<string, number | null> {
  const skus = (data.inventory ?? []).flatMap((product) => product.skus ?? []);
  return new Map(
    skus.map((sku) => {
      const there = sku.warehouse_inventory?.find((one) => one.warehouse_id === told);
      if (there) return [sku.id, there.available_quantity ?? null];
      const inShop = sku.total_available_inventory_distribution?.in_shop_inventory?.quantity;
      return [sku.id, inShop ?? sku.total_available_quantity ?? null];
    }),
  );
}

/** The live numbers; one call for up to 600 SKUs. */
export async function readBack(
  client: TikTokClient,
  told: string | null,
  lines: readonly Pick<PushLine, "externalId">[],
): ReturnType<Session["readBack"]> {
  const answer = await client.read(inventorySchema, {
    name: "readBack",
    method: "POST",
    path: "/product/202309/inventory/search",
    body: { sku_ids: lines.map((line) => line.externalId) },
  });
  if (answer.outcome !== "answered") return answer;
  const live = liveQuantities(answer.data, told);
  const rows = lines.map(({ externalId }) => {
    const quantity = live.get(externalId);
    return quantity === undefined ? null : { externalId, quantity };
  });
  return { outcome: "read", rows };
}
