import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { StockEvent } from "../../ledger/contract.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { markUpToDate, readMarks } from "../../prisma/marks.ts";
import { knownLines } from "../../prisma/order-lines.ts";
import { recordEntries } from "../../prisma/record.ts";
import { differencesFromLegs, readStock } from "../../prisma/stock.ts";
import { freshDatabase } from "../support/servers.ts";
import { Book, entryOf, recordEvents } from "./book.ts";

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let book: Book;

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

beforeEach(async () => {
  await db.$executeRaw`
    truncate movement, movement_leg, balance, hold, order_line, partition_mark`;
  book = new Book();
});

/** Everything the record holds, to compare two histories. */
async function everything() {
  const [movements, legs, balances, holds, lines, marks] = await Promise.all([
    db.movement.findMany({ orderBy: [{ partition: "asc" }, { seq: "asc" }] }),
    db.movementLeg.findMany({ orderBy: [{ partition: "asc" }, { seq: "asc" }, { leg: "asc" }] }),
    db.balance.findMany({ orderBy: [{ itemId: "asc" }, { bucket: "asc" }, { location: "asc" }] }),
    db.hold.findMany({ orderBy: { id: "asc" } }),
    db.orderLine.findMany({ orderBy: { orderId: "asc" } }),
    readMarks(db),
  ]);
  return { movements, legs, balances, holds, lines, marks };
}

/** A history of a few items with receipts, sales and holds. */
function history(): StockEvent[] {
  const hold = { id: "hold-1", quantity: 2, expiresAt: 1_700_000_900_000 };
  const held = (quantity: number) => [{ bucket: "held" as const, location: "", quantity }];
  return [
    book.receive("jacket", 10),
    book.sell("jacket", "1001", 3),
    book.move("jacket", "hold", held(2), { hold: { ...hold, state: "live" } }),
    book.receive("scarf", 5),
    book.move("jacket", "release", held(-2), { hold: { ...hold, state: "released" } }),
    book.sell("scarf", "1002", 1),
  ];
}

