import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { unitsIn } from "../../../inventory/stock.ts";
import { ensureLocation } from "../../../prisma/locations.ts";
import { differencesFromLedger, differencesFromLegs, readStock } from "../../../prisma/stock.ts";
import { startWorld, type World } from "../../app/world.ts";
import { Desk } from "./desk.ts";

let world: World;
let desk: Desk;
let named = 0;

beforeAll(async () => {
  world = await startWorld();
  await ensureLocation(world.services.db, world.shop.id, { code: "STORE", name: "Store" });
}, 60_000);

afterAll(() => world.stop());

beforeEach(() => {
  desk = new Desk(world);
});

/** New SKUs with so many units at MAIN. */
async function stocked(...units: number[]): Promise<string[]> {
  const skus = units.map(() => `Q-${++named}`);
  for (const [at, sku] of skus.entries()) {
    await world.item(sku);
    if (units[at]) await world.stock(sku, units[at]);
  }
  return skus;
}

async function stockOf(sku: string) {
  const stock = await world.ledger.stock(world.shop.id, await world.item(sku));
  if ("outcome" in stock) throw new Error(stock.why);
  return stock;
}

/** Sellable units at MAIN and STORE. */
async function shelves(sku: string): Promise<[number, number]> {
  const { MAIN = 0, STORE = 0 } = (await stockOf(sku)).physical.sellable ?? {};
  return [MAIN, STORE];
}

async function sell(sku: string, quantity: number): Promise<void> {
  const order = `order-${++named}`;
  await world.apply({
    ...{ shop: world.shop.id, item: await world.item(sku), activity: order, type: "sell" },
    ...{ order, connection: "c1", channel: "amazon", quantity },
  });
}

describe("C3: a file of quantities", () => {
  test("is counted or changed by location, and every movement says its batch and why", async () => {
    const [a = "", b = ""] = await stocked(10, 4);
    const checked = await desk.check("quantities", [
      "sku,location,quantity,change,bucket,reason",
      `${a},MAIN,12,,,`,
      `${a},STORE,3,,,`,
      `${b},MAIN,,-1,,shrinkage`,
      `${b},MAIN,2,,damaged,`,
    ]);
    expect(checked).toMatchObject({ state: "checked", counts: { ready: 4, bad: 0 } });
    expect(await shelves(a)).toEqual([10, 0]); // a check changes nothing
    const done = await desk.apply(checked);
    expect(done).toMatchObject({ state: "done", done: 4, counts: { applied: 4, refused: 0 } });
    expect([await shelves(a), await shelves(b)]).toEqual([
      [12, 3],
      [3, 0],
    ]);
    expect((await stockOf(b)).physical.damaged).toEqual({ MAIN: 2 });
    const movements = await world.services.db.movement.findMany({
      where: { batchId: BigInt(done.id) },
      orderBy: { activity: "asc" },
    });
    expect(movements).toHaveLength(4);
    expect(movements).toMatchObject([
      { actor: "person:Ada", reason: "import of quantities.csv", activity: `batch/${done.id}/2` },
      {},
      { reason: "shrinkage" },
      {},
    ]);
  });

  test("says line by line what is wrong and what to do, and the good rows are kept", async () => {
    const [a = "", b = ""] = await stocked(1, 1);
    const checked = await desk.check("quantities", [
      "SKU;Warehouse;Qty;Note",
      `${a};MAIN;7,0;"two`,
      `lines"`,
      `none;MAIN;1;`,
      `${b};MOON;x;`,
      ";;;",
      `${a};MAIN;8;`,
      `${b};MAIN;-2;`,
      `${b};MAIN`,
      `${b};MAIN;;`,
    ]);
    expect(checked.counts).toMatchObject({ ready: 1, bad: 6 });
    expect(await desk.problems(checked)).toEqual([
      "4: SKU no item has the SKU none: correct it, or import your items first",
      '5: Quantity "x" is not a whole number: write digits only, e.g. 12',
      "7: (row) says the same as line 2: a file says each thing once: keep one of the two",
      "8: Quantity is below 0: a count is 0 or more: correct it",
      "9: (row) has 2 columns where the header has 4: put quotes around cells that contain a delimiter, a quote or a line end",
      "10: Quantity is empty: write how many there are, or a change",
    ]);
    await desk.apply(checked);
    expect([await shelves(a), await shelves(b)]).toEqual([
      [7, 0],
      [1, 0],
    ]);
  });

  test("with a byte-order mark, CRLF, one location and an old encoding is understood", async () => {
    const [a = ""] = await stocked(2);
    await world.services.db.item.updateMany({ where: { sku: a }, data: { sku: "Größe" } });
    const text = "\uFEFFSKU,On hand\r\nGr\xf6\xdfe,5\r\n";
    const latin = Buffer.concat([Buffer.from("\uFEFF"), Buffer.from(text.slice(1), "latin1")]);
    const { Readable } = await import("node:stream");
    await world.services.db.location.deleteMany({ where: { code: "STORE" } });
    const checked = await desk.check("quantities", Readable.from([latin]));
    await ensureLocation(world.services.db, world.shop.id, { code: "STORE", name: "Store" });
    expect(checked.counts).toMatchObject({ ready: 1, bad: 0 });
  });

  test("that a person stops goes on where it was; a row has one effect, whoever repeats it", async () => {
    const [a = ""] = await stocked(5);
    const checked = await desk.check("quantities", ["sku,location,change", `${a},MAIN,4`]);
    const done = await desk.apply(checked);
    const { db } = world.services;
    // As if the process had died after the ledger took it and before the page was noted.
    await db.batch.update({
      where: { id: BigInt(done.id) },
      data: { state: "applying", cursor: null, done: 0 },
    });
    await desk.run(done.id);
    expect(await shelves(a)).toEqual([9, 0]);
  });
});

