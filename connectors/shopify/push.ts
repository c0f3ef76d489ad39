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

/** A row on its way: `place` is its place in the batch, `found` what was there instead. */
interface Sent extends PushLine {
  place: number;
  found: number | null;
  location: string;
  /** It keeps another location at 0, beside the row that tells the line's number. */
  empties: boolean;
}

/** Where the numbers of a push go: the location that shows them, and those that show nothing. */
export interface Locations {
  told: string;
  emptied: readonly string[];
}

/**
 * Sets a batch of quantities, all rows or none (which is how Shopify takes them): the rows it
 * objects to get their result, and the rest is sent again without them. A row that was stale is
 * read and sent again with the rest, less what the shop turns out to have sold meanwhile: a sale
 * whose webhook is still on its way must not be given back.
 *
 * So a push is a set, and in a rush a read and a second set. What is stale even then sells faster
 * than it can be told: it is left for the next push, which knows of more sales. Only for the rows
 * beside it, which are not to blame, is there a third set.
 */
export async function pushQuantities(
  client: ShopifyClient,
  locations: Locations,
  batch: readonly PushLine[],
): Promise<PushResult[]> {
  const { pushBatch } = SHOPIFY_LIMITS;
  assert(batch.length <= pushBatch, "a push carries 250 rows at most");
  const lines = Math.floor(pushBatch / (1 + locations.emptied.length));
  const results: PushResult[] = [];
  for (let from = 0; from < batch.length; from += lines) {
    results.push(...(await pushCall(client, locations, batch.slice(from, from + lines))));
  }
  return results;
}

async function pushCall(
  client: ShopifyClient,
  locations: Locations,
  batch: readonly PushLine[],
): Promise<PushResult[]> {
  const results: PushResult[] = [];
  const rows = batch.flatMap((line, place) => rowsOf(line, place, locations));
  const innocent = await setRows(client, rows, results);
  const again = await readAgain(client, locations.told, rows, results);
  const still = await setRows(client, [...innocent, ...again], results);
  const last = await setRows(client, still, results);
  // Nobody objected to these, and still they were not set: that is to be read before more is sent.
  for (const { place } of last) results[place] ??= { outcome: "stale", current: null };
  assert(
    batch.every((_, place) => results[place] !== undefined),
    "every row has a result",
  );
  return results;
}

/** A line's number where it is shown, and nothing where nothing is to be sold. */
function rowsOf(line: PushLine, place: number, { told, emptied }: Locations): Sent[] {
  const row = { ...line, place, found: null };
  return [
    { ...row, location: told, empties: false },
    ...emptied.map((location) => ({
      ...row,
      location,
      quantity: 0,
      expected: null,
      empties: true,
    })),
  ];
}

/**
 * The stale rows as they are to be set from what the shop has now. One that cannot be read stays
 * stale.
 */
async function readAgain(
  client: ShopifyClient,
  location: string,
  rows: readonly Sent[],
  results: PushResult[],
): Promise<Sent[]> {
  const stale = rows.filter((row) => !row.empties && results[row.place]?.outcome === "stale");
  if (stale.length === 0) return [];
  const current = await recordedQuantities(client, location, stale);
  return stale.flatMap((row, at) => {
    const expected = current[at] ?? null;
    if (expected === null) return [];
    // More than expected is no sale undone.
    const unheard = row.expected === null ? 0 : Math.max(0, row.expected - expected);
    const quantity = Math.max(0, row.quantity - unheard);
    return [{ ...row, quantity, expected, found: expected, key: `${row.key}/again` }];
  });
}

/** One call. Answers the rows that nobody objected to, but that were refused with the others. */
async function setRows(
  client: ShopifyClient,
  rows: readonly Sent[],
  results: PushResult[],
): Promise<Sent[]> {
  if (rows.length === 0) return [];
  const answer = await client.mutate(setSchema, SET_QUANTITIES, variablesOf(rows), "push");
  if (answer.outcome !== "answered") return giveAll(rows, results, () => answer);
  const errors = answer.data.inventorySetQuantities?.userErrors ?? [];
  const [first] = errors;
  if (!first) return giveAll(rows, results, accepted);
  const bad = byRow(errors);
  for (const [at, error] of bad) {
    const row = rows[at];
    // What is stocked nowhere but at the told location need not be emptied elsewhere.
    if (row && !row.empties) results[row.place] = resultOf(error, row);
  }
  if (bad.size > 0) return rows.filter((_, at) => !bad.has(at));
  // An error about no row in particular: halve until it is alone with the row that causes it.
  if (rows.length === 1 || concernsCall(first)) {
    return giveAll(rows, results, (row) => resultOf(first, row));
  }
  const half = Math.ceil(rows.length / 2);
  const left = await setRows(client, rows.slice(0, half), results);
  return [...left, ...(await setRows(client, rows.slice(half), results))];
}

const accepted = ({ found }: Sent): PushResult =>
  found === null ? { outcome: "accepted" } : { outcome: "accepted", found };

function giveAll(
  rows: readonly Sent[],
  results: PushResult[],
  result: (row: Sent) => PushResult,
): [] {
  for (const row of rows) if (!row.empties) results[row.place] = result(row);
  return [];
}

/**
 * The same lines with the same keys make the same key, so a batch that is sent again after a
 * time-out is answered from Shopify's memory instead of being done twice.
 */
function variablesOf(rows: readonly Sent[]) {
  const names = rows.map((row) => [
    ...[row.key, row.externalId, row.location, row.quantity, row.expected],
  ]);
  const digest = createHash("sha256").update(JSON.stringify(names)).digest("hex");
  return {
    key: digest.slice(0, 36),
    input: {
      name: "available",
      reason: "correction",
      referenceDocumentUri: `gid://ballast/Push/${digest.slice(0, 16)}`,
      quantities: rows.map((row) => ({
        inventoryItemId: row.handle.inventoryItemId,
        locationId: row.location,
        quantity: row.quantity,
        // Must be there even when null, which skips the comparison; leaving it out is an error.
        changeFromQuantity: row.expected,
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

function resultOf(error: UserError, { found }: Sent): PushResult {
  switch (error.code) {
    case "CHANGE_FROM_QUANTITY_STALE":
      // Stale twice: what was read in between is the newest that is known.
      return { outcome: "stale", current: found };
    case "IDEMPOTENCY_CONCURRENT_REQUEST":
      return { outcome: "unknown", why: error.message };
    case "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED":
      return { outcome: "unavailable", why: error.message };
    default:
      return { outcome: "rejected", why: `${error.code ?? "error"}: ${adviceOn(error)}` };
  }
}

/** What the merchant can do about a refusal; Shopify's own words where he can do nothing. */
function adviceOn({ code, message }: UserError): string {
  // Not a code of this mutation's, but told by others: the message is looked at, too.
  if (code === "ITEM_NOT_STOCKED_AT_LOCATION" || /not stocked/i.test(message)) {
    return "it is not stocked at the chosen location. Stock it there in Shopify, then import.";
  }
  switch (code) {
    case "INVALID_LOCATION":
      return "its location is gone or switched off. Choose another on the channel's page.";
    case "INVALID_INVENTORY_ITEM":
      return "Shopify does not have it any more. Import the listings again.";
    case "NON_MUTABLE_INVENTORY_ITEM":
      return "it is a bundle, whose stock comes from its components. Match those instead.";
    default:
      return message;
  }
}
