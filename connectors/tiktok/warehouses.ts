import { z } from "zod";
import type { StockPlace } from "../../inventory/stock-place.ts";
import type { CallFailure } from "../connector.ts";
import type { TikTokClient } from "./client.ts";
import { tiktokId } from "./read-json.ts";

const warehousesSchema = z.object({
  warehouses: z
    .array(
      z.object({
        id: tiktokId,
        name: z.string().nullish(),
        type: z.string().nullish(),
        is_default: z.boolean().nullish(),
        effect_status: z.string().nullish(),
      }),
    )
    .nullish(),
});

const fbtSchema = z.object({
  warehouses: z.array(z.object({ warehouse_ids: z.array(tiktokId).nullish() })).nullish(),
});

type Warehouse = NonNullable<z.infer<typeof warehousesSchema>["warehouses"]>[number];

/** Warehouses the merchant ships from himself, his default one first. Those of FBT are TikTok's. */
export async function ownWarehouses(
  client: TikTokClient,
): Promise<{ outcome: "warehouses"; ids: string[] } | CallFailure> {
  const listed = await listWarehouses(client);
  if (listed.outcome !== "places") return listed;
  const own = listed.places.filter(({ unusable }) => unusable !== TIKTOKS);
  return { outcome: "warehouses", ids: own.map(({ id }) => id) };
}

const TIKTOKS = "TikTok counts what it ships itself.";

/** Every warehouse that something is sold from, the default one first. */
export async function listWarehouses(
  client: TikTokClient,
): Promise<{ outcome: "places"; places: StockPlace[] } | CallFailure> {
  const all = await client.read(warehousesSchema, {
    name: "listings",
    method: "GET",
    path: "/logistics/202309/warehouses",
  });
  if (all.outcome !== "answered") return all;
  const tiktoks = await fbtWarehouses(client);
  if (tiktoks.outcome !== "warehouses") return tiktoks;
  const places = (all.data.warehouses ?? [])
    // Goods that come back go to the others; nothing is sold from there.
    .filter(({ type }) => type !== "RETURN_WAREHOUSE")
    .map((one) => ({
      ...{ id: one.id, name: one.name ?? one.id, main: one.is_default ?? false },
      unusable: tiktoks.ids.includes(one.id) ? TIKTOKS : whyNot(one),
    }))
    .sort((a, b) => Number(b.main) - Number(a.main));
  return { outcome: "places", places };
}

function whyNot({ effect_status: status }: Warehouse): string | null {
  return status && status !== "ENABLED" ? "It is switched off in Seller Center." : null;
}

async function fbtWarehouses(
  client: TikTokClient,
): Promise<{ outcome: "warehouses"; ids: string[] } | CallFailure> {
  const answer = await client.read(fbtSchema, {
    name: "listings",
    method: "GET",
    path: "/fbt/202408/warehouses",
  });
  // Where a seller has no FBT, its calls are closed to his apps: then no warehouse is TikTok's.
  const closed =
    answer.outcome === "not-supported" ||
    (answer.outcome === "unauthorized" && answer.cause === "forbidden");
  if (closed) return { outcome: "warehouses", ids: [] };
  if (answer.outcome !== "answered") return answer;
  const ids = (answer.data.warehouses ?? []).flatMap((one) => one.warehouse_ids ?? []);
  return { outcome: "warehouses", ids };
}
