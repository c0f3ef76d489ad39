import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Session, Sweep } from "../../../connectors/connector.ts";
import type { OrderFact } from "../../../inventory/order-line.ts";
import { inboxSweep } from "../../../jobs/handlers/inbox-sweep.ts";
import { type OrdersSweepDeps, ordersSweep } from "../../../jobs/handlers/orders-sweep.ts";
import { findConnection, letIn, shutOut } from "../../../prisma/connections.ts";
import { activity, fakeSession } from "./fake-connector.ts";
import { message, openWorld, silent, type World } from "./world.ts";

let world: World;
/** Messages whose job was asked for. */
let enqueued: string[];
/** What the marketplace was asked: since, cursor. */
let asked: [number, string | null][];

beforeAll(async () => {
  world = await openWorld();
});

afterAll(() => world.close());

beforeEach(async () => {
  enqueued = [];
  asked = [];
  await world.db.$executeRaw`truncate inbox_message`;
  await world.db.$executeRaw`
    update connection set orders_known_to = null, orders_place = null, orders_read_at = null,
      trouble = null`;
});

const enqueue: OrdersSweepDeps["enqueue"] = async (name, payload) => {
  if (name === "inbox.apply") enqueued.push(Object.values(payload).join());
};

/** A sweep of the connection that is answered by these pages, in turn. */
function sweep(pages: Sweep[], extra: Partial<OrdersSweepDeps> = {}) {
  const ordersSince: Session["ordersSince"] = async (since, cursor) => {
    asked.push([since, cursor]);
    const page = pages.shift();
    if (!page) throw new Error("asked for a page too many");
    return page;
  };
  const deps: OrdersSweepDeps = {
    db: world.db,
    connectorOf: world.deps.connectorOf,
    session: async () => fakeSession({ ordersSince }),
    pacer: { take: () => 0 },
    enqueue,
    now: Date.now,
    log: silent,
    ...extra,
  };
  return ordersSweep(deps, { connection: world.connection.id });
}

const told = (externalId: string) => ({ externalId, topic: "orders", payload: [] });
const row = async () => findConnection(world.db, world.shop, world.connection.id);
const page = (names: string[], knownTo: number, next: string | null = null): Sweep => {
  return { outcome: "swept", messages: names.map(told), knownTo, next };
};

