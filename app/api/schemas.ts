import { z } from "zod";
import { assert } from "../../inventory/assert.ts";
import { PHYSICAL_BUCKETS } from "../../inventory/bucket.ts";

/*
 * What several routes tell in the same shape. Each has a name in the OpenAPI document. Answers may
 * gain members; a program ignores those it does not know.
 */

const byId = new Map<string, z.ZodType>();
const ids = new Map<z.ZodType, string>();

/** The schemas that have a name in the document. */
export const NAMED = {
  entries: () => [...byId.entries()],
  idOf: (schema: z.ZodType) => ids.get(schema),
};

/** Gives a schema a name in the document. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  assert(!byId.has(id), "a name of the document stands for one schema");
  byId.set(id, schema);
  ids.set(schema, id);
  return schema;
}

/** RFC 9457. A request with several things wrong is told all of them. */
named(
  "Problem",
  z.looseObject({
    type: z.string().describe("What kind of refusal; opened, it says what it means."),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(
        z.looseObject({
          pointer: z.string().optional().describe("JSON pointer into the body."),
          header: z.string().optional(),
          parameter: z.string().optional(),
          detail: z.string(),
        }),
      )
      .optional(),
  }),
);

/** More units than any merchant has; less than where the ledger's arithmetic stops being exact. */
export const MAX_UNITS = 1_000_000_000;

export const sku = z.string().min(1).max(200).describe("The merchant's name of the item.");
export const units = z.int().min(1).max(MAX_UNITS);
export const moment = z.iso.datetime().describe("A moment in UTC, ISO 8601.");
export const count = z.int().min(-MAX_UNITS).max(MAX_UNITS);
export const seq = z.int().min(0).describe("Number of a movement within the item's partition.");
export const channel = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,49}$/, "must be a channel's name")
  .describe("A marketplace, such as shopify or amazon, or a name of your own.");
export const location = z.string().min(1).max(100).describe("Code of a location.");
export const physicalBucket = z.enum(PHYSICAL_BUCKETS);

/** Pages are asked for with `after`; `next` is what to ask with for what follows. */
export function pageOf<S extends z.ZodType>(id: string, row: S) {
  return named(
    id,
    z.object({
      data: z.array(row),
      next: z
        .string()
        .nullable()
        .describe("Ask with after=<next> for what follows; null when nothing was ever there."),
      more: z.boolean().describe("Whether there is something after this page already."),
    }),
  );
}

/** How much of a list is asked for. */
export const limit = z.coerce.number().int().min(1).max(1_000).default(100);

/** Rows beyond the page say that there are more. */
export function page<T>(rows: readonly T[], size: number, cursor: (row: T) => string) {
  const data = rows.slice(0, size);
  const last = data.at(-1);
  return { data, next: last === undefined ? null : cursor(last), more: rows.length > size };
}

export const balanceLine = named(
  "BalanceLine",
  z.object({
    bucket: z.string().describe("sellable, committed, held, damaged ... or allocated:<channel>."),
    location: z.string().optional().describe("Absent for claims: no shelf is chosen yet."),
    quantity: count,
  }),
);

const stockFields = {
  version: z.int().min(0).describe("Changes with every movement of the item."),
  onHand: count.describe("Units physically here, sellable or not."),
  ats: count.describe("Available to sell; negative means oversold."),
  balances: z.array(balanceLine),
};
export const stockSchema = named("Stock", z.object(stockFields));

export const movedSchema = named(
  "Moved",
  z.object({ seq, oversold: count.describe("Units by which it oversold."), ...stockFields }),
);

export const listingSchema = named(
  "Listing",
  z.object({
    id: z.string(),
    channel: z.string(),
    connection: z.string().describe("Name of the account it is offered on."),
    externalId: z.string().describe("The marketplace's id of it."),
    sku: z.string().describe("As the marketplace writes it."),
    item: z
      .string()
      .nullable()
      .describe("SKU of the item it is matched to; null for none or kits."),
    unitsPerSale: z.int().min(1),
    kit: z.boolean(),
    merchantFulfilled: z.boolean(),
    planned: z.int().nullable().describe("What it should show."),
    accepted: z.int().nullable().describe("What the marketplace took."),
    shown: z.int().nullable().describe("What was read back."),
    trouble: z.string().nullable().describe("Why the last push did not work."),
  }),
);

export const reasonSchema = named(
  "Reason",
  z.object({
    code: z.string(),
    change: z.int().describe("Units this line adds or takes away."),
    remaining: z.int(),
    detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    text: z.string().describe("The same as a sentence."),
  }),
);

export const itemStockSchema = named(
  "ItemStock",
  z.object({
    sku,
    title: z.string(),
    ...stockFields,
    exposure: z.int().min(0).describe("Worst case now: units all listings could sell too many."),
    listings: z.array(
      listingSchema.omit({ id: true, sku: true, item: true }).extend({
        reasons: z.array(reasonSchema).describe("Why it shows what it shows, in order."),
      }),
    ),
  }),
);

export const legSchema = named(
  "Leg",
  z.object({ bucket: z.string(), location: z.string(), quantity: count }),
);

export const movementSchema = named(
  "Movement",
  z.object({
    seq,
    type: z.string(),
    at: moment,
    occurredAt: moment.nullable().describe("When it happened in the world, where that was said."),
    channel: z.string().nullable(),
    order: z.string().nullable(),
    hold: z.string().nullable(),
    oversold: count,
    actor: z
      .string()
      .nullable()
      .describe("Who: person: and an id, api: and a token's name, or a marketplace."),
    reason: z.string().nullable(),
    reference: z.string().nullable(),
    legs: z.array(legSchema).describe("Signed units by bucket; they sum to zero."),
  }),
);

export const heldSchema = named(
  "Hold",
  z.object({
    id: z.string(),
    expiresAt: moment,
    lines: z.array(z.object({ sku, quantity: units })),
  }),
);
