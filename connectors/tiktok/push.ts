import { z } from "zod";
import { assert } from "../../inventory/assert.ts";
import type { PlaceChoice } from "../../inventory/stock-place.ts";
import type { PushLine, PushResult } from "../connector.ts";
import type { TikTokClient } from "./client.ts";
import { nameCode } from "./codes.ts";
import { tiktokId } from "./read-json.ts";

const errorSchema = z.object({
  code: z.number(),
  message: z.string().nullish(),
  detail: z
    .object({
      sku_id: tiktokId.nullish(),
      extra_errors: z
        .array(z.object({ code: z.number().nullish(), message: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
});

type RowError = z.infer<typeof errorSchema>;

const updatedSchema = z.object({ errors: z.array(errorSchema).nullish() }).nullish();

/**
 * Sets the quantities of SKUs of one product, in one call. There is no comparison and no key: the
 * last writer wins. A call of code 0 may still have refused some of its rows.
 */
export async function pushQuantities(
  client: TikTokClient,
  choice: PlaceChoice,
  batch: readonly PushLine[],
): Promise<PushResult[]> {
  const productId = batch[0]?.handle.productId ?? "";
  assert(
    batch.every((line) => line.handle.productId === productId),
    "a push is of one product",
  );
  const answer = await client.write(updatedSchema, {
    name: "push",
    method: "POST",
    path: `/product/202309/products/${encodeURIComponent(productId)}/inventory/update`,
    body: { skus: batch.map((line) => skuOf(line, choice)) },
  });
  if (answer.outcome !== "answered") return batch.map(() => answer);
  return resultsOf(batch, answer.data?.errors ?? [], client.now() + 1_000);
}

/**
 * Buyers see the sum over a SKU's warehouses, so the whole number goes to one of them: the chosen
 * one, or else the first. The others that have it are emptied: left alone, they would sell units that
 * are already counted elsewhere. A merchant who has chosen said which of them are to be left alone.
 */
function skuOf({ externalId, handle, quantity }: PushLine, { told, emptied }: PlaceChoice) {
  const used = (handle.warehouseIds ?? "").split(",").filter(Boolean);
  const first = told ?? used[0];
  const others = used.filter((id) => id !== first && (told === null || emptied.includes(id)));
  const inventory = [
    { ...(first ? { warehouse_id: first } : {}), quantity },
    ...others.map((warehouse_id) => ({ warehouse_id, quantity: 0 })),
  ];
  return { id: externalId, inventory };
}

/** A row without an error was taken; an error that names no row of ours is about all of them. */
export function resultsOf(
  batch: readonly PushLine[],
  errors: readonly RowError[],
  retryAt: number,
): PushResult[] {
  const ids = new Set(batch.map((line) => line.externalId));
  const ofAll = errors.find((error) => !ids.has(error.detail?.sku_id ?? ""));
  return batch.map((line) => {
    const own = errors.find((error) => error.detail?.sku_id === line.externalId) ?? ofAll;
    return own ? resultOf(own, retryAt) : { outcome: "accepted" };
  });
}

/** The same codes as a call's; whatever is not about us or the moment is a refusal of this row. */
function resultOf(error: RowError, retryAt: number): PushResult {
  const extra = (error.detail?.extra_errors ?? []).map((one) => `${one.code}: ${one.message}`);
  const message = [error.message ?? "", ...extra].join("; ");
  const named = nameCode(error.code, message, "write", retryAt);
  return named.outcome === "not-supported" ? { ...named, outcome: "rejected" } : named;
}
