import type { Database } from "../../prisma/client.ts";
import { dueEndpoints, forgetDeliveries } from "../../prisma/webhook-deliveries.ts";
import type { Queues } from "../queues.ts";

export interface WebhooksSweepDeps {
  db: Database;
  enqueue: Queues["enqueue"];
  now(): number;
}

/** A log goes back so far. */
const KEPT_MS = 30 * 24 * 60 * 60_000;
const FORGET_AT_ONCE = 5_000;

/** The handler of "webhooks.sweep": finds endpoints whose job was lost, and ends old logs. */
export async function webhooksSweep({ db, enqueue, now }: WebhooksSweepDeps): Promise<void> {
  for (const endpoint of await dueEndpoints(db, new Date(now()))) {
    await enqueue("webhooks.deliver", { endpoint });
  }
  await forgetDeliveries(db, new Date(now() - KEPT_MS), FORGET_AT_ONCE);
}
