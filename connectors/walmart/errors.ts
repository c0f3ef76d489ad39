import { z } from "zod";
import { listOf } from "./quantity.ts";

const errorSchema = z.object({
  code: z.string().nullish(),
  description: z.string().nullish(),
  message: z.string().nullish(),
  info: z.string().nullish(),
  field: z.string().nullish(),
});

/**
 * Newer services say {errors: [...]}, older ones {errors: {error: [...]}}, the gateway at times
 * {error: [...]}; each list may be a single object.
 * https://developer.walmart.com/us-marketplace/docs/error-codes
 */
const wrapped = z.object({ error: listOf(errorSchema) });
const errorsSchema = z.union([
  z.object({ errors: wrapped }).transform(({ errors }) => errors.error),
  z.object({ errors: listOf(errorSchema) }).transform(({ errors }) => errors),
  wrapped.transform(({ error }) => error),
]);

/** What Walmart says went wrong, in one line. */
export function reasonsOf(body: unknown): string {
  const parsed = errorsSchema.safeParse(body);
  if (!parsed.success) return "no reason given";
  const reasons = parsed.data.map(({ code, field, description, message, info }) =>
    [code, field, description ?? message ?? info].filter(Boolean).join(" "),
  );
  return reasons.filter((one) => one.length > 0).join("; ") || "no reason given";
}
