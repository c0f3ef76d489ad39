import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { FirstCountOptions } from "../../../jobs/batches/first-counts.ts";
import { addChunk } from "../../../prisma/batch-chunks.ts";
import { openBatch } from "../../../prisma/batches.ts";
import { countCounted, latestFirstCount } from "../../../prisma/first-counts.ts";
import { startWorld, type World } from "../../app/world.ts";
import { Desk } from "./desk.ts";

let world: World;
let desk: Desk;
let connection: string;

beforeAll(async () => {
  world = await startWorld();
  desk = new Desk(world);
  const { id } = await world.services.db.connection.create({
    data: {
      ...{ shopId: world.shop.id, channel: "amazon", name: "Amazon", account: "A1" },
      secrets: "sealed",
    },
  });
  connection = id;
}, 60_000);

afterAll(() => world.stop());

beforeEach(async () => {
  await world.services.db.shop.updateMany({ data: { guardAlways: 10 } });
});

/** New items, each listed on the connection, which shows so many of it. */
async function listed(prefix: string, ...shown: number[]): Promise<string[]> {
  const skus = shown.map((_, at) => `${prefix}-${at + 1}`);
  for (const [at, sku] of skus.entries()) {
    const itemId = await world.item(sku);
    const name = { externalId: sku, sku, title: sku, itemId, shown: shown[at] ?? 0 };
    const data = { ...name, shopId: world.shop.id, connectionId: connection };
    await world.services.db.listing.create({ data });
  }
  return skus;
}

async function begin(from: string | null, rows: [sku: string, units: string][] = []) {
  const { db } = world.services;
  const file = { header: ["SKU", "Units"], delimiter: ",", mapping: { sku: 0, quantity: 1 } };
  const options: FirstCountOptions = {
    ...(from === null ? file : {}),
    firstCount: { location: "MAIN", connection: from },
  };
  const batch = { kind: "quantities", title: "First count", state: "checking" } as const;
  const id = await openBatch(db, world.shop.id, { ...batch, actor: "person:Ada", options });
  if (rows.length > 0) {
    const raw = rows.map((cells, at): [number, string[]] => [at + 1, cells]);
    await addChunk(db, world.shop.id, id, 0, raw);
  }
  return desk.run(id);
}

async function shelf(sku: string): Promise<number> {
  const stock = await world.ledger.stock(world.shop.id, await world.item(sku));
  if ("outcome" in stock) throw new Error(stock.why);
  return stock.physical.sellable?.MAIN ?? 0;
}

test("H4: a small first count goes on by itself; what was counted, or is not there, is named", async () => {
  const [a = "", b = "", c = ""] = await listed("SMALL", 4, 0, 0);
  await world.stock(c, 9);
  const rows: [string, string][] = [
    [a, "7"],
    [b, "0"],
    [c, "3"],
    ["NONE", "1"],
    [a, "lots"],
  ];
  const done = await begin(null, rows);
  expect(done).toMatchObject({ state: "done", counts: { ready: 1, same: 1, bad: 3, applied: 1 } });
  expect([await shelf(a), await shelf(b), await shelf(c)]).toEqual([7, 0, 9]);
  const problems = await desk.problems(done);
  expect(problems[0]).toBe(
    "3: SKU was counted before: adjust it on its own page, or take its first count back",
  );
  expect(problems).toHaveLength(3);
  expect(await latestFirstCount(world.services.db, world.shop.id)).toBe(done.id);
});

test("H4: one that reaches far waits for a look, is taken back whole, and counted anew", async () => {
  await world.services.db.shop.updateMany({ data: { guardAlways: 1 } });
  const skus = await listed("FAR", 5, 6, 7, 0);
  const waits = await begin(connection);
  expect(waits).toMatchObject({
    state: "checked",
    radius: { outcome: "stop", reasons: ["moved"] },
  });
  expect(await Promise.all(skus.map(shelf))).toEqual([0, 0, 0, 0]);
  const done = await desk.apply(waits, waits.radius?.digest);
  expect(done).toMatchObject({ state: "done", counts: { applied: 3, refused: 0 } });
  expect(await Promise.all(skus.map(shelf))).toEqual([5, 6, 7, 0]);

  const back = await desk.takeBack(done);
  expect((await desk.apply(back, back.radius?.digest)).state).toBe("done");
  expect(await Promise.all(skus.map(shelf))).toEqual([0, 0, 0, 0]);
  // Nobody has counted them now: another source may.
  const again = await begin(null, [[skus[0] ?? "", "2"]]);
  expect(again).toMatchObject({ state: "done", counts: { applied: 1 } });
  expect(await shelf(skus[0] ?? "")).toBe(2);
});

test("H4: what somebody else counted while it waited keeps its count", async () => {
  await world.services.db.shop.updateMany({ data: { guardAlways: 0, guardMovePercent: 0 } });
  const [a = "", b = ""] = await listed("RACE", 5, 6);
  const waits = await begin(null, [
    [a, "5"],
    [b, "6"],
  ]);
  expect(waits.state).toBe("checked");
  await world.stock(a, 3);
  const done = await desk.apply(waits, waits.radius?.digest);
  expect(done).toMatchObject({ counts: { applied: 1, refused: 1 } });
  expect([await shelf(a), await shelf(b)]).toEqual([3, 6]);
});

test("an item that sold out is counted still", async () => {
  const { db } = world.services;
  const [sku = ""] = await listed("OUT", 3);
  await world.stock(sku, 3);
  const { uncounted } = await countCounted(db, world.shop.id);
  const item = await world.item(sku);
  const nothing = { type: "adjust", bucket: "sellable", location: "MAIN", delta: -3 } as const;
  await world.apply({ shop: world.shop.id, item, activity: "gone", ...nothing });
  expect((await countCounted(db, world.shop.id)).uncounted).toBe(uncounted);
});
