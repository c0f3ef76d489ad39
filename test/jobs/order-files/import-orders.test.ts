import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImportListener, importOrders } from "../../../jobs/order-files/import-orders.ts";
import { type Database, openDatabase } from "../../../prisma/client.ts";
import { salesTotals } from "../../../prisma/sales.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { ROOT } from "../../../scripts/services/paths.ts";
import type { Server } from "../../../scripts/services/server.ts";
import { freshDatabase } from "../../support/servers.ts";
import { UCI_HEADER, withFile } from "./read.ts";

let server: Server;
let db: Database;

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

let shops = 0;
async function newShop(): Promise<string> {
  shops += 1;
  return (await ensureShop(db, `shop-${shops}.example`, "A shop")).id;
}

const at = "2011-01-10 09:00:00";
const file = (...rows: string[]) => `${[UCI_HEADER, ...rows].join("\n")}\n`;

function run(shop: string, content: string, listener: ImportListener = {}) {
  return withFile(content, (path) => importOrders(db, shop, path, {}, listener));
}

async function imported(shop: string, content: string, listener?: ImportListener) {
  const result = await run(shop, content, listener);
  if (result.outcome !== "imported") throw new Error(result.why);
  return result;
}

const stored = (shop: string) =>
  db.salesLine.findMany({ where: { shopId: shop }, orderBy: [{ order: "asc" }, { line: "asc" }] });

describe("importing a file", () => {
  const rows = [
    `1,A1,RED LAMP,6,${at},2.55,17850.0,UK`,
    `1,POST,POSTAGE,1,${at},18,17850.0,UK`,
    `2,A1,BLUE LAMP,1,${at},2.55,,UK`,
    `3,A1,BLUE LAMP,1,${at},2.55,,UK`,
    `C4,A1,RED LAMP,-2,2011-01-11 09:00:00,2.55,17850.0,UK`,
    `5,A2,damaged,-3,${at},0,,UK`,
    `6,A2,VASE,x,${at},1,,UK`,
  ];

  test("makes items with their most frequent title and keeps the good rows", async () => {
    const shop = await newShop();
    const bad: number[] = [];
    const result = await imported(shop, file(...rows), { bad: ({ line }) => bad.push(line) });
    expect(result).toMatchObject({ itemsNew: 2, linesAdded: 5, linesPresent: 0, linesChanged: 0 });
    expect(bad).toEqual([8]);
    const items = await db.item.findMany({ where: { shopId: shop }, orderBy: { sku: "asc" } });
    expect(items.map(({ sku, title, category }) => [sku, title, category])).toEqual([
      ["A1", "BLUE LAMP", null],
      ["A2", "damaged", null],
    ]);
    expect(
      (await stored(shop)).map(({ order, line, quantity, kind }) => [order, line, quantity, kind]),
    ).toEqual([
      ["1", 1, 6, "sale"],
      ["2", 1, 1, "sale"],
      ["3", 1, 1, "sale"],
      ["5", 1, -3, "correction"],
      ["C4", 1, -2, "cancellation"],
    ]);
  });

  test("again adds nothing, and a repaired row adds itself alone", async () => {
    const shop = await newShop();
    await imported(shop, file(...rows));
    const again = await imported(shop, file(...rows));
    expect(again).toMatchObject({ itemsNew: 0, linesAdded: 0, linesPresent: 5, linesChanged: 0 });
    const repaired = await imported(shop, file(...rows).replace("VASE,x", "VASE,1"));
    expect(repaired).toMatchObject({ linesAdded: 1, linesPresent: 5, linesChanged: 0 });
  });

  test("tells which lines are stored with other content, and leaves them", async () => {
    const shop = await newShop();
    await imported(shop, file(...rows));
    const changed: unknown[] = [];
    const listener: ImportListener = { changed: (line) => changed.push(line) };
    const content = file(...rows).replace("RED LAMP,6", "RED LAMP,7");
    expect(await imported(shop, content, listener)).toMatchObject({ linesChanged: 1 });
    expect(changed).toEqual([{ order: "1", line: 1 }]);
    expect((await stored(shop))[0]).toMatchObject({ order: "1", quantity: 6 });
  });

  test("keeps a title that a merchant has given, and no customer", async () => {
    const shop = await newShop();
    await db.item.create({ data: { shopId: shop, sku: "A1", title: "Our lamp" } });
    await imported(shop, file(...rows));
    const item = await db.item.findUnique({ where: { shopId_sku: { shopId: shop, sku: "A1" } } });
    expect(item?.title).toBe("Our lamp");
    expect(JSON.stringify(await stored(shop))).not.toContain("17850");
  });

  test("into one shop is not seen by another", async () => {
    const [one, other] = [await newShop(), await newShop()];
    await imported(one, file(...rows));
    expect(await stored(other)).toEqual([]);
    expect(await imported(other, file(...rows))).toMatchObject({ linesAdded: 5, itemsNew: 2 });
  });

  test("that cannot be read to its end stores nothing", async () => {
    const shop = await newShop();
    const result = await run(shop, "InvoiceNo,StockCode\n1,A1\n");
    expect(result).toMatchObject({ outcome: "unreadable" });
    expect(await run(shop, `${UCI_HEADER}\n`)).toMatchObject({
      outcome: "unreadable",
      why: expect.stringContaining("has a header and no rows below it"),
    });
    expect(await db.item.count({ where: { shopId: shop } })).toBe(0);
  });

  test("in several batches tells how far it is", async () => {
    const shop = await newShop();
    const many = Array.from({ length: 5_000 }, (_, n) => `${n},A${n % 7},x,1,${at},1,,UK`);
    const steps = new Set<string>();
    const listener: ImportListener = {
      progress: ({ step, rows, done }) => {
        expect(done).toBeGreaterThanOrEqual(0);
        expect(done).toBeLessThanOrEqual(1);
        steps.add(`${step} ${rows}`);
      },
    };
    expect(await imported(shop, file(...many), listener)).toMatchObject({ linesAdded: 5_000 });
    expect([...steps]).toContain("checking 5000");
    expect([...steps].at(-1)).toBe("storing 5000");
  });
});

