import { z } from "zod";

/**
 * Every kind of background work: its payload, its tries, and when it runs by itself. A payload
 * holds keys, never quantities: a job reads the newest numbers when it runs, so a hundred sales
 * become one call. Handlers live in jobs/handlers, one per file.
 */
export const CATALOGUE = {
  /** Translates one inbox message and applies its activities to the ledger. */
  "inbox.apply": { payload: z.object({ message: z.string() }) },
  /** Asks for the orders that an inbox message only points at, and applies them. */
  "inbox.follow": { payload: z.object({ message: z.string() }) },
  /** The same as inbox.apply for messages that came in together: a rush is one job for many. */
  "inbox.batch": { payload: z.object({ messages: z.array(z.string()).min(1).max(1_000) }) },
  /** Tells a connection's marketplace every number that changed, in batches. */
  "push.connection": { payload: z.object({ connection: z.string() }) },
  /** Reads the pushed numbers back until the marketplace shows them. */
  "readback.connection": { payload: z.object({ connection: z.string() }) },
  /** Asks a marketplace what became of the files of quantities that were handed to it. */
  "file.poll": { payload: z.object({ connection: z.string() }) },
  /** Finds connections whose push, read-back or file was lost. */
  "push.sweep": { payload: z.object({}), everyMs: 5_000 },
  /** Plans listings anew from the ledger's live stock: a rule changed, or a listing is new. */
  "listings.replan": {
    payload: z.object({
      shop: z.string(),
      /** Only these; every listing of the shop when nothing is named. */
      channel: z.string().optional(),
      connection: z.string().optional(),
      category: z.string().optional(),
      item: z.string().optional(),
    }),
  },
  /** Takes over every listing of a connection, in steps that survive a restart. */
  "listings.import": { payload: z.object({ connection: z.string() }) },
  /** Reads every live number of a connection back, and puts right what differs. */
  "connection.feed": { payload: z.object({ connection: z.string() }) },
  /** Checks a batch of changes, or applies it, in steps that survive a restart. */
  "batch.run": { payload: z.object({ batch: z.string() }) },
  /** Goes on with tasks and batches whose job was lost. */
  "tasks.sweep": { payload: z.object({}), everyMs: 30_000 },
  /** Asks a marketplace whether it still lets us in, daily and whenever a person wants to know. */
  "connection.health": { payload: z.object({ connection: z.string() }) },
  /** Asks a marketplace for orders changed since the watermark: what a webhook missed. */
  "orders.sweep": { payload: z.object({ connection: z.string() }) },
  /** Asks a marketplace for returns, where they are not told with their orders. */
  "returns.sweep": { payload: z.object({ connection: z.string() }) },
  /** Finds inbox messages whose job was lost. */
  "inbox.sweep": { payload: z.object({}), everyMs: 5_000 },
  /** Sends an endpoint of a merchant's own program the events it waits for. */
  "webhooks.deliver": { payload: z.object({ endpoint: z.string() }) },
  /** Finds endpoints whose job was lost, and ends old logs. */
  "webhooks.sweep": { payload: z.object({}), everyMs: 5_000 },
  /** Expires due holds that nobody touched. */
  "holds.expire": { payload: z.object({}), everyMs: 1_000 },
  /** Forgets events that every consumer has seen. */
  "events.trim": { payload: z.object({}), everyMs: 60_000 },
  /** Looks at every shop whose team wants to hear of what needs a person. */
  "notify.sweep": { payload: z.object({}), everyMs: 20_000 },
  /** Tells a shop's team what it has not heard of. */
  "notify.shop": { payload: z.object({ shop: z.string() }) },
  /** Proves daily that legs sum to balances, in PostgreSQL and against Redis. */
  "ledger.check": { payload: z.object({}), everyMs: 24 * 60 * 60 * 1_000 },
} as const satisfies Record<string, { payload: z.ZodType; everyMs?: number }>;

export type JobName = keyof typeof CATALOGUE;
export type JobPayload<N extends JobName> = z.infer<(typeof CATALOGUE)[N]["payload"]>;
