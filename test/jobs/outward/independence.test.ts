import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { CATALOGUE } from "../../../jobs/catalogue.ts";
import { pushConnection } from "../../../jobs/handlers/push-connection.ts";
import { createWorkerMetrics } from "../../../jobs/metrics.ts";
import { openQueues, type Queues } from "../../../jobs/queues.ts";
import { createTimers } from "../../../jobs/timers.ts";
import { type Handlers, startWorkers, type Workers } from "../../../jobs/workers.ts";
import { freshRedis } from "../../support/servers.ts";
import { type House, Merchant, openHouse, silent } from "./house.ts";
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

/** Workers that push for these merchants, and do nothing else. */
function pushing(merchants: readonly Merchant[]): Promise<Workers> {
  const nothing = async () => {};
  const timers = createTimers(Date.now);
  const push: Handlers["push.connection"] = async (payload) => {
    const { connection } = payload;
    const owner = merchants.find((one) =>
      [...one.connections.values()].some((row) => row.id === connection),
    );
    if (!owner) throw new Error("whose connection is this?");
    const again = () => void queues.enqueue("push.connection", payload).catch(() => {});
    const later = (_: string, __: string, ms: number) => timers.in(connection, ms, again);
    await pushConnection({ ...owner.lane, db: house.db, later }, payload);
  };
  return startWorkers({
    redisUrl: redis.url,
    handlers: {
      ...(Object.fromEntries(
        Object.keys(CATALOGUE).map((name) => [name, nothing]),
      ) as unknown as Handlers),
      "push.connection": push,
    },
    metrics: createWorkerMetrics(),
    log: silent,
  });
}

/** A merchant on one marketplace with something to tell it. */
async function withNews(marketplace: Marketplace): Promise<Merchant> {
  const merchant = await Merchant.open(house.db, ["tea"], [marketplace]);
  await merchant.ordersRead();
  await merchant.hear(merchant.book.receive(merchant.item("tea"), 10));
  return merchant;
}

function ask(merchant: Merchant, channel: string): Promise<void> {
  return queues.enqueue("push.connection", { connection: merchant.id(channel) });
}

test("D7: a marketplace that does not answer delays nobody else, however many wait for it", async () => {
  let answer = () => {};
  const silence = new Promise<void>((done) => {
    answer = done;
  });
  const stuck = await Promise.all(
    Array.from({ length: 40 }, () => {
      const marketplace = new Marketplace("amazon");
      marketplace.beforeAnswer = () => silence;
      return withNews(marketplace);
    }),
  );
  const shopify = new Marketplace("shopify");
  const quick = await withNews(shopify);
  const workers = await pushing([...stuck, quick]);
  for (const merchant of stuck) await ask(merchant, "amazon");
  const waiting = () => stuck.filter((one) => one.marketplaces.get("amazon")?.batches.length);
  await vi.waitFor(() => expect(waiting()).toHaveLength(40), 10_000);
  await ask(quick, "shopify");
  await vi.waitFor(() => expect(shopify.numbers.get("L-tea")).toBe(10), 10_000);
  expect(stuck.map((one) => one.marketplaces.get("amazon")?.numbers.get("L-tea"))).not.toContain(9);
  answer();
  await workers.close();
  expect(stuck.map((one) => one.marketplaces.get("amazon")?.numbers.get("L-tea"))).toEqual(
    Array(40).fill(9),
  );
});

test("D7: a throttled connection goes on by itself when it may, and another is pushed meanwhile", async () => {
  const amazon = new Marketplace("amazon");
  const throttled = await withNews(amazon);
  throttled.now = Date.now();
  const retryAt = Date.now() + 1_000;
  amazon.answers.push(() => ({ outcome: "throttled", retryAt, why: "slow down" }));
  const shopify = new Marketplace("shopify");
  const quick = await withNews(shopify);
  const workers = await pushing([throttled, quick]);
  await ask(throttled, "amazon");
  await vi.waitFor(() => expect(amazon.batches).toHaveLength(1), 10_000);
  await ask(quick, "shopify");
  await vi.waitFor(() => expect(shopify.numbers.get("L-tea")).toBe(10), 10_000);
  expect(amazon.batches).toHaveLength(1);
  throttled.now = retryAt;
  await vi.waitFor(() => expect(amazon.numbers.get("L-tea")).toBe(9), 10_000);
  await workers.close();
});

test("closing the workers waits for the call under way, whose answer is recorded", async () => {
  const marketplace = new Marketplace("shopify");
  const merchant = await withNews(marketplace);
  let answer = () => {};
  marketplace.beforeAnswer = () =>
    new Promise((done) => {
      answer = done;
    });
  const workers = await pushing([merchant]);
  await ask(merchant, "shopify");
  await vi.waitFor(() => expect(marketplace.batches).toHaveLength(1), 10_000);
  const closed = workers.close();
  answer();
  await closed;
  expect(await merchant.listing("shopify", "tea")).toMatchObject({ accepted: 10, inDoubt: false });
});

