import { z } from "zod";
import { HOLD_BOUNDS, type HoldTerms } from "../../inventory/hold-terms.ts";

type Field = keyof typeof HOLD_BOUNDS;

const whole = ({ min, max }: { min: number; max: number }) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,7}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const fields = Object.fromEntries(
  Object.entries(HOLD_BOUNDS).map(([name, bounds]) => [name, whole(bounds)]),
) as Record<Field, ReturnType<typeof whole>>;

/** The form of a shop's rules for carts, as the browser sends it. */
export const termsForm = z
  .object({ intent: z.literal("terms"), webhookCarts: z.literal("on").optional(), ...fields })
  .refine(({ ttlMinutes, longestMinutes }) => longestMinutes >= ttlMinutes, {
    path: ["longestMinutes"],
  })
  .transform(({ intent: _, webhookCarts, sharePercent: percent, shareBelow: below, ...terms }) => {
    const kept: HoldTerms = {
      ...{ ...terms, webhookCarts: webhookCarts === "on" },
      share: { percent, below },
    };
    return kept;
  });
