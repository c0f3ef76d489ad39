import type { Ledger } from "../../ledger/contract.ts";
import type { Database } from "../../prisma/client.ts";
import type { JobPayload } from "../catalogue.ts";
import type { LivePublisher } from "../live.ts";
import type { Log } from "../log.ts";
import { type Replanned, replanListings } from "../planner.ts";
import type { Queues } from "../queues.ts";

export interface ListingsReplanDeps {
  db: Database;
  ledger: Pick<Ledger, "stock">;
  enqueue: Queues["enqueue"];
  live: Pick<LivePublisher, "publish">;
  /** Asks for the job again in `ms`. */
  replanLater(payload: JobPayload<"listings.replan">, ms: number): void;
  now(): number;
  log: Log;
}

/** A ledger that is away or being verified is asked again this soon. */
const UNAVAILABLE_MS = 2_000;

/** The handler of "listings.replan". What it changed is pushed at once. */
export async function listingsReplan(
  deps: ListingsReplanDeps,
  payload: JobPayload<"listings.replan">,
): Promise<Replanned> {
  const { shop, ...filter } = payload;
  const result = await replanListings(deps, shop, filter);
  deps.log.info({ ...payload, ...result }, "listings replanned");
  if (result.outcome === "unavailable") {
    deps.replanLater(payload, UNAVAILABLE_MS);
    return result;
  }
  if (result.unsure > 0) deps.replanLater(payload, UNAVAILABLE_MS);
  const { connections } = result;
  await Promise.all(connections.map((id) => deps.enqueue("push.connection", { connection: id })));
  if (result.changed > 0) deps.live.publish(shop, {});
  return result;
}