describe("H4: the guard", () => {
  test("stops a file that would zero too much, until this very list is confirmed", async () => {
    const skus = await stocked(...Array.from({ length: 12 }, () => 3));
    const { db } = world.services;
    const lines = ["sku,location,quantity", ...skus.map((sku) => `${sku},MAIN,0`)];
    const checked = await desk.check("quantities", lines);
    expect(checked.radius).toMatchObject({ outcome: "stop", zeroed: 12 });
    const refused = await desk.apply(checked);
    expect(refused).toMatchObject({ state: "checked", counts: { ready: 12 } });
    expect(await shelves(skus[0] ?? "")).toEqual([3, 0]);
    const another = await desk.apply(refused, "0000");
    expect(another.state).toBe("checked");
    const done = await desk.apply(another, another.radius?.digest);
    expect(done.state).toBe("done");
    expect(await db.movement.count({ where: { batchId: BigInt(done.id) } })).toBe(12);
    const back = await desk.takeBack(done);
    expect(back, "how far it is can be seen").toMatchObject({
      ...{ total: 12, counts: { ready: 12, measured: 12 } },
    });
    await desk.apply(back, back.radius?.digest);
    expect(await shelves(skus[0] ?? "")).toEqual([3, 0]);
  });

  test("says before what would be oversold", async () => {
    const [a = ""] = await stocked(6);
    await sell(a, 5);
    const checked = await desk.check("quantities", ["sku,location,quantity", `${a},MAIN,2`]);
    expect(checked.counts).toMatchObject({ oversold: 1 });
  });
});

const row = fc.record({
  item: fc.nat(2),
  place: fc.constantFrom("MAIN", "STORE"),
  bucket: fc.constantFrom("sellable", "damaged"),
  units: fc.integer({ min: -3, max: 9 }),
  counted: fc.boolean(),
});

