import { z } from "zod";
import type { Account, CallFailure, ListingRecord } from "../connector.ts";
import type { AmazonClient } from "./client.ts";
import { homeOf } from "./listings.ts";

const summariesSchema = z.object({
  payload: z
    .object({
      inventorySummaries: z.array(
        z.object({
          sellerSku: z.string().nullish(),
          inventoryDetails: z.object({ fulfillableQuantity: z.number().int().nullish() }).nullish(),
        }),
      ),
    })
    .nullish(),
});

/** SKUs that one call may name. */
export const SUMMARIES_MAX = 50;

export type Counted = { outcome: "counted"; rows: ListingRecord[] } | CallFailure;

/** Gives every listing that Amazon fulfils the number of units that Amazon can ship. */
export type Counter = (rows: readonly ListingRecord[]) => Promise<Counted>;

/**
 * The counter of one session. What was counted before a call had to wait is remembered until the
 * same rows come again, or they would never all be counted.
 */
export function createCounter(client: AmazonClient, account: Account): Counter {
  let held = new Map<string, number | null>();
  return async (rows) => {
    const kept = rows.filter((row) => !row.merchantFulfilled).map((row) => row.sku);
    const counts = new Map([...held].filter(([sku]) => kept.includes(sku)));
    for (const skus of batches(kept.filter((sku) => !counts.has(sku)))) {
      const answer = await summaries(client, account, skus);
      if (answer.outcome !== "answered") {
        held = counts;
        return answer;
      }
      for (const sku of skus) counts.set(sku, null);
      for (const { sellerSku, inventoryDetails } of answer.data?.payload?.inventorySummaries ??
        []) {
        // The total that it tells, too, counts what is still on the merchant's own shelf.
        if (sellerSku) counts.set(sellerSku, inventoryDetails?.fulfillableQuantity ?? 0);
      }
    }
    held = new Map();
    const counted = rows.map((row) =>
      row.merchantFulfilled ? row : { ...row, quantity: counts.get(row.sku) ?? null },
    );
    return { outcome: "counted", rows: counted };
  };
}

function summaries(client: AmazonClient, account: Account, skus: readonly string[]) {
  const [only = ""] = skus;
  return client.run(summariesSchema, {
    operation: "fbaInventory.getInventorySummaries",
    plan: "getInventorySummaries",
    kind: "read",
    query: {
      details: "true",
      granularityType: "Marketplace",
      granularityId: homeOf(account),
      marketplaceIds: [homeOf(account)],
      ...(only.includes(",") ? { sellerSku: only } : { sellerSkus: [...skus] }),
    },
  });
}

/** The library splits array values at commas: a SKU with one is asked for alone. */
function batches(skus: readonly string[]): string[][] {
  const alone = skus.filter((sku) => sku.includes(","));
  const together = skus.filter((sku) => !sku.includes(","));
  const calls = Math.ceil(together.length / SUMMARIES_MAX);
  return [
    ...alone.map((sku) => [sku]),
    ...Array.from({ length: calls }, (_, n) =>
      together.slice(n * SUMMARIES_MAX, (n + 1) * SUMMARIES_MAX),
    ),
  ];
}