/** Sums the real file by itself: splits lines, knows nothing of the importer. */
async function sumOf(path: string) {
  const text = (await promisify(gunzip)(await readFile(path))).toString("utf8");
  const services = /^(POST|DOT|C2|M|D|S|B|CRUK|PADS|AMAZONFEE|BANK CHARGES|GIFT_.*)$/i;
  const sum = { rows: 0, units: 0, pence: 0 };
  const skus = new Set<string>();
  for (const line of text.split("\n").slice(1, -1)) {
    // A description is the only cell with commas in it: count the others from the ends.
    const cells = line.split(",");
    const [quantity, , price] = cells.slice(-5);
    const code = String(cells[1]);
    if (services.test(code)) continue;
    sum.rows += 1;
    sum.units += Number(quantity);
    sum.pence += Math.round(Number(quantity) * Number(price) * 100);
    skus.add(code.toUpperCase());
  }
  return { ...sum, items: skus.size };
}

test("a real retailer's ten months come to the sum of an independent count", async () => {
  const path = resolve(ROOT, "../shared/data/online-retail-2010-12-to-2011-09.csv.gz");
  if (!existsSync(path)) {
    console.log("the real order file is absent: its sums are not checked");
    return;
  }
  const shop = await newShop();
  // The worst moment for it: the planner knows all shops but this one.
  await db.$executeRaw`analyze sales_line`;
  const result = await importOrders(db, shop, path);
  const expected = await sumOf(path);
  const totals = await salesTotals(db, shop);
  const sum = (pick: (total: (typeof totals)[number]) => number) =>
    totals.reduce((all, total) => all + pick(total), 0);
  expect({
    rows: sum((total) => total.lines),
    units: sum((total) => total.units),
    pence: sum((total) => total.revenue),
    items: await db.item.count({ where: { shopId: shop } }),
  }).toEqual(expected);
  expect(result).toMatchObject({ outcome: "imported", summary: { rows: 370_931, bad: 0 } });
}, 180_000);
