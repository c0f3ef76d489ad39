import { z } from "zod";
import { DEFAULT_HOLD_SECONDS, MAX_HOLD_SECONDS, MIN_HOLD_SECONDS } from "../../inventory/hold.ts";
import { MAX_UNITS, sku } from "./movement-body.ts";

/** A cart longer than this is not a shopper's. */
const MAX_LINES = 100;

const ttlSeconds = z.int().min(MIN_HOLD_SECONDS).max(MAX_HOLD_SECONDS);

/** POST /holds. A SKU may come once: two lines of it would be two claims on the same units. */
export const holdBody = z.strictObject({
  lines: z
    .array(z.strictObject({ sku, quantity: z.int().min(1).max(MAX_UNITS) }))
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
  channel: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,49}$/, "must be a channel's name")
    .optional(),
  ttlSeconds: ttlSeconds.default(DEFAULT_HOLD_SECONDS),
});

/** PATCH /holds/:id. */
export const extendBody = z.strictObject({ ttlSeconds });

/** POST /holds/:id/commit. */
export const commitBody = z.strictObject({
  orderId: z.string().trim().min(1).max(200),
  /**
   * The connection whose marketplace will report this order as well. The order is then counted
   * once; without it, the order is the storefront's own.
   */
  connection: z.string().min(1).max(100).optional(),
});
