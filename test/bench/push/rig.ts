import { setupServer } from "msw/node";
import { pino } from "pino";
import type { Connector, Session } from "../../../connectors/connector.ts";
import { createPacer } from "../../../connectors/pacer.ts";
import { CONNECTORS } from "../../../connectors/registry.ts";
import type { RunningSandbox } from "../../../connectors/sandbox/engine.ts";
import {
  runSandboxes,
  type SandboxChannel,
  sandboxAccount,
} from "../../../connectors/sandbox/sandboxes.ts";
import { filePoll } from "../../../jobs/handlers/file-poll.ts";
import { ordersSweep } from "../../../jobs/handlers/orders-sweep.ts";
import { pushConnection } from "../../../jobs/handlers/push-connection.ts";
import { pushSweep } from "../../../jobs/handlers/push-sweep.ts";
import { readbackConnection } from "../../../jobs/handlers/readback-connection.ts";
import { importConnection } from "../../../jobs/import-listings.ts";
import { callKey, type LaneDeps, type LaneJob } from "../../../jobs/lane.ts";
import type { Database } from "../../../prisma/client.ts";
import { ensureConnection } from "../../../prisma/connections.ts";
import { ensureItems } from "../../../prisma/items.ts";
import { keyring } from "../../../prisma/sealed.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { type SkippingClock, skippingClock } from "./clock.ts";

/** A merchant with a large catalogue on one sandbox marketplace, and the worker's jobs for it. */
export interface Rig {
  connector: Connector;
  sandbox: RunningSandbox;
  clock: SkippingClock;
  db: Database;
  shop: string;
  connection: string;
  /** Items by SKU. */
  items: Map<string, string>;
  /** Asks for a job, as the queues would: one runs at a time, and one more waits. */
  ask(name: LaneJob, ms: number): void;
  /** Ends the jobs under way and forgets the wishes for more. */
  rest(): Promise<void>;
  /** Push calls and files so far. */
  calls: { push: number; files: HandedOver[] };
  close(): Promise<void>;
}

/** A file: when it was handed over, and the external ids of its lines. */
export interface HandedOver {
  at: number;
  listings: ReadonlySet<string>;
}

const RING = keyring(`bench:${Buffer.alloc(32, 9).toString("base64")}`);
const START = Date.UTC(2026, 10, 24, 12);
const SWEEP_EVERY_MS = 5_000;

/** Opens the marketplace with so many listings, all imported, each showing `shows`. */
export async function openRig(
  db: Database,
  channel: SandboxChannel,
  skus: readonly string[],
  shows: number,
): Promise<Rig> {
  const clock = skippingClock(START);
  const settings = { seed: 7, lag: "realistic" as const, doorUrl: null };
  const sandbox = runSandboxes({ clock, settings, post: async () => 200 })[channel];
  const server = setupServer(...sandbox.handlers);
  server.listen({ onUnhandledFrame: "error" });
  sandbox.stock(skus.map((sku) => ({ sku, title: sku, quantity: shows })));
  const { id: shop } = await ensureShop(db, `${channel}.example`, channel);
  const found = await ensureItems(
    db,
    shop,
    skus.map((sku) => ({ sku, title: sku })),
  );
  const { app, account, ...own } = sandboxAccount(channel);
  const secrets = { ...app, ...own.secrets };
  const { id: connection } = await ensureConnection(db, RING, shop, {
    ...{ channel, name: channel, account, settings: own.settings, secrets },
  });
  sandbox.connect(connection);
  const connector: Connector = CONNECTORS[channel];
  const calls: Rig["calls"] = { push: 0, files: [] };
  const pacer = createPacer(clock);
  const session = counted(
    connector.connect(
      { connection, settings: own.settings, secrets },
      { now: clock.now, onRate: (call, told) => pacer.correct(callKey(connection, call), told) },
    ),
    calls,
    clock,
  );
  const imported = await importConnection(
    { db, session, now: clock.now, pause: async (ms) => clock.jump(ms) },
    shop,
    connection,
  );
  if (imported.outcome !== "imported" || imported.added !== skus.length) {
    throw new Error(`${channel}: import: ${JSON.stringify(imported)}`);
  }
  // As PostgreSQL does by itself within a minute of such an import.
  await db.$executeRaw`analyze`;
  const items = new Map([...found].map(([sku, item]) => [sku, item.id]));
  const place = { db, connector, session, clock, connection, pacer };
  const { ask, rest, stop } = jobsOf(place);
  return {
    ...{ connector, sandbox, clock, db, shop, connection, items, ask, rest, calls },
    close: async () => {
      stop();
      await rest();
      sandbox.stop();
      server.close();
    },
  };
}

