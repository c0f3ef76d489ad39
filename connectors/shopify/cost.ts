import { z } from "zod";
import type { CallName, World } from "../connector.ts";

/** What an answer says of the points: https://shopify.dev/docs/api/usage/limits. */
const costSchema = z.object({
  requestedQueryCost: z.number().positive(),
  throttleStatus: z.object({
    currentlyAvailable: z.number(),
    restoreRate: z.number().positive(),
  }),
});

const thrownSchema = z.object({ body: z.object({ extensions: z.object({ cost: z.unknown() }) }) });

/** The cost that an error of the library carries, if any. */
export function costOf(error: unknown): unknown {
  return thrownSchema.safeParse(error).data?.body.extensions.cost;
}

/** The time until the bucket holds what the call costs. */
export function refillMs(cost: unknown): number {
  const known = costSchema.safeParse(cost);
  if (!known.success) return 1_000;
  const { requestedQueryCost, throttleStatus } = known.data;
  const missing = Math.max(1, requestedQueryCost - throttleStatus.currentlyAvailable);
  return Math.ceil((missing / throttleStatus.restoreRate) * 1_000);
}

/** One bucket pays for everything: this much of what flows into it is for calls of one kind. */
const SHARE = 0.52;

/** Says how many calls of this cost the shop's plan lets through, and how many are left now. */
export function tellRate(world: World, name: CallName, cost: unknown): void {
  const known = costSchema.safeParse(cost);
  if (!known.success) return;
  const { requestedQueryCost, throttleStatus } = known.data;
  const left = Math.max(0, Math.floor(throttleStatus.currentlyAvailable / requestedQueryCost));
  world.onRate?.(name, {
    perSecond: (throttleStatus.restoreRate * SHARE) / requestedQueryCost,
    left,
    ...(left > 0 ? {} : { moreAt: world.now() + refillMs(cost) }),
  });
}
