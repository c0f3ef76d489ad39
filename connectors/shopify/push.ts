import { createHash } from "node:crypto";
import { z } from "zod";
import { assert } from "../../inventory/assert.ts";
import type { PushLine, PushResult } from "../connector.ts";
import type { ShopifyClient } from "./client.ts";
import { SET_QUANTITIES } from "./documents.ts";
import { SHOPIFY_LIMITS } from "./limits.ts";
import { recordedQuantities } from "./listings.ts";

const userErrorSchema = z.object({
  code: z.string().nullable(),
  field: z.array(z.string()).nullable(),
  message: z.string(),
});

type UserError = z.infer<typeof userErrorSchema>;

const setSchema = z.object({
  inventorySetQuantities: z.object({ userErrors: z.array(userErrorSchema) }).nullable(),
});

/** Lines by their place in the batch, so that results go back in its order. */
type Placed = [place: number, line: PushLine][];

/** A shop that sells faster than this many rounds of reading and setting is left for later. */
const STALE_ROUNDS = 5;

/**
 * Sets a batch of quantities, all rows or none (which is how Shopify takes them): the rows it
 * objects to get their result, and the rest is sent again without them. A row that was stale is
 * read and set again at once, less what the shop turns out to have sold meanwhile: a sale whose
 * webhook is still on its way must not be given back.
 */
export async function pushQuantities(
  client: ShopifyClient,
  location: string,
  batch: readonly PushLine[],
): Promise<PushResult[]> {
  assert(batch.length <= SHOPIFY_LIMITS.pushBatch, "a push carries 250 rows at most");
  const results: PushResult[] = [];
  let rows: Placed = [...batch.entries()];
  for (let round = 1; rows.length > 0; round += 1) {
    await pushRows(client, rows, results);
    await tellCurrent(client, location, batch, results);
    for (const [place, line] of rows) noteUnheard(results, place, batch[place]?.expected, line);
    rows = round < STALE_ROUNDS ? staleRows(batch, results, round) : [];
  }
  assert(
    batch.every((_, place) => results[place] !== undefined),
    "every row has a result",
  );
  return results;
}

/** Rows found stale, as they are to be set from what the shop has now. */
function staleRows(
  batch: readonly PushLine[],
  results: readonly PushResult[],
  round: number,
): Placed {
  return [...batch.entries()].flatMap(([place, line]): Placed => {
    const result = results[place];
    if (result?.outcome !== "stale" || result.current === null) return [];
    const quantity = Math.max(0, line.quantity - unheard(line.expected, result.current));
    const key = `${line.key}/${round}`;
    return [[place, { ...line, quantity, expected: result.current, key }]];
  });
}

/** Units the shop has sold that nobody has heard of. More than expected is no sale undone. */
function unheard(expected: number | null | undefined, current: number | null): number {
  if (expected === null || expected === undefined || current === null) return 0;
  return Math.max(0, expected - current);
}

function noteUnheard(
  results: PushResult[],
  place: number,
  expected: number | null | undefined,
  sent: PushLine,
): void {
  if (results[place]?.outcome !== "accepted") return;
  const units = unheard(expected, sent.expected);
  if (units > 0) results[place] = { outcome: "accepted", unheard: units };
}

async function pushRows(client: ShopifyClient, rows: Placed, results: PushResult[]): Promise<void> {
  if (rows.length === 0) return;
  const lines = rows.map(([, line]) => line);
  const answer = await client.mutate(setSchema, SET_QUANTITIES, variablesOf(lines));
  if (answer.outcome !== "answered") return giveAll(rows, results, answer);
  const errors = answer.data.inventorySetQuantities?.userErrors ?? [];
  if (errors.length === 0) return giveAll(rows, results, { outcome: "accepted" });
  const bad = byRow(errors);
  if (bad.size > 0) {
    for (const [at, error] of bad) {
      const place = rows[at]?.[0];
      if (place !== undefined) results[place] = resultOf(error);
    }
    return pushRows(
      client,
      rows.filter((_, at) => !bad.has(at)),
      results,
    );
  }
  // An error about no row in particular: halve until it is alone with the row that causes it.
  const [first] = errors;
  if (rows.length === 1 || !first || concernsCall(first)) {
    return giveAll(
      rows,
      results,
      first ? resultOf(first) : { outcome: "unknown", why: "no answer" },
    );
  }
  const half = Math.ceil(rows.length / 2);
  await pushRows(client, rows.slice(0, half), results);
  await pushRows(client, rows.slice(half), results);
}

function giveAll(rows: Placed, results: PushResult[], result: PushResult): void {
  for (const [place] of rows) results[place] = result;
}

/**
 * The same lines with the same keys make the same key, so a batch that is sent again after a
 * time-out is answered from Shopify's memory instead of being done twice.
 */
function variablesOf(lines: readonly PushLine[]) {
  const names = lines.map((line) => [line.key, line.externalId, line.quantity, line.expected]);
  const digest = createHash("sha256").update(JSON.stringify(names)).digest("hex");
  return {
    key: digest.slice(0, 36),
    input: {
      name: "available",
      reason: "correction",
      referenceDocumentUri: `gid://ballast/Push/${digest.slice(0, 16)}`,
      quantities: lines.map((line) => ({
        inventoryItemId: line.handle.inventoryItemId,
        locationId: line.handle.locationId,
        quantity: line.quantity,
        // Must be there even when null, which skips the comparison; leaving it out is an error.
        changeFromQuantity: line.expected,
      })),
    },
  };
}

/** The first error of each row, by the index in its field: ["input", "quantities", "3", ...]. */
function byRow(errors: readonly UserError[]): Map<number, UserError> {
  const rows = new Map<number, UserError>();
  for (const error of errors) {
    const [, list, at] = error.field ?? [];
    if (list !== "quantities" || at === undefined || !/^\d+$/.test(at)) continue;
    if (!rows.has(Number(at))) rows.set(Number(at), error);
  }
  return rows;
}

/** About the idempotency key, hence about the whole call. */
const concernsCall = (error: UserError) => error.code?.startsWith("IDEMPOTENCY_") ?? false;

function resultOf(error: UserError): PushResult {
  switch (error.code) {
    case "CHANGE_FROM_QUANTITY_STALE":
      return { outcome: "stale", current: null };
    case "IDEMPOTENCY_CONCURRENT_REQUEST":
      return { outcome: "unknown", why: error.message };
    case "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED":
      return { outcome: "unavailable", why: error.message };
    default:
      return { outcome: "rejected", why: `${error.code ?? "error"}: ${error.message}` };
  }
}

/** Reads what stale rows were compared with, so that the next plan can start from it. */
async function tellCurrent(
  client: ShopifyClient,
  location: string,
  batch: readonly PushLine[],
  results: PushResult[],
): Promise<void> {
  const stale = [...batch.entries()].filter(([place]) => results[place]?.outcome === "stale");
  for (let from = 0; from < stale.length; from += SHOPIFY_LIMITS.readBackBatch) {
    const some = stale.slice(from, from + SHOPIFY_LIMITS.readBackBatch);
    const current = await recordedQuantities(
      client,
      location,
      some.map(([, line]) => line),
    );
    some.forEach(([place], at) => {
      results[place] = { outcome: "stale", current: current[at] ?? null };
    });
  }
}
