import { z } from "zod";
import { PHYSICAL_BUCKETS } from "../../inventory/bucket.ts";
import type { Command } from "../../ledger/contract.ts";

/** More units than any merchant has; less than where the ledger's arithmetic stops being exact. */
export const MAX_UNITS = 1_000_000_000;

export const sku = z.string().min(1).max(200);
const units = z.int().min(1).max(MAX_UNITS);
const signedUnits = z
  .int()
  .min(-MAX_UNITS)
  .max(MAX_UNITS)
  .refine((value) => value !== 0, "must not be 0");

const common = {
  sku,
  reason: z.string().trim().min(1).max(500),
  reference: z.string().trim().min(1).max(200).optional(),
  /** The version the person or program saw; a change since then refuses the movement. */
  expectedVersion: z.int().min(0).optional(),
};
const location = z.string().min(1).max(100);
const bucket = z.enum(PHYSICAL_BUCKETS).default("sellable");

/** What POST /movements takes. A key it does not know is refused: it may be a misspelt one. */
export const movementBody = z.discriminatedUnion("type", [
  z.strictObject({ ...common, type: z.literal("receive"), location, quantity: units }),
  z.strictObject({
    ...common,
    type: z.literal("adjust"),
    location,
    bucket,
    quantity: signedUnits,
  }),
  z
    .strictObject({
      ...common,
      type: z.literal("transfer"),
      bucket,
      location,
      to: location,
      quantity: units,
    })
    .refine(({ location, to }) => location !== to, {
      path: ["to"],
      message: "must be another location",
    }),
  z.strictObject({
    ...common,
    type: z.literal("allocate"),
    channel: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, "must be a channel's name"),
    quantity: signedUnits,
  }),
]);

export type MovementBody = z.infer<typeof movementBody>;

/** What a movement needs besides its body. */
export interface MovementContext {
  shop: string;
  item: string;
  activity: string;
  actor: string;
}

/** The body in the ledger's words. */
export function movementCommand(body: MovementBody, context: MovementContext): Command {
  const { reason, reference, expectedVersion } = body;
  const shared = { ...context, reason, reference, expectedVersion };
  switch (body.type) {
    case "receive":
      return { ...shared, type: "receive", location: body.location, quantity: body.quantity };
    case "adjust": {
      const { bucket, location, quantity } = body;
      return { ...shared, type: "adjust", bucket, location, delta: quantity };
    }
    case "transfer": {
      const { bucket, location: from, to, quantity } = body;
      return { ...shared, type: "transfer", bucket, from, to, quantity };
    }
    case "allocate":
      return { ...shared, type: "allocate", channel: body.channel, quantity: body.quantity };
  }
}