describe("recordEntries", () => {
  test("D6: an event becomes a movement with its legs, balances, order line and mark", async () => {
    const result = await recordEvents(db, history());
    expect(result).toMatchObject({ recorded: 6, repeated: 0, forgotten: 0, gaps: [], doubled: [] });
    expect(await readStock(db, "shop-a", "jacket")).toEqual({
      physical: { sellable: { MAIN: 10 } },
      committed: 3,
      held: 0,
      allocated: {},
      version: 5,
    });
    const line = { connection: "connection-1", order: "1001", items: ["jacket"] };
    const known = await knownLines(db, "shop-a", line);
    expect(known.get("jacket")).toMatchObject({ ordered: 3, cancelled: 0, shipped: 0 });
    expect(await db.hold.findMany({ select: { id: true, state: true } })).toEqual([
      { id: "hold-1", state: "released" },
    ]);
    expect(await readMarks(db)).toEqual([
      { partition: 3, seq: 6, at: new Date(1_700_000_000_006) },
    ]);
    expect(await differencesFromLegs(db, "shop-a")).toEqual([]);
  });

  test("D6: any cutting and repeating of the stream records each event once", async () => {
    await recordEvents(db, history());
    const expected = await everything();
    // Each cut is a batch that ends there; each batch is delivered up to three times.
    const delivery = fc.array(
      fc.record({ upTo: fc.nat(6), times: fc.integer({ min: 1, max: 3 }) }),
    );
    const property = fc.asyncProperty(delivery, async (deliveries) => {
      await db.$executeRaw`
        truncate movement, movement_leg, balance, hold, order_line, partition_mark`;
      book = new Book();
      const events = history();
      for (const { upTo, times } of [...deliveries, { upTo: 6, times: 1 }]) {
        for (let i = 0; i < times; i += 1) {
          const batch = events.slice(0, upTo);
          if (batch.length > 0) await recordEvents(db, batch);
        }
      }
      expect(await everything()).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 20 });
  });

  test("D6: two persisters with the same batch at once record it once", async () => {
    const events = history();
    const results = await Promise.all([1, 2, 3, 4].map(() => recordEvents(db, events)));
    expect(results.map((result) => result.recorded).sort()).toEqual([0, 0, 0, 6]);
    expect(results.reduce((sum, result) => sum + result.repeated, 0)).toBe(18);
    expect(await differencesFromLegs(db, "shop-a")).toEqual([]);
  });

  test("D6: a missing number is refused, and only in its own partition", async () => {
    const [first, , third] = history() as [StockEvent, StockEvent, StockEvent];
    const other = new Book(5).receive("hat", 1);
    const result = await recordEvents(db, [first, third, other]);
    expect(result.recorded).toBe(2);
    expect(result.gaps).toEqual([{ partition: 3, expected: 2, found: 3 }]);
    expect((await readMarks(db)).map(({ partition, seq }) => [partition, seq])).toEqual([
      [3, 1],
      [5, 1],
    ]);
  });

  test("D5: a jump explains the numbers it passes over, and no others", async () => {
    const [first, second] = history() as [StockEvent, StockEvent];
    await recordEvents(db, [first, second]);
    const jump = { kind: "jump", partition: 3, seq: 20, from: 2 } as const;
    const after = { ...book.receive("jacket", 1), seq: 21 };
    expect(await recordEntries(db, [jump, entryOf(after)])).toMatchObject({
      ...{ recorded: 1, repeated: 0, gaps: [] },
    });
    expect(await recordEntries(db, [jump])).toMatchObject({ recorded: 0, repeated: 1 });
    // From 30 on means that the numbers up to 30 were given; 22 to 30 are not in the record.
    const tooFar = { kind: "jump", partition: 3, seq: 40, from: 30 } as const;
    const { gaps } = await recordEntries(db, [tooFar]);
    expect(gaps).toEqual([{ partition: 3, expected: 22, found: 40 }]);
    expect((await readMarks(db)).map((mark) => mark.seq)).toEqual([21]);
  });

  test("D5: a rested record is up to date at the time it says so, and not when it lags", async () => {
    const [first, second] = history() as [StockEvent, StockEvent];
    await recordEvents(db, [first]);
    const noon = new Date("2030-01-01T12:00:00Z");
    await markUpToDate(db, noon, [{ partition: 3, seq: second.seq }]);
    expect((await readMarks(db))[0]?.at).toEqual(new Date(first.at));
    await markUpToDate(db, noon, [
      { partition: 3, seq: first.seq },
      { partition: 4, seq: 0 },
      { partition: 5, seq: 9 },
    ]);
    expect(await readMarks(db)).toEqual([
      { partition: 3, seq: 1, at: noon },
      { partition: 4, seq: 0, at: noon },
    ]);
    await markUpToDate(db, new Date(0), [{ partition: 3, seq: first.seq }]);
    expect((await readMarks(db))[0]?.at).toEqual(noon);
  });

  test("D6: a batch that breaks a rule leaves nothing behind", async () => {
    const [first, second] = history() as [StockEvent, StockEvent];
    const unbalanced = { ...second, legs: second.legs.slice(1) };
    await expect(recordEvents(db, [first, unbalanced])).rejects.toThrow("claim legs sum to zero");
    expect((await everything()).movements).toEqual([]);
    expect((await everything()).marks).toEqual([]);
  });

  test("D6: stock that moved twice under one activity is recorded twice, and told", async () => {
    const sale = book.sell("jacket", "1001", 1);
    const again = { ...book.sell("jacket", "1001", 1), activity: sale.activity };
    const result = await recordEvents(db, [sale, again]);
    expect(result.recorded).toBe(2);
    expect(result.doubled).toEqual([again]);
    expect(await differencesFromLegs(db, "shop-a")).toEqual([]);
    const activities = (await everything()).movements.map((movement) => movement.activity);
    expect(activities).toEqual([sale.activity, `${sale.activity}#again/3/2`]);
  });

  test("D6: a bucket that is emptied and no longer told of ends at nothing", async () => {
    const location = "BACK";
    const arrive = book.move("jacket", "adjust", [{ bucket: "damaged", location, quantity: 4 }]);
    const leave = book.move("jacket", "adjust", [{ bucket: "damaged", location, quantity: -4 }]);
    const silent = { ...leave, stock: { ...leave.stock, physical: {} } };
    await recordEvents(db, [arrive]);
    await recordEvents(db, [silent]);
    expect((await readStock(db, "shop-a", "jacket")).physical).toEqual({ damaged: { BACK: 0 } });
    expect(await differencesFromLegs(db, "shop-a")).toEqual([]);
  });

  test("D6: the check names a balance that is not the sum of its legs", async () => {
    await recordEvents(db, history());
    await db.$executeRaw`
      update balance set quantity = 99 where item_id = 'jacket' and bucket = 'committed'`;
    expect(await differencesFromLegs(db, "shop-a")).toEqual([
      { item: "jacket", bucket: "committed", location: "", balance: 99, other: 3 },
    ]);
    expect(await differencesFromLegs(db, "shop-b")).toEqual([]);
  });
});