describe("ordersSweep", () => {
  test("F, D8: every page is in the inbox before the watermark moves", async () => {
    const result = await sweep([page(["a", "b"], 9_000, "2"), page(["c"], 8_000)]);
    expect(result).toEqual({ outcome: "swept", messages: 3, stored: 3, missed: 0, knownTo: 8_000 });
    expect((await row())?.ordersKnownTo).toEqual(new Date(8_000));
    expect(asked.map(([, cursor]) => cursor)).toEqual([null, "2"]);
    expect(enqueued).toHaveLength(3);
  });

  test("invariant 9: a reading from first page to last says when it ended, one that went on does not", async () => {
    const readAt = async () =>
      (await world.db.connection.findUniqueOrThrow({ where: { id: world.connection.id } }))
        .ordersReadAt;
    const ended = Date.now();
    await sweep([page([], 9_000, "2"), { outcome: "unavailable", why: "gone" }]);
    expect(await readAt()).toBeNull();
    await sweep([page([], 9_000)]);
    expect(asked.at(-1)?.[1]).toBe("2");
    expect(await readAt(), "its first page is older").toBeNull();
    await sweep([page([], 9_000)], { now: () => ended });
    expect(await readAt()).toEqual(new Date(ended));
    await sweep([page([], 9_000)], { now: () => ended - 1_000 });
    expect(await readAt(), "it never moves back").toEqual(new Date(ended));
  });

  test("F: the next sweep asks from the watermark, minus the overlap", async () => {
    const created = world.connection.createdAt.getTime();
    await sweep([page([], 50_000)]);
    await sweep([page([], 60_000)]);
    expect(asked.map(([since]) => since)).toEqual([created - 1_000, 49_000]);
  });

  test("D8: what a webhook had brought is not stored again", async () => {
    await message(world, [], "a");
    const result = await sweep([page(["a", "b"], 9_000)]);
    expect(result).toMatchObject({ messages: 2, stored: 1 });
    expect(enqueued).toHaveLength(1);
  });

  test("D8: what the record knows already is not stored, and what is new of it is", async () => {
    const { shop, connection, items, db } = world;
    const line = { shopId: shop, connectionId: connection.id, itemId: items.tea ?? "" };
    const counters = { ordered: 2, cancelled: 1, shipped: 0, seq: 1n, at: new Date() };
    await db.orderLine.create({ data: { ...line, orderId: "o-1", ...counters } });
    const about = (id: string, ...facts: [OrderFact, number][]) => ({
      ...told(id),
      payload: facts.map(([fact, units]) => activity(fact, "o-1", "L-tea", units)),
    });
    const messages = [
      about("known", ["sell", 2], ["cancel", 1]),
      about("older", ["sell", 2]),
      about("shipped since", ["sell", 2], ["ship", 1]),
      { ...told("of nobody's listing"), payload: [activity("sell", "o-1", "L-none", 1)] },
    ];
    const result = await sweep([{ outcome: "swept", messages, knownTo: 9_000, next: null }]);
    expect(result).toMatchObject({ messages: 4, stored: 2 });
    const stored = await db.inboxMessage.findMany({ orderBy: { externalId: "asc" } });
    expect(stored.map((one) => one.externalId)).toEqual(["of nobody's listing", "shipped since"]);
  });

  test("F: orders that only the sweep told of have the door registered anew, now and then", async () => {
    const checks: string[] = [];
    const enqueue: OrdersSweepDeps["enqueue"] = async (name) => {
      if (name === "connection.health") checks.push(name);
    };
    const now = Date.now();
    const missed = (order: string, at: number): Sweep => {
      const sold = { ...activity("sell", order, "L-tea", 1), at };
      const messages = [{ ...told(order), payload: [sold] }];
      return { outcome: "swept", messages, knownTo: now, next: null };
    };
    await sweep([missed("m-1", now - 600_000)], { enqueue });
    expect(checks, "sold before anybody was asked to tell of it").toEqual([]);
    expect(await sweep([missed("m-2", now - 1_000)], { enqueue })).toMatchObject({ missed: 0 });
    expect(checks, "its message may be on its way").toEqual([]);
    expect(await sweep([missed("m-3", now - 600_000)], { enqueue })).toMatchObject({ missed: 1 });
    expect(checks).toEqual(["connection.health"]);
    const where = { id: world.connection.id };
    await world.db.connection.update({ where, data: { healthyAt: new Date(now) } });
    await sweep([missed("m-4", now - 600_000)], { enqueue });
    expect(checks, "it was registered a moment ago").toHaveLength(1);
    await world.db.connection.update({ where, data: { healthyAt: null } });
  });

  test("F: a sweep that breaks off keeps what it stored and leaves the watermark", async () => {
    const why = "500 from the marketplace";
    const result = await sweep([page(["a"], 9_000, "2"), { outcome: "unavailable", why }]);
    expect(result).toEqual({ outcome: "unavailable", why });
    expect(await row()).toMatchObject({ ordersKnownTo: null, trouble: `Reading orders: ${why}` });
    expect(await world.db.inboxMessage.count()).toBe(1);
    await sweep([page(["c"], 9_500)]);
    expect(asked.map(([, cursor]) => cursor)).toEqual([null, "2", "2"]);
    expect(await row()).toMatchObject({ ordersKnownTo: new Date(9_000), trouble: null });
  });

  test("F: a busy hour is read over several sweeps, and known to when the first of them began", async () => {
    const retryAt = Date.now() + 3_600_000;
    const busy: Sweep = { outcome: "throttled", retryAt, why: "our own pace" };
    await sweep([page(["a"], 9_000, "2"), busy]);
    await sweep([page(["b"], 9_900, "3"), busy]);
    const since = asked[0]?.[0];
    const result = await sweep([page(["c"], 9_900)]);
    expect(result).toMatchObject({ outcome: "swept", knownTo: 9_000 });
    expect(asked).toEqual([null, "2", "2", "3", "3"].map((cursor) => [since, cursor]));
    await sweep([page([], 12_000)]);
    expect(asked.at(-1)).toEqual([8_000, null]);
  });

  test("F: a place that leads no further is given up, and an old one is not used", async () => {
    const gone: Sweep = { outcome: "unavailable", why: "the cursor has expired" };
    await sweep([page(["a"], 9_000, "2"), gone]);
    await sweep([gone]);
    await sweep([page(["a"], 9_000, "2"), gone]);
    expect(asked.map(([, cursor]) => cursor)).toEqual([null, "2", "2", null, "2"]);
    const later = Date.now() + 2 * 3_600_000;
    await sweep([page([], later)], { now: () => later });
    expect(asked.at(-1)?.[1]).toBeNull();
  });

  test("D7: a throttled page is asked for again, in the same place", async () => {
    const throttled: Sweep = { outcome: "throttled", retryAt: 0, why: "slow down" };
    const result = await sweep([page(["a"], 9_000, "2"), throttled, page(["b"], 9_000)]);
    expect(result).toMatchObject({ outcome: "swept", stored: 2 });
    expect(asked.map(([, cursor]) => cursor)).toEqual([null, "2", "2"]);
  });

  test("D7: a marketplace that throttles for long is left to the next sweep", async () => {
    const retryAt = Date.now() + 3_600_000;
    const result = await sweep([{ outcome: "throttled", retryAt, why: "hourly quota" }]);
    expect(result).toMatchObject({ outcome: "throttled", retryAt });
    expect(await row()).toMatchObject({ ordersKnownTo: null, trouble: null });
  });

  test("F: a refusal is said and has the health check asked; who is shut out is not asked", async () => {
    const { shop, db, connection } = world;
    const why = "HTTP 403";
    const checks: object[] = [];
    const enqueue: OrdersSweepDeps["enqueue"] = async (name, payload) => {
      if (name === "connection.health") checks.push(payload);
    };
    await sweep([{ outcome: "unauthorized", why, cause: "forbidden" }], { enqueue });
    expect(await row()).toMatchObject({ shutOut: null, trouble: `Reading orders: ${why}` });
    expect(checks).toEqual([{ connection: connection.id }]);
    await shutOut(db, shop, connection.id, "revoked", "so says the check");
    expect(await sweep([])).toEqual({ outcome: "gone" });
    await letIn(db, shop, connection.id);
    expect(await sweep([page([], 5_000)])).toMatchObject({ outcome: "swept" });
  });

  test("F: a connection that is gone sweeps nothing", async () => {
    const gone = { outcome: "gone" };
    expect(await sweep([], { session: async () => null })).toEqual(gone);
    expect(await sweep([], { connectorOf: () => undefined })).toEqual(gone);
  });
});

describe("inboxSweep", () => {
  test("D8: a message whose job was lost is sent again, once per lease", async () => {
    const lost = await message(world, []);
    const { db } = world;
    const run = () => inboxSweep({ db, enqueue, log: silent });
    expect(await run()).toBe(0); // its job may still be under way
    await db.$executeRaw`update inbox_message set next_try_at = now() - interval '1 second'`;
    expect(await run()).toBe(1);
    expect(await run()).toBe(0);
    expect(enqueued).toEqual([lost]);
  });

  test("D8: more than one batch is sent in one run", async () => {
    const { db, shop, connection } = world;
    await db.$executeRaw`
      insert into inbox_message (shop_id, connection_id, external_id, topic, payload)
      select ${shop}, ${connection.id}, n::text, 'orders', '[]'
      from generate_series(1, 1201) as n`;
    expect(await inboxSweep({ db, enqueue, log: silent })).toBe(1_201);
    expect(new Set(enqueued).size).toBe(1_201);
  });
});
