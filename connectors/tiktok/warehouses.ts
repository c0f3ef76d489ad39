import { z } from "zod";
import type { CallFailure } from "../connector.ts";
import type { TikTokClient } from "./client.ts";
import { tiktokId } from "./read-json.ts";

const warehousesSchema = z.object({
  warehouses: z
    .array(
      z.object({
        id: tiktokId,
        type: z.string().nullish(),
        is_default: z.boolean().nullish(),
      }),
    )
    .nullish(),
});

const fbtSchema = z.object({
  warehouses: z.array(z.object({ warehouse_ids: z.array(tiktokId).nullish() })).nullish(),
});

/** Warehouses the merchant ships from himself, his default one first. Those of FBT are TikTok's. */
export async function ownWarehouses(
  client: TikTokClient,
): Promise<{ outcome: "warehouses"; ids: string[] } | CallFailure> {
  const all = await client.read(warehousesSchema, {
    name: "listings",
    method: "GET",
    path: "/logistics/202309/warehouses",
  });
  if (all.outcome !== "answered") return all;
  const tiktoks = await fbtWarehouses(client);
  if (tiktoks.outcome !== "warehouses") return tiktoks;
  const ids = (all.data.warehouses ?? [])
    // Goods that come back go to the others; nothing is sold from there.
    .filter(({ id, type }) => type !== "RETURN_WAREHOUSE" && !tiktoks.ids.includes(id))
    .sort((a, b) => Number(b.is_default ?? false) - Number(a.is_default ?? false))
    .map(({ id }) => id);
  return { outcome: "warehouses", ids };
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
