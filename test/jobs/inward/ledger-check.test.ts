import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Stock } from "../../../inventory/stock.ts";
import { holdsExpire } from "../../../jobs/handlers/holds-expire.ts";
import { ledgerCheck } from "../../../jobs/handlers/ledger-check.ts";
import type { Ledger } from "../../../ledger/contract.ts";
import { type Database, openDatabase } from "../../../prisma/client.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { readStock } from "../../../prisma/stock.ts";
import { Book, recordEvents } from "../../prisma/book.ts";
import { freshDatabase } from "../../support/servers.ts";
import { silent } from "./world.ts";

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let shop: string;
let other: string;
let book: Book;

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
  shop = (await ensureShop(db, "a.example", "A")).id;
  other = (await ensureShop(db, "b.example", "B")).id;
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

beforeEach(async () => {
  await db.$executeRaw`truncate movement, movement_leg, balance, order_line, partition_mark`;
  book = new Book(1, shop);
  await recordEvents(db, [book.receive("tea", 9), book.sell("tea", "1", 2)]);
  await recordEvents(db, [new Book(2, other).receive("tea", 4)]);
});

/** A ledger that says what the record says, changed by the test. */
function ledger(change: (stock: Stock) => Stock = (stock) => stock): Pick<Ledger, "stock"> {
  return { stock: async (of, item) => change(await readStock(db, of, item)) };
}

const check = (of: Pick<Ledger, "stock">) => ledgerCheck({ db, ledger: of, log: silent });

describe("ledgerCheck", () => {
  test("D6: books that agree leave nothing to say", async () => {
    expect(await check(ledger())).toEqual({
      ...{ shops: 2, items: 2, fromLegs: [], fromLedger: [], undecided: 0 },
    });
  });

  test("D6: a ledger with another number at the same version is named", async () => {
    const wrong = ledger((stock) => ({ ...stock, committed: stock.committed + 1 }));
    const { fromLedger } = await check(wrong);
    expect(fromLedger).toContainEqual({
      ...{ shop, item: "tea", bucket: "committed", location: "", balance: 2, other: 3 },
    });
  });

  test("D6: a ledger that is behind its record has lost something", async () => {
    const behind = ledger((stock) => ({ ...stock, version: 1, committed: 0 }));
    const { fromLedger } = await check(behind);
    expect(fromLedger).toEqual([
      { shop, item: "tea", bucket: "committed", location: "", balance: 2, other: 0 },
    ]);
  });

  test("D6: a record that catches up while it is looked at is no difference", async () => {
    let looks = 0;
    const sale = book.sell("tea", "2", 1);
    const ahead: Pick<Ledger, "stock"> = {
      stock: async (of, item) => {
        if (of !== shop) return readStock(db, of, item);
        looks += 1;
        if (looks === 2) await recordEvents(db, [sale]);
        return sale.stock;
      },
    };
    expect(await check(ahead)).toMatchObject({ fromLedger: [], undecided: 0 });
    expect(looks).toBeGreaterThan(2);
  });

  test("D5: a ledger that is away decides nothing", async () => {
    const away = { stock: async () => ({ outcome: "unavailable", why: "away" }) as const };
    expect(await check(away)).toMatchObject({ items: 2, fromLedger: [], undecided: 2 });
  });

  test("D6: a balance that is not its legs is named with its shop", async () => {
    await db.$executeRaw`update balance set quantity = 1 where shop_id = ${other}
      and bucket = 'sellable'`;
    const { fromLegs } = await check(ledger());
    expect(fromLegs).toEqual([
      { shop: other, item: "tea", bucket: "sellable", location: "MAIN", balance: 1, other: 4 },
    ]);
  });
});

describe("holdsExpire", () => {
  test("C1: due holds are expired, and a ledger that is away expires none", async () => {
    const log = silent;
    expect(await holdsExpire({ ledger: { expireDue: async () => 3 }, log })).toBe(3);
    const away = { outcome: "unavailable", why: "away" } as const;
    expect(await holdsExpire({ ledger: { expireDue: async () => away }, log })).toBe(0);
  });
});
