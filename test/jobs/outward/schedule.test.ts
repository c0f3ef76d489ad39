import { afterAll, beforeAll, expect, test } from "vitest";
import { createPacer } from "../../../connectors/pacer.ts";
import { pushSweep } from "../../../jobs/handlers/push-sweep.ts";
import { openQueues, type Queues } from "../../../jobs/queues.ts";
import { writeSchedule } from "../../../jobs/schedule.ts";
import { createSessions } from "../../../jobs/sessions.ts";
import { ensureConnection, findConnection, letIn, shutOut } from "../../../prisma/connections.ts";
import { freshRedis } from "../../support/servers.ts";
import { type House, Merchant, openHouse, ring } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

let house: House;
let redis: Awaited<ReturnType<typeof freshRedis>>;
let queues: Queues;

beforeAll(async () => {
  [house, redis] = await Promise.all([openHouse(), freshRedis()]);
  queues = openQueues(redis.url);
});

afterAll(async () => {
  await queues.close();
  await Promise.all([house.close(), redis.stop()]);
});

test("any number of workers write one schedule, which follows the connections", async () => {
  const marketplace = new Marketplace("shopify", { sweepEveryMs: 90_000 });
  const merchant = await Merchant.open(house.db, ["tea"], [marketplace]);
  const connectorOf = () => marketplace.connector;
  const deps = { db: house.db, queues, connectorOf, now: Date.now };
  await Promise.all([writeSchedule(deps), writeSchedule(deps)]);
  await writeSchedule(deps);
  const every = async (name: Parameters<Queues["queue"]>[0]) =>
    (await queues.queue(name).getJobSchedulers()).map((one) => [one.key, Number(one.every)]);
  expect(await every("inbox.sweep")).toEqual([["inbox.sweep", 5_000]]);
  expect(await every("ledger.check")).toEqual([["ledger.check", 86_400_000]]);
  expect(await every("orders.sweep")).toEqual([[merchant.id("shopify"), 90_000]]);
  await house.db.listing.deleteMany();
  await house.db.connection.deleteMany();
  await writeSchedule(deps);
  expect(await every("orders.sweep")).toEqual([]);
});

test("F: who is shut out is asked within a minute, then after twice the time each, as long as it lasts", async () => {
  const marketplace = new Marketplace("shopify");
  const merchant = await Merchant.open(house.db, [], [marketplace]);
  const id = merchant.id("shopify");
  let now = Date.now();
  const deps = { db: house.db, queues, connectorOf: () => marketplace.connector, now: () => now };
  const soon = async () => {
    await writeSchedule(deps);
    const found = await queues.queue("connection.health").getJobSchedulers();
    const { every, next } = found.find((one) => one.key === id) ?? {};
    return { every: Number(every), inTime: Number(next) <= Date.now() + Number(every) };
  };
  expect(await soon()).toMatchObject({ every: 86_400_000 });
  await shutOut(house.db, merchant.shop, id, "forbidden", "HTTP 403", new Date(now));
  expect(await soon()).toEqual({ every: 60_000, inTime: true });
  now += 6 * 60_000;
  expect(await soon()).toEqual({ every: 240_000, inTime: true });
  now += 30 * 86_400_000;
  expect(await soon()).toEqual({ every: 86_400_000, inTime: true });
  await letIn(house.db, merchant.shop, id);
  await shutOut(house.db, merchant.shop, id, "expired", "a year is over", new Date(now));
  expect(await soon()).toMatchObject({ every: 86_400_000 });
});

test("the sweep asks for what is due, and for nothing else", async () => {
  const asked: string[] = [];
  const enqueue = async (name: string, payload: object) => {
    asked.push(`${name} ${Object.values(payload)}`);
  };
  const [busy, quiet] = [new Marketplace("shopify"), new Marketplace("amazon")];
  const merchant = await Merchant.open(house.db, ["tea"], [busy, quiet], 9);
  const deps = { db: house.db, enqueue, now: () => merchant.now };
  await pushSweep(deps);
  expect(asked).toEqual([]);
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 10)); // Amazon shows 9 already
  await pushSweep(deps);
  expect(asked).toEqual([`push.connection ${merchant.id("shopify")}`]);
  await merchant.push("shopify");
  merchant.now += 300;
  await pushSweep(deps);
  expect(asked.slice(1)).toEqual([`readback.connection ${merchant.id("shopify")}`]);
});

test("a session is shared until its account changes; a new token is kept and changes nothing", async () => {
  const marketplace = new Marketplace("shopify");
  const merchant = await Merchant.open(house.db, ["tea"], [marketplace]);
  const id = merchant.id("shopify");
  const worlds: { baseUrl?: string; onToken?(token: object): unknown }[] = [];
  const connector = {
    ...marketplace.connector,
    connect: (...[, world]: Parameters<typeof marketplace.connector.connect>) => {
      worlds.push(world as (typeof worlds)[number]);
      return marketplace.session();
    },
  };
  const session = createSessions({
    ...{
      db: house.db,
      ring,
      connectorOf: () => connector,
      baseUrl: "http://127.0.0.1:1",
      appKeys: {},
      pacer: createPacer({ now: Date.now }),
    },
    ...{ now: Date.now, believeMs: 0 },
  });
  const open = async () => {
    const row = await findConnection(house.db, merchant.shop, id);
    return row && session(row);
  };
  const first = await open();
  await worlds[0]?.onToken?.({ accessToken: "new", expiresAt: 1 });
  expect(await open()).toBe(first);
  expect(worlds).toHaveLength(1);
  expect(worlds[0]?.baseUrl).toBe("http://127.0.0.1:1");
  const { channel, account } = merchant.connections.get("shopify") ?? {};
  await ensureConnection(house.db, ring, merchant.shop, {
    ...{ channel: channel ?? "", name: "shopify", account: account ?? "" },
    ...{ settings: {}, secrets: { accessSecret: "rotated" } },
  });
  expect(await open()).not.toBe(first);
  expect(worlds).toHaveLength(2);
});
