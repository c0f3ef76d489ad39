import { z } from "zod";
import type { Command } from "../../ledger/contract.ts";
import { channel, count, location, physicalBucket, sku, units } from "./schemas.ts";

const signedUnits = count.refine((value) => value !== 0, "must not be 0");

const common = {
  sku,
  reason: z.string().trim().min(1).max(500).describe("Why, for the history."),
  reference: z.string().trim().min(1).max(200).optional().describe("Your own number for it."),
  expectedVersion: z
    .int()
    .min(0)
    .optional()
    .describe("The version you decided upon; a change since then refuses the movement."),
};
const bucket = physicalBucket.default("sellable");

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
    channel,
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
