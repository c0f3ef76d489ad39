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
 * in the total besides, and no push can take them back.
 */
export function liveQuantities(data: z.infer<typeof inventorySchema>): Map<string, number | null> {
  const skus = (data.inventory ?? []).flatMap((product) => product.skus ?? []);
  return new Map(
    skus.map((sku) => {
      const inShop = sku.total_available_inventory_distribution?.in_shop_inventory?.quantity;
      return [sku.id, inShop ?? sku.total_available_quantity ?? null];
    }),
  );
}

/** The live numbers; one call for up to 600 SKUs. */
export async function readBack(
  client: TikTokClient,
  lines: readonly Pick<PushLine, "externalId">[],
): ReturnType<Session["readBack"]> {
  const answer = await client.read(inventorySchema, {
    name: "readBack",
    method: "POST",
    path: "/product/202309/inventory/search",
    body: { sku_ids: lines.map((line) => line.externalId) },
  });
  if (answer.outcome !== "answered") return answer;
  const live = liveQuantities(answer.data);
  const rows = lines.map(({ externalId }) => {
    const quantity = live.get(externalId);
    return quantity === undefined ? null : { externalId, quantity };
  });
  return { outcome: "read", rows };
}
