import { replanListings } from "../../jobs/planner.ts";
import type { RulePreview } from "../../jobs/rule-preview.ts";
import type { RuleScope } from "../../prisma/rule-scope.ts";
import type { Services } from "../services.ts";

/** A change of more listings than this is not waited for: the worker makes the plans. */
const REPLAN_NOW = 1_000;

/** What a merchant has saved takes effect at once: few listings are planned while he waits. */
export async function replanNow(
  services: Services,
  shop: string,
  scope: RuleScope,
  { covered, radius }: RulePreview,
): Promise<{ listings: number; by: "now" | "worker" }> {
  const listings = radius.changed;
  if (covered <= REPLAN_NOW) {
    const replanned = await replanListings(services, shop, scope);
    if (replanned.outcome === "replanned" && replanned.unsure === 0) {
      const pushes = replanned.connections.map((connection) =>
        services.queues.enqueue("push.connection", { connection }),
      );
      // The sweeper finds what a queue that is away did not take.
      await Promise.allSettled(pushes);
      return { listings, by: "now" };
    }
  }
  await services.queues.enqueue("listings.replan", { shop, ...scope });
  return { listings, by: "worker" };
}
