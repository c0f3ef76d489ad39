import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { availableToSell, type Stock } from "../../../inventory/stock.ts";
import { applyMessage, inboxApply } from "../../../jobs/handlers/inbox-apply.ts";
import { loadMessage, reviveMessage } from "../../../prisma/inbox.ts";
import { activity } from "./fake-connector.ts";
import { connect, hear, message, openWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(() => world.close());

let order = 0;
/** Each test has an order and counts on its own. */
let before: Stock;

beforeEach(async () => {
  order += 1;
  before = await stock();
});

async function stock(sku = "tea"): Promise<Stock> {
  const answer = await world.ledger.stock(world.shop, world.items[sku] ?? "");
  if ("outcome" in answer) throw new Error(`the ledger is ${answer.why}`);
  return answer;
}

/** Units committed since the test began. */
async function newlyCommitted(): Promise<number> {
  return (await stock()).committed - before.committed;
}

describe("applyMessage", () => {
  test("D8: an order commits its units and says by how much it oversold", async () => {
    const oversold = Math.max(0, 2 - Math.max(0, availableToSell(before)));
    const result = await hear(world, [activity("sell", `${order}`, "L-tea", 2)]);
    expect(result).toEqual({ outcome: "applied", commands: 1, oversold });
    expect(await newlyCommitted()).toBe(2);
  });

  test("D8: a message runs once however often and however parallel it is tried", async () => {
    const id = await message(world, [activity("sell", `${order}`, "L-tea", 2)]);
    const runs = await Promise.all([1, 2, 3, 4].map(() => applyMessage(world.deps, id)));
    for (const run of runs) expect(["applied", "settled"]).toContain(run.outcome);
    expect(await applyMessage(world.deps, id)).toEqual({ outcome: "settled", state: "applied" });
    expect(await newlyCommitted()).toBe(2);
  });

  test("D8: a webhook and a poll that tell the same order count once", async () => {
    await hear(world, [activity("sell", `${order}`, "L-tea", 2)]);
    const again = await hear(world, [activity("sell", `${order}`, "L-tea", 2)]);
    expect(again).toEqual({ outcome: "applied", commands: 1, oversold: 0 });
    expect(await newlyCommitted()).toBe(2);
  });

  test("D8: a cancellation before its order leaves nothing committed", async () => {
    await hear(world, [activity("cancel", `${order}`, "L-tea", 2)]);
    expect(await newlyCommitted()).toBe(0);
    await hear(world, [activity("sell", `${order}`, "L-tea", 3)]);
    expect(await newlyCommitted()).toBe(1);
  });

  test("D8: an order of another connection with the same number is another order", async () => {
    const other = await connect(world.db, world.shop, "seller-2", world.items);
    await hear(world, [activity("sell", `${order}`, "L-tea", 1)]);
    await hear({ ...world, connection: other }, [activity("sell", `${order}`, "L-tea", 1)]);
    expect(await newlyCommitted()).toBe(2);
  });

  test("D8: an order the ledger forgot is remembered by the record", async () => {
    const { db, shop, connection, items, ledger } = world;
    const key = { shopId: shop, connectionId: connection.id, orderId: `${order}` };
    const counters = { ordered: 2, cancelled: 0, shipped: 0 };
    const line = { ...key, itemId: items.tea ?? "", ...counters, seq: 1n, at: new Date(0) };
    await db.orderLine.create({ data: line });
    await hear(world, [activity("sell", `${order}`, "L-tea", 2)]);
    expect(await newlyCommitted()).toBe(0);
    // It is committed already, in the balances the record and the ledger share; seen by cancelling.
    const activityId = `open-${order}`;
    const command = { shop, item: items.tea ?? "", activity: activityId, connection: "c" };
    await ledger.apply({ ...command, type: "sell", order: activityId, quantity: 2 });
    await hear(world, [activity("cancel", `${order}`, "L-tea", 2)]);
    expect(await newlyCommitted()).toBe(0);
  });

  test("D9: an unmatched SKU fails by name after the matched lines are applied", async () => {
    const id = await message(world, [
      activity("sell", `${order}`, "L-tea", 1),
      activity("sell", `${order}`, "L-unknown", 1),
    ]);
    const why = "no item is matched to SKU SKU-L-unknown";
    expect(await applyMessage(world.deps, id)).toEqual({ outcome: "failed", why });
    expect(await newlyCommitted()).toBe(1);
    expect(await applyMessage(world.deps, id)).toEqual({ outcome: "failed", why });
    expect(await applyMessage(world.deps, id)).toEqual({ outcome: "dead", why });
    expect(await applyMessage(world.deps, id)).toEqual({ outcome: "settled", state: "failed" });
    expect(await newlyCommitted()).toBe(1);
    const letters = await world.db.deadLetter.findMany({ where: { subject: id } });
    expect(letters).toMatchObject([{ shopId: world.shop, kind: "message", error: why }]);
  });

  test("D9: a dead letter whose SKU was matched since is applied when retried", async () => {
    const { db, shop, connection, items } = world;
    const id = await message(world, [activity("sell", `${order}`, "L-late", 1)]);
    for (let i = 0; i < 3; i += 1) await applyMessage(world.deps, id);
    await db.listing.create({
      data: {
        ...{ shopId: shop, connectionId: connection.id, itemId: items.tea ?? "" },
        ...{ externalId: "L-late", sku: "late", title: "late" },
      },
    });
    expect(await reviveMessage(db, shop, id)).toBe(true);
    expect(await applyMessage(world.deps, id)).toMatchObject({ outcome: "applied" });
    expect(await newlyCommitted()).toBe(1);
  });

  test("D9: a payload that cannot be read fails by name and nothing is guessed", async () => {
    const id = await message(world, { not: "a list" });
    const why = "it cannot be read: the payload is no list";
    expect(await applyMessage(world.deps, id)).toEqual({ outcome: "failed", why });
  });

  test("D9: a message of a channel nobody speaks to fails by name", async () => {
    const id = await message(world, []);
    const deps = { ...world.deps, connectorOf: () => undefined };
    const why = "nothing here speaks to fake";
    expect(await applyMessage(deps, id)).toEqual({ outcome: "failed", why });
  });

  test("D9: a message of a connection that is gone fails by name", async () => {
    const connection = { ...world.connection, id: "nobody" };
    const id = await message({ ...world, connection }, []);
    const why = "its connection is gone";
    expect(await applyMessage(world.deps, id)).toEqual({ outcome: "failed", why });
  });

  test("D9: a message that is not there is gone", async () => {
    expect(await applyMessage(world.deps, "999999999")).toEqual({ outcome: "gone" });
  });

  test("D5: a ledger that promises nothing costs no try, and the message waits", async () => {
    const id = await message(world, [activity("sell", `${order}`, "L-tea", 1)]);
    const unavailable = { outcome: "unavailable", why: "unverified" } as const;
    const ledger = { apply: async () => unavailable };
    for (let i = 0; i < 5; i += 1) {
      expect(await applyMessage({ ...world.deps, ledger }, id)).toEqual(unavailable);
    }
    expect(await loadMessage(world.db, id)).toMatchObject({ state: "received", tries: 0 });
    expect(await applyMessage(world.deps, id)).toMatchObject({ outcome: "applied" });
  });

  test("D9: a fact the ledger refuses is a defect that a person reads", async () => {
    const id = await message(world, [activity("sell", `${order}`, "L-tea", 1)]);
    const ledger = { apply: async () => ({ outcome: "reused-activity" }) as const };
    const why = "the ledger knows this fact's name as another fact";
    expect(await applyMessage({ ...world.deps, ledger }, id)).toEqual({ outcome: "failed", why });
  });

  test("D8: the job's handler applies its message", async () => {
    const id = await message(world, [activity("sell", `${order}`, "L-tea", 1)]);
    await inboxApply(world.deps, { message: id });
    expect(await newlyCommitted()).toBe(1);
  });

  test("D8: any order of an order's messages ends in the same stock", async () => {
    const told = () => [
      [activity("sell", `${order}`, "L-tea", 4)],
      [activity("cancel", `${order}`, "L-tea", 1)],
      [activity("ship", `${order}`, "L-tea", 2)],
      [activity("sell", `${order}`, "L-tea", 4), activity("cancel", `${order}`, "L-tea", 1)],
    ];
    for (const indices of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 3, 0, 1],
    ]) {
      order += 1000;
      before = await stock();
      for (const index of indices) await hear(world, told()[index] ?? []);
      const now = await stock();
      const shipped = (now.physical.sellable?.MAIN ?? 0) - (before.physical.sellable?.MAIN ?? 0);
      expect([now.committed - before.committed, shipped]).toEqual([1, -2]);
    }
  });
});
