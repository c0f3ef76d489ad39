import type { Connector } from "../connectors/connector.ts";
import type { Database } from "../prisma/client.ts";
import { type ConnectionRow, everyConnection } from "../prisma/connections.ts";
import { CATALOGUE, type JobName } from "./catalogue.ts";
import type { Queues } from "./queues.ts";

export interface ScheduleDeps {
  db: Database;
  queues: Queues;
  connectorOf(channel: string): Connector | undefined;
  now(): number;
}

const MINUTE_MS = 60 * 1_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Goods on their way back travel for days. */
const RETURNS_EVERY_MS = 15 * 60_000;

/** What runs for each connection by itself. */
const PER_CONNECTION = [
  "orders.sweep",
  "returns.sweep",
  "connection.health",
  "connection.feed",
] as const satisfies JobName[];

/**
 * Writes down what runs by itself, and how often: every kind of the catalogue that says so, and a
 * sweep of each connection's orders at its marketplace's pace, and a look at whether it is still
 * let in. Whoever the merchant took out is asked nothing more. Any number of workers may
 * write it, at every start and again whenever a connection may be new: it is one schedule.
 */
export async function writeSchedule(deps: ScheduleDeps): Promise<void> {
  const { db, queues, connectorOf, now } = deps;
  for (const [name, entry] of Object.entries(CATALOGUE)) {
    if (!("everyMs" in entry)) continue;
    await every(queues, name as JobName, name, entry.everyMs, {});
  }
  const present = new Set<string>();
  for (const connection of await everyConnection(db)) {
    const { id, channel, disconnected, feedHour, timeZone } = connection;
    const connector = connectorOf(channel);
    if (!connector || disconnected) continue;
    present.add(id);
    const { sweepEveryMs } = connector.limits;
    await every(queues, "orders.sweep", id, sweepEveryMs, { connection: id });
    await every(queues, "connection.health", id, healthEvery(connection, now()), {
      connection: id,
    });
    await every(queues, "returns.sweep", id, RETURNS_EVERY_MS, { connection: id });
    await daily(queues, "connection.feed", id, { hour: feedHour, timeZone }, { connection: id });
  }
  for (const name of PER_CONNECTION) await forgetOthers(queues, name, present);
}

/**
 * How often a marketplace is asked whether it lets us in: daily. Who is shut out may have been so
 * by mistake, or is let in again over there: he is asked within a minute, then after twice the time
 * each. What has ended by time only the merchant renews.
 */
export function healthEvery(
  { shutOut, shutOutAt }: Pick<ConnectionRow, "shutOut" | "shutOutAt">,
  now: number,
): number {
  if (shutOut === null || shutOut === "expired" || shutOutAt === null) return DAY_MS;
  const minutes = Math.max(1, (now - shutOutAt.getTime()) / 2 / MINUTE_MS);
  return Math.min(DAY_MS, 2 ** Math.ceil(Math.log2(minutes)) * MINUTE_MS);
}

async function every(
  queues: Queues,
  name: JobName,
  id: string,
  ms: number,
  data: object,
): Promise<void> {
  await queues.queue(name).upsertJobScheduler(id, { every: ms }, { name, data });
}

/** Once a day in this hour of the shop's day, at a minute that spreads connections over it. */
async function daily(
  queues: Queues,
  name: JobName,
  id: string,
  { hour, timeZone: tz }: { hour: number; timeZone: string },
  data: object,
): Promise<void> {
  const minute = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 60;
  const pattern = `${minute} ${hour} * * *`;
  await queues.queue(name).upsertJobScheduler(id, { pattern, tz }, { name, data });
}

/** Connections that are gone are visited no more. */
async function forgetOthers(
  queues: Queues,
  name: JobName,
  present: ReadonlySet<string>,
): Promise<void> {
  const queue = queues.queue(name);
  for (const { key } of await queue.getJobSchedulers()) {
    if (!present.has(key)) await queue.removeJobScheduler(key);
  }
}
