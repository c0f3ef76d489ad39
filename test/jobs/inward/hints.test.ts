import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CallFailure, Message, Session } from "../../../connectors/connector.ts";
import { createPacer } from "../../../connectors/pacer.ts";
import { CATALOGUE } from "../../../jobs/catalogue.ts";
import { applyMessage, inboxApply } from "../../../jobs/handlers/inbox-apply.ts";
import { createWorkerMetrics } from "../../../jobs/metrics.ts";
import { openQueues, type Queues } from "../../../jobs/queues.ts";
import { type Handlers, startWorkers } from "../../../jobs/workers.ts";
import { loadMessage } from "../../../prisma/inbox.ts";
import { openReturnsOfItem } from "../../../prisma/returns.ts";
import { freshRedis } from "../../support/servers.ts";
import { activity, fakeConnector, fakeSession } from "./fake-connector.ts";
import { message, openWorld, silent, type World } from "./world.ts";

let world: World;
/** Messages whose job was asked for again, and in how many ms. */
let again: [string, number][];
/** Orders the marketplace was asked for. */
let asked: string[][];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  asked = [];
  again = [];
  await world.db.$executeRaw`truncate inbox_message, return_notice`;
});

/** A marketplace whose messages on topic "hint" only name orders. */
function pointing(answer: () => Message[] | CallFailure): World["deps"] {
  const orders: Session["orders"] = async (ids) => {
    asked.push([...ids]);
    const told = answer();
    return Array.isArray(told) ? { outcome: "orders", messages: told } : told;
  };
  const connector = {
    ...fakeConnector(),
    hint: ({ topic, payload }: Message) => (topic === "hint" ? (payload as string[]) : []),
  };
  return {
    ...world.deps,
    connectorOf: () => connector,
    pointing: {
      asking: new Map(),
      session: async () => fakeSession({ orders }),
      pacer: createPacer({ now: Date.now }),
      again: (message, ms) => void again.push([message, ms]),
    },
  };
}

async function hint(...orders: string[]): Promise<string> {
  const id = await message(world, orders);
  await world.db.inboxMessage.update({ where: { id: BigInt(id) }, data: { topic: "hint" } });
  return id;
}

const committed = async () => {
  const stock = await world.ledger.stock(world.shop, world.items.tea ?? "");
  if ("outcome" in stock) throw new Error(stock.why);
  return stock.committed;
};

const told = (externalId: string, order: string, units: number): Message => ({
  ...{ externalId, topic: "orders" },
  payload: [activity("sell", order, "L-tea", units)],
});

describe("a message that only points at an order", () => {
  test("F, D8: the order is asked for, stored under its own name, and applied at once", async () => {
    const before = await committed();
    const id = await hint("h1", "h1");
    const deps = pointing(() => [told("order-h1", "h1", 2)]);
    expect(await applyMessage(deps, id)).toMatchObject({ outcome: "applied", commands: 1 });
    expect(asked).toEqual([["h1"]]);
    expect((await committed()) - before).toBe(2);
    expect(await loadMessage(world.db, id)).toMatchObject({ state: "applied" });
    const again = await hint("h1");
    expect(await applyMessage(deps, again)).toMatchObject({ outcome: "applied" });
    expect((await committed()) - before, "told twice, counted once").toBe(2);
    expect(await world.db.inboxMessage.count({ where: { externalId: "order-h1" } })).toBe(1);
  });

  test("D9: a marketplace that does not answer costs no try, and keeps raises back", async () => {
    const id = await hint("h2");
    const deps = pointing(() => ({ outcome: "unavailable", why: "HTTP 503" }));
    expect(await applyMessage(deps, id)).toEqual({ outcome: "unavailable", why: "HTTP 503" });
    expect(await loadMessage(world.db, id)).toMatchObject({ state: "received", tries: 0 });
    expect(again).toEqual([[id, expect.any(Number)]]);
  });

  test("D9: one that cannot answer is a dead letter in the end, not a silence", async () => {
    const id = await hint("h3");
    const deps = pointing(() => ({ outcome: "not-supported", why: "no such order" }));
    const outcomes = [];
    for (let n = 0; n < 3; n += 1) outcomes.push((await applyMessage(deps, id)).outcome);
    expect(outcomes).toEqual(["failed", "failed", "dead"]);
  });
});

describe("D7: a marketplace that hangs, inward", () => {
  /** Workers that apply the inbox as the real ones do, and do nothing else. */
  async function applying(deps: World["deps"], redisUrl: string, queues: Queues) {
    const nothing = async () => {};
    const handOver = (message: string) => queues.enqueue("inbox.follow", { message });
    return startWorkers({
      redisUrl,
      handlers: {
        ...(Object.fromEntries(
          Object.keys(CATALOGUE).map((name) => [name, nothing]),
        ) as unknown as Handlers),
        "inbox.apply": (payload) => inboxApply({ ...deps, pointing: { handOver } }, payload),
        "inbox.follow": (payload) => inboxApply(deps, payload),
      },
      metrics: createWorkerMetrics(),
      log: silent,
    });
  }

  test("keeps no sale waiting that is told in full, and takes a few places of its own", async () => {
    const redis = await freshRedis();
    const queues = openQueues(redis.url);
    let answer = () => {};
    const silence = new Promise<void>((done) => {
      answer = done;
    });
    const deps = pointing(() => []);
    if ("handOver" in deps.pointing) throw new Error("this world asks");
    const hanging: Session["orders"] = async (ids) => {
      asked.push([...ids]);
      await silence;
      return { outcome: "unavailable", why: "gone" };
    };
    deps.pointing.session = async () => fakeSession({ orders: hanging });
    const workers = await applying(deps, redis.url, queues);
    for (let n = 0; n < 80; n += 1) {
      await queues.enqueue("inbox.apply", { message: await hint(`stuck-${n}`) });
    }
    await expect.poll(() => again.length, { timeout: 20_000 }).toBe(72);
    expect(asked).toHaveLength(8);
    const sale = await message(world, [activity("sell", "o-d7", "L-tea", 1)]);
    await queues.enqueue("inbox.apply", { message: sale });
    await expect
      .poll(async () => (await loadMessage(world.db, sale))?.state, { timeout: 20_000 })
      .toBe("applied");
    expect(asked, "it did not wait until the others were answered").toHaveLength(8);
    answer();
    await workers.close();
    await queues.close();
    await redis.stop();
  });
});

describe("returns", () => {
  const back = (stage: string, at: number, listing = "L-tea") => ({
    ...{ fact: "return", id: "R1", order: "o1", listing, sku: "tea", quantity: 1, stage, at },
  });

  test("F: a return is noted with its item, moves no stock, and later stages win", async () => {
    const before = await committed();
    for (const said of [back("arrived", 2_000), back("announced", 1_000)]) {
      expect(await applyMessage(world.deps, await message(world, [said]))).toMatchObject({
        outcome: "applied",
        commands: 0,
      });
    }
    expect(await committed()).toBe(before);
    const item = world.items.tea ?? "";
    expect(await openReturnsOfItem(world.db, world.shop, item)).toMatchObject([
      { id: "R1", stage: "arrived", quantity: 1, item, at: 2_000 },
    ]);
    expect(await openReturnsOfItem(world.db, "another shop", item)).toEqual([]);
    await applyMessage(world.deps, await message(world, [back("closed", 3_000)]));
    expect(await openReturnsOfItem(world.db, world.shop, item)).toEqual([]);
  });
});