const CHANNELS = ["shopify", "amazon", "walmart", "tiktok", "ebay"];

/** What goes wrong with the first of five marketplaces, and how it is taken back. */
const BLACKOUTS: Record<string, (marketplace: Marketplace, now: () => number) => () => void> = {
  "an outage": (marketplace) => {
    const gone = () => ({ outcome: "unavailable", why: "HTTP 503" }) as const;
    marketplace.answers.push(...Array.from({ length: 10_000 }, () => gone));
    marketplace.readFailure = gone();
    return () => {
      marketplace.answers.length = 0;
      marketplace.readFailure = undefined;
    };
  },
  throttling: (marketplace, now) => {
    const slow = () =>
      ({ outcome: "throttled", retryAt: now() + 30_000, why: "slow down" }) as const;
    marketplace.answers.push(...Array.from({ length: 10_000 }, () => slow));
    return () => {
      marketplace.answers.length = 0;
    };
  },
  "calls that hang": (marketplace) => {
    let answer = () => {};
    const silence = new Promise<void>((done) => {
      answer = done;
    });
    marketplace.beforeAnswer = () => silence;
    return () => {
      marketplace.beforeAnswer = async () => {};
      answer();
    };
  },
};

/** The jobs of five connections on a clock of their own, as workers with a place for each do them. */
function fiveLanes(merchant: Merchant) {
  const running = new Map<string, Promise<void>>();
  const due = new Map<string, number>();
  const ask = (id: string, ms: number) =>
    void due.set(id, Math.min(due.get(id) ?? Number.POSITIVE_INFINITY, merchant.now + ms));
  const later = (name: string, id: string, ms: number) => {
    if (name === "push.connection") ask(id, ms);
  };
  const run = (id: string) => {
    const deps = { ...merchant.lane, db: house.db, later };
    const job = pushConnection(deps, { connection: id }).finally(() => running.delete(id));
    running.set(id, job);
    return job;
  };
  /** Starts what is due, and waits for all but the ones that hang. */
  const turn = async (hangs: string | null) => {
    for (const [id, at] of due) {
      if (at > merchant.now || running.has(id)) continue;
      due.delete(id);
      void run(id);
    }
    await Promise.all([...running].flatMap(([id, job]) => (id === hangs ? [] : [job])));
  };
  return { ask, turn, ended: () => Promise.all(running.values()) };
}

test.each(Object.keys(BLACKOUTS))(
  "D7: %s of one marketplace for minutes costs the four others no moment, and it catches up",
  async (name) => {
    const marketplaces = CHANNELS.map((channel) => new Marketplace(channel));
    const merchant = await Merchant.open(house.db, ["tea"], marketplaces);
    await merchant.ordersRead();
    const { ask, turn, ended } = fiveLanes(merchant);
    const tell = () => CHANNELS.forEach((channel) => void ask(merchant.id(channel), 0));
    await merchant.hear(merchant.book.receive(merchant.item("tea"), 1_000));
    tell();
    await turn(null);
    const [dark, ...others] = marketplaces;
    const end = BLACKOUTS[name]?.(dark as Marketplace, () => merchant.now);
    const hangs = name === "calls that hang" ? merchant.id(CHANNELS[0] ?? "") : null;
    const waits: number[] = [];
    for (let second = 0; second < 150; second += 6) {
      merchant.now += 6_000;
      const soldAt = merchant.now;
      await merchant.hear(merchant.book.sell(merchant.item("tea"), `order-${second}`, 1));
      tell();
      await turn(hangs);
      const told = await Promise.all(
        CHANNELS.slice(1).map((channel) => merchant.listing(channel, "tea")),
      );
      expect(told.map((row) => row.accepted)).toEqual(told.map((row) => row.planned));
      waits.push(...told.map((row) => (row.acceptedAt?.getTime() ?? 0) - soldAt));
    }
    expect(Math.max(...waits), "each sale is told to the four others at once").toBe(0);
    expect(Math.min(...others.map((one) => one.sent.length))).toBeGreaterThan(waits.length / 8);
    const before = await merchant.listing(CHANNELS[0] ?? "", "tea");
    expect(before.accepted).toBeGreaterThan(before.planned ?? 0);
    end?.();
    await ended();
    for (let minute = 0; minute < 3; minute += 1) {
      merchant.now += 60_000;
      tell();
      await turn(null);
    }
    const after = await merchant.listing(CHANNELS[0] ?? "", "tea");
    expect(after.accepted).toBe(after.planned);
  },
  90_000,
);
