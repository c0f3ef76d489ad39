import { z } from "zod";
import { DEFAULT_HOLD_SECONDS, MAX_HOLD_SECONDS, MIN_HOLD_SECONDS } from "../../inventory/hold.ts";
import type { Example } from "./route.ts";
import { channel, heldSchema, moment, named, sku, units } from "./schemas.ts";

/** A cart longer than this is not a shopper's. */
const MAX_LINES = 100;

const ttlSeconds = z
  .int()
  .min(MIN_HOLD_SECONDS)
  .max(MAX_HOLD_SECONDS)
  .describe("How long it lives from now on.");

/** POST /holds. A SKU may come once: two lines of it would be two claims on the same units. */
export const holdBody = named(
  "NewHold",
  z.strictObject({
    lines: z
      .array(z.strictObject({ sku, quantity: units }))
      .min(1)
      .max(MAX_LINES)
      .superRefine((lines, context) => {
        const seen = new Set<string>();
        lines.forEach((line, at) => {
          if (seen.has(line.sku)) {
            const message = `the SKU ${line.sku} is on an earlier line: add the quantities up`;
            context.addIssue({ code: "custom", path: [at, "sku"], message });
          }
          seen.add(line.sku);
        });
      }),
    channel: channel.optional(),
    ttlSeconds: ttlSeconds.default(DEFAULT_HOLD_SECONDS),
  }),
);

/** PATCH /holds/:id. */
export const extendBody = z.strictObject({ ttlSeconds });

/** POST /holds/:id/commit. */
export const commitBody = z.strictObject({
  orderId: z.string().trim().min(1).max(200),
  connection: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "The connection whose marketplace will report this order as well: it is counted once. " +
        "Without it the order is your own.",
    ),
});

export const extendedSchema = named(
  "ExtendedHold",
  z.object({ id: z.string(), expiresAt: moment }),
);

export const committedSchema = named(
  "CommittedHold",
  z.object({
    id: z.string(),
    orderId: z.string(),
    lines: heldSchema.shape.lines,
  }),
);

const LINES = [{ sku: "TEE-BLK-M", quantity: 2 }];

export const HOLD_EXAMPLE: Example = {
  summary: "Two units for a cart, for ten minutes",
  body: { lines: LINES, channel: "web", ttlSeconds: 600 },
  answer: { id: "b_4kQ0mYxV7v", expiresAt: "2026-11-27T12:10:00.000Z", lines: LINES },
};

export const SHORT_EXAMPLE: Example = {
  summary: "More than there is",
  body: { lines: [{ sku: "TEE-BLK-M", quantity: 1_000 }] },
  refused: { problem: "insufficient-stock", detail: "Nothing was held." },
};

export const EXTEND_EXAMPLE: Example = {
  summary: "Fifteen minutes from now",
  body: { ttlSeconds: 900 },
  answer: { id: "b_4kQ0mYxV7v", expiresAt: "2026-11-27T12:15:00.000Z" },
};

export const COMMIT_EXAMPLE: Example = {
  summary: "The shopper has paid",
  body: { orderId: "1001" },
  answer: { id: "b_4kQ0mYxV7v", orderId: "1001", lines: LINES },
};