describe("H4: what takes a batch back", () => {
  test("returns every balance to what it was, in both books, and can be taken back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
        const skus = await stocked(5, 0, 2);
        const before = await Promise.all(skus.map(numbers));
        const done = await desk.apply(await desk.check("quantities", fileOf(rows, skus)));
        const after = await Promise.all(skus.map(numbers));
        const back = await desk.apply(await desk.takeBack(done));
        expect(back).toMatchObject({ state: "done", undoes: done.id });
        expect(await Promise.all(skus.map(numbers))).toEqual(before);
        await desk.apply(await desk.takeBack(back));
        expect(await Promise.all(skus.map(numbers))).toEqual(after);
        expect(await differencesFromLegs(world.services.db, world.shop.id)).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });

  test("with sales between, leaves what the sales alone would have left", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
        async (rows, sales) => {
          const skus = await stocked(9, 9, 9);
          const before = await Promise.all(skus.map(numbers));
          const done = await desk.apply(await desk.check("quantities", fileOf(rows, skus)));
          for (const [at, units] of sales.entries()) await sell(skus[at] ?? "", units);
          const back = await desk.takeBack(done);
          await desk.apply(back, back.radius?.digest);
          for (const [at, sku] of skus.entries()) {
            const { committed, sellable } = await numbers(sku);
            expect(committed).toBe(sales[at] ?? 0);
            expect(sellable).toBe(before[at]?.sellable);
          }
        },
      ),
      { numRuns: 4 },
    );
  });

  test("takes transfers and set-aside stock back, and names what it cannot", async () => {
    const [a = ""] = await stocked(10);
    const { db } = world.services;
    const { id: shop } = world.shop;
    const bulk = { kind: "quantities", title: "Bulk", actor: "person:Ada", state: "done" } as const;
    const { openBatch } = await import("../../../prisma/batches.ts");
    const batch = await openBatch(db, shop, bulk);
    const context = { shop, item: await world.item(a), batch };
    const shelf = { bucket: "sellable", from: "MAIN", to: "STORE", quantity: 4 } as const;
    await world.apply({ ...context, activity: `t/${a}`, type: "transfer", ...shelf });
    await world.apply({
      ...{ ...context, activity: `a/${a}`, type: "allocate", channel: "amazon", quantity: 3 },
    });
    await sell(a, 2); // out of what was set aside
    const back = await desk.apply(await desk.takeBack(await desk.find(batch)));
    expect(await shelves(a)).toEqual([10, 0]);
    expect(await desk.problems(back)).toEqual([
      "2: Units only 1 are left to take back: correct it on the item's page",
    ]);
  });

  test("is done once: two who ask share one", async () => {
    const [a = ""] = await stocked(1);
    const done = await desk.apply(
      await desk.check("quantities", ["sku,location,change", `${a},MAIN,1`]),
    );
    await desk.takeBack(done);
    await expect(desk.takeBack(done)).rejects.toThrow();
    expect((await desk.find(done.id)).undoneBy).not.toBeNull();
  });
});

async function numbers(sku: string) {
  const item = await world.item(sku);
  const ledger = await stockOf(sku);
  const record = await readStock(world.services.db, world.shop.id, item);
  const { version: _, ...rest } = ledger;
  if (record.version === ledger.version) {
    expect(differencesFromLedger(item, record, ledger)).toEqual([]);
  }
  return {
    committed: rest.committed,
    sellable: unitsIn(ledger, "sellable"),
    damaged: unitsIn(ledger, "damaged"),
    main: rest.physical.sellable?.MAIN ?? 0,
  };
}

function fileOf(
  rows: { item: number; place: string; bucket: string; units: number; counted: boolean }[],
  skus: string[],
): string[] {
  const seen = new Set<string>();
  const lines = rows.flatMap(({ item, place, bucket, units, counted }) => {
    const key = `${item}/${place}/${bucket}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const [count, change] = counted ? [Math.max(0, units), ""] : ["", units || 1];
    return [`${skus[item]},${place},${bucket},${count},${change}`];
  });
  return ["sku,location,bucket,quantity,change", ...lines];
}