function counted(session: Session, calls: Rig["calls"], clock: SkippingClock): Session {
  const { bulk } = session;
  return {
    ...session,
    push: (lines) => {
      calls.push += 1;
      return session.push(lines);
    },
    ...(bulk
      ? {
          bulk: {
            ...bulk,
            submit: (lines) => {
              const listings = new Set(lines.map((line) => line.externalId));
              calls.files.push({ at: clock.now(), listings });
              return bulk.submit(lines);
            },
          },
        }
      : {}),
  };
}

interface Place {
  db: Database;
  connector: Connector;
  session: Session;
  clock: SkippingClock;
  connection: string;
  pacer: LaneDeps["pacer"];
}

/** The worker's jobs on the benchmark's clock, without the queues between them. */
function jobsOf({ db, connector, session, clock, connection, pacer }: Place) {
  const wishes = new Map<LaneJob, { due: number; cancel: () => void }>();
  const running = new Set<LaneJob>();
  const again = new Set<LaneJob>();
  const stopping = new AbortController();
  const ask = (name: LaneJob, ms: number): void => {
    const due = clock.now() + ms;
    const known = wishes.get(name);
    if (known && known.due <= due) return;
    known?.cancel();
    wishes.set(name, { due, cancel: clock.after(ms, () => start(name)) });
  };
  const deps: LaneDeps = {
    ...{ db, pacer, now: clock.now, failures: new Map(), signal: stopping.signal },
    connectorOf: () => connector,
    session: async () => session,
    later: (name, _, ms) => ask(name, ms),
    live: { publish: () => {} },
    metrics: { push: () => {} },
    log: pino({ level: process.env.LOG_LEVEL ?? "silent" }),
  };
  const handlers: Record<LaneJob, () => Promise<void>> = {
    "push.connection": () => pushConnection(deps, { connection }),
    "readback.connection": () => readbackConnection(deps, { connection }),
    "file.poll": () => filePoll(deps, { connection }),
    // No shopper comes: it asks for the push alone.
    "orders.sweep": async () => void (await ordersSweep({ ...deps, enqueue }, { connection })),
    "connection.health": async () => {},
  };
  function start(name: LaneJob): void {
    wishes.delete(name);
    if (stopping.signal.aborted) return;
    if (running.has(name)) return void again.add(name);
    running.add(name);
    const work = handlers[name]().finally(() => {
      running.delete(name);
      if (again.delete(name)) ask(name, 0);
    });
    clock.during(work);
  }
  async function enqueue(name: string): Promise<void> {
    ask(name as LaneJob, 0);
  }
  function sweep(): void {
    if (stopping.signal.aborted) return;
    clock.during(pushSweep({ db, enqueue, now: clock.now }));
    clock.after(SWEEP_EVERY_MS, sweep);
  }
  clock.after(SWEEP_EVERY_MS, sweep);
  const rest = async (): Promise<void> => {
    do {
      for (const { cancel } of wishes.values()) cancel();
      wishes.clear();
      again.clear();
      await clock.idle();
    } while (wishes.size > 0);
  };
  return { ask, rest, stop: () => stopping.abort() };
}
