import { z } from "zod";
import type { Account, CallFailure } from "../connector.ts";
import { saying } from "../http.ts";
import { asFailure, type WalmartClient } from "./client.ts";
import { buyable, inventorySchema, nodeOf } from "./nodes.ts";
import { listOf, units } from "./quantity.ts";

/**
 * What buyers can buy of every SKU, and which SKUs Walmart keeps itself: the catalogue says
 * neither. Both are read once, before the first page of the catalogue, and kept in memory.
 */
export interface Shelf {
  /** Reads on; "full" when there is nothing more to read. */
  fill(): Promise<{ outcome: "full" } | { outcome: "filling" } | CallFailure>;
  empty(): void;
  quantityOf(sku: string): number | null;
  keptByWalmart(sku: string): boolean;
}

const LEVELS_PAGE = 50;
const WFS_PAGE = 300;

const levelsSchema = saying(
  z.object({
    meta: z.object({ nextCursor: z.string().nullish() }).nullish(),
    elements: z.object({ inventories: listOf(inventorySchema).nullish() }).nullish(),
  }),
  "meta",
  "elements",
);

interface Filling {
  levels: Map<string, number | null>;
  kept: Set<string>;
  stage: "levels" | "kept" | "full";
  cursor: string | null;
  offset: number;
}

const nothing = (): Filling => ({
  levels: new Map(),
  kept: new Set(),
  stage: "levels",
  cursor: null,
  offset: 0,
});

export function createShelf(client: WalmartClient, account: Account): Shelf {
  let filling = nothing();
  return {
    async fill() {
      if (filling.stage === "full") return { outcome: "full" };
      const failed =
        filling.stage === "levels"
          ? await readLevels(client, filling, nodeOf(account))
          : await readKept(client, filling);
      if (failed === "again") filling = nothing();
      else if (failed) return failed;
      return { outcome: filling.stage === "full" ? "full" : "filling" };
    },
    empty() {
      filling = nothing();
    },
    quantityOf: (sku) => filling.levels.get(sku) ?? null,
    keptByWalmart: (sku) => filling.kept.has(sku),
  };
}

/**
 * One page, strictly in order: each answer's cursor is good for one call, and one that was used
 * before (our last answer was lost on the way) is "not found". Then it is all read again.
 * https://developer.walmart.com/us-marketplace/reference/getmultinodeinventoryforallskuandallshipnodes
 */
async function readLevels(
  client: WalmartClient,
  filling: Filling,
  named: string | null,
): Promise<CallFailure | "again" | null> {
  const after = filling.cursor === null ? "" : `&nextCursor=${encodeURIComponent(filling.cursor)}`;
  const path = `/v3/inventories?limit=${LEVELS_PAGE}${after}`;
  const answer = await client.run(levelsSchema, { method: "GET", path, kind: "read", name: null });
  const missing = answer.outcome === "refused" && answer.status === 404;
  if (missing && filling.cursor !== null) return "again";
  if (answer.outcome === "refused" && !missing) return asFailure(answer);
  if (answer.outcome !== "answered" && answer.outcome !== "refused") return answer;
  const page = answer.outcome === "answered" ? answer.data : null;
  for (const { sku, nodes } of page?.elements?.inventories ?? []) {
    filling.levels.set(sku, buyable(nodes ?? [], named));
  }
  filling.cursor = page?.meta?.nextCursor ?? null;
  if (filling.cursor === null) filling.stage = "kept";
  return null;
}

/**
 * One page of what Walmart keeps (WFS). The answer's shape is published nowhere, so every "sku" in
 * it counts. A seller who is not in WFS may be told "not found" or "forbidden": he has none.
 * https://developer.walmart.com/us-marketplace/docs/wfs-get-inventory-new
 */
async function readKept(client: WalmartClient, filling: Filling): Promise<CallFailure | null> {
  const path = `/v3/wfs/inventory?limit=${WFS_PAGE}&offset=${filling.offset}`;
  const answer = await client.run(z.unknown(), { method: "GET", path, kind: "read", name: null });
  const forbidden = answer.outcome === "unauthorized" && answer.cause === "forbidden";
  if (answer.outcome === "refused" || forbidden) {
    filling.stage = "full";
    return null;
  }
  if (answer.outcome !== "answered") return answer;
  const before = filling.kept.size;
  const skus = skusIn(answer.data);
  for (const sku of skus) filling.kept.add(sku);
  filling.offset += skus.length;
  // A page that adds nothing would be asked for for ever.
  const more =
    skus.length > 0 && filling.kept.size > before && filling.offset < totalOf(answer.data);
  if (!more) filling.stage = "full";
  return null;
}

function skusIn(data: unknown): string[] {
  if (Array.isArray(data)) return data.flatMap(skusIn);
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([name, value]) =>
    name === "sku" && typeof value === "string" ? [value] : skusIn(value),
  );
}

const totalSchema = z.union([
  z.object({ headers: z.object({ totalCount: units }) }).transform((one) => one.headers.totalCount),
  z.object({ meta: z.object({ totalCount: units }) }).transform((one) => one.meta.totalCount),
]);

/** Where no total is told, pages are read until one adds nothing. */
function totalOf(data: unknown): number {
  const total = totalSchema.safeParse(data);
  return total.success ? total.data : Number.POSITIVE_INFINITY;
}
