import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bucket } from "../../inventory/bucket.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import {
  COUNTED,
  countItems,
  ITEM_FILTERS,
  ITEM_SORTS,
  type ItemFilter,
  type ItemPageQuery,
  type ItemQuery,
  itemNames,
  itemPage,
} from "../../prisma/item-list.ts";
import { itemRows } from "../../prisma/item-rows.ts";
import { unlistedItems } from "../../prisma/item-sets.ts";
import { ensureItems } from "../../prisma/items.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { freshDatabase } from "../support/servers.ts";
import { Book, recordEvents } from "./book.ts";

const NOW = new Date("2026-11-25T12:00:00Z");

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let shop: string;
const ids = new Map<string, string>();

/** 40 items; of the first so many: on hand, sold, and how it is listed. */
beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
  shop = (await ensureShop(db, "a.example", "A")).id;
  const other = (await ensureShop(db, "b.example", "B")).id;
  const items = Array.from({ length: 40 }, (_, n) => ({
    sku: `SKU-${String(n).padStart(2, "0")}`,
    title: `${n % 2 === 0 ? "Wool scarf" : "linen Shirt"} 100% No. ${n % 7}`,
    category: n % 4 === 0 ? "Scarves" : null,
    barcode: String(4_006_381_333_900 + n),
  }));
  for (const owner of [other, shop]) {
    for (const [sku, { id }] of await ensureItems(db, owner, items)) ids.set(sku, id);
  }
  const book = new Book(0, shop);
  const events = items.slice(0, 20).flatMap(({ sku }, n) => {
    const item = ids.get(sku) ?? "";
    const received = book.receive(item, n % 5);
    return n === 3 ? [received, book.sell(item, "1001", 7)] : [received];
  });
  await recordEvents(db, events);
  await listThem(items.slice(0, 30).map(({ sku }) => sku));
}, 60_000);

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

/** Lists these, each as it is to be found: one failing, one late, one drifting, one in a kit. */
async function listThem(skus: string[]): Promise<void> {
  const connection = await db.connection.create({
    data: { shopId: shop, channel: "amazon", name: "US", account: "s", secrets: "", liveAt: NOW },
  });
  const long = new Date(NOW.getTime() - 3_600_000);
  for (const [n, sku] of skus.entries()) {
    const kit = n === 29;
    const listing = await db.listing.create({
      data: {
        ...{ shopId: shop, connectionId: connection.id, externalId: sku, sku, title: sku, kit },
        ...(kit ? {} : { itemId: ids.get(sku) ?? "" }),
        ...(n === 5 ? { trouble: "refused" } : {}),
        ...(n === 6 ? { planned: 4, plannedSeq: 1, plannedAt: long } : {}),
        ...(n === 28 ? { goneAt: long } : {}),
      },
    });
    const listingId = listing.id;
    if (kit) {
      const part = { shopId: shop, listingId, units: 2 };
      await db.listingComponent.create({ data: { ...part, itemId: ids.get(sku) ?? "" } });
    }
    if (n !== 7) continue;
    const drift = { expected: 1, found: 2, cause: "manual-edit", foundAt: NOW };
    await db.drift.create({
      data: { shopId: shop, connectionId: connection.id, listingId, ...drift },
    });
  }
}

const query = (more: Partial<ItemQuery> = {}): ItemQuery => ({
  ...{ shop, search: "", filter: "all", below: 2, ...more },
});
const pageOf = (more: Partial<ItemPageQuery> = {}) =>
  itemPage(db, { ...query(), sort: "sku", descending: false, limit: 100, ...more }, NOW);
const skusOf = async (more: Partial<ItemPageQuery>) =>
  (await pageOf(more)).rows.map((row) => row.sku);

describe("a list of items", () => {
  test.each(ITEM_SORTS.flatMap((sort) => [false, true].map((down) => [sort, down] as const)))(
    "is read forwards and back by %s, descending %s, and every item is on it once",
    async (sort, descending) => {
      const order = { sort, descending, limit: 7 };
      const all = await skusOf({ ...order, limit: 100 });
      expect(new Set(all).size).toBe(40);
      const forwards: string[] = [];
      let page = await pageOf(order);
      for (; page.next; page = await pageOf({ ...order, after: page.next })) {
        forwards.push(...page.rows.map((row) => row.sku));
      }
      forwards.push(...page.rows.map((row) => row.sku));
      expect(forwards).toEqual(all);
      const back = page.rows.map((row) => row.sku);
      for (; page.previous; ) {
        page = await pageOf({ ...order, before: page.previous });
        back.unshift(...page.rows.map((row) => row.sku));
      }
      expect(back).toEqual(all);
    },
  );

  test("is in the order it says", async () => {
    const { rows } = await pageOf({ sort: "available", descending: true });
    const available = rows.map((row) => row.ats);
    expect(available).toEqual(available.toSorted((a, b) => b - a));
    const titles = (await pageOf({ sort: "title" })).rows.map((row) => row.title.toLowerCase());
    expect(titles).toEqual(titles.toSorted());
    expect((await skusOf({ sort: "moved", descending: true }))[0]).toBe("SKU-19");
    expect((await skusOf({ sort: "moved" }))[0]).toBe("SKU-20");
  });

  test.each<[Partial<ItemQuery>, number | string[]]>([
    [{ search: "sku-0" }, 10],
    [{ search: "WOOL" }, 20],
    [{ search: "100% no. 3" }, ["SKU-03", "SKU-10", "SKU-17", "SKU-24", "SKU-31", "SKU-38"]],
    [{ search: "100_" }, []],
    [{ search: "6381333901" }, ["SKU-01"]],
    [{ search: "04006381333901" }, ["SKU-01"]],
    [{ search: "x" }, []],
    [{ filter: "oversold" }, ["SKU-03"]],
    [
      { filter: "low" },
      ["SKU-01", "SKU-02", "SKU-06", "SKU-07", "SKU-11", "SKU-12", "SKU-16", "SKU-17"],
    ],
    [{ filter: "out", search: "sku-0" }, ["SKU-00", "SKU-03", "SKU-05"]],
    [{ filter: "failing" }, ["SKU-05"]],
    [{ filter: "late" }, ["SKU-06"]],
    [{ filter: "drifting" }, ["SKU-07"]],
    [{ filter: "attention" }, ["SKU-03", "SKU-05", "SKU-06"]],
    [{ filter: "unlisted", search: "sku-2" }, ["SKU-28"]],
    [{ filter: "unlisted" }, 11],
    [{ category: "Scarves" }, 10],
    [{ category: "Scarves", filter: "low" }, ["SKU-12", "SKU-16"]],
  ])("finds %j", async (more, expected) => {
    const found = await skusOf(more);
    expect(typeof expected === "number" ? found.length : found).toEqual(expected);
    expect(await countItems(db, query(more), NOW)).toBe(found.length);
    const named = found.map((sku) => ids.get(sku)).toSorted();
    const names = await itemNames(db, query(more), { after: "", limit: 100 }, NOW);
    expect(names.map(({ id }) => id)).toEqual(named);
  });

  test("narrows to what is offered on a connection, kits included", async () => {
    const connection = (await db.connection.findFirst())?.id;
    expect(await skusOf({ connection })).toHaveLength(29);
    expect(await skusOf({ connection: "none" })).toEqual([]);
  });

  test("invariant 11: finds nothing of another shop", async () => {
    for (const filter of ITEM_FILTERS) {
      const there = { shop: "nobody", filter: filter as ItemFilter };
      expect((await pageOf(there)).rows).toEqual([]);
    }
    expect(await itemRows(db, "nobody", [...ids.values()])).toEqual([]);
    expect(await unlistedItems(db, "nobody", 10)).toEqual([]);
  });

  test("tells few unlisted items by name, and many as many", async () => {
    expect(await unlistedItems(db, shop, 11)).toHaveLength(11);
    expect(await unlistedItems(db, shop, 10)).toBeNull();
  });

  test("a row has the item's figures and what each listing shows", async () => {
    const [row] = await itemRows(db, shop, [ids.get("SKU-03") ?? ""]);
    expect(row).toMatchObject({ onHand: 3, committed: 7, held: 0, ats: -4, category: null });
    expect(row?.movedAt).toBeInstanceOf(Date);
    expect(row?.listings).toMatchObject([{ planned: null, trouble: null, kit: false }]);
    const [never] = await itemRows(db, shop, [ids.get("SKU-29") ?? ""]);
    expect(never).toMatchObject({ movedAt: null, listings: [{ kit: true }] });
  });

  test("pages of many are in order, wherever in the list they are, and are turned both ways", async () => {
    const { id: many } = await ensureShop(db, "many.example", "Many");
    await db.$executeRaw`
      insert into item (id, shop_id, sku, title)
      select sku, ${many}, sku, case when n <= 3000 then 'Other' else 'Much' end || n
      from (select n, 'M-' || lpad(n::text, 5, '0') as sku
        from generate_series(1, ${COUNTED + 3_005}) n) named`;
    await db.$executeRaw`
      update item_stock s set available = 10000 - substr(item_id, 3)::int where shop_id = ${many}`;
    const every = { shop: many, limit: 2 };
    expect((await pageOf(every)).rows.map((row) => row.sku)).toEqual(["M-00001", "M-00002"]);
    const ascending = ["M-03001", "M-03002", "M-03003", "M-03004"];
    const descending = ["M-08005", "M-08004", "M-08003", "M-08002"];
    for (const [order, skus] of [
      [{ sort: "sku" }, ascending],
      [{ sort: "title" }, ascending],
      [{ sort: "sku", descending: true }, descending],
      [{ sort: "available" }, descending],
      [{ sort: "available", descending: true }, ascending],
    ] satisfies [Partial<ItemPageQuery>, string[]][]) {
      const asked = { ...every, ...order, search: "much" };
      const first = await pageOf(asked);
      expect(first).toMatchObject({ found: COUNTED + 1, previous: null });
      const second = await pageOf({ ...asked, after: first.next ?? undefined });
      const rows = [...first.rows, ...second.rows].map((row) => row.sku);
      expect(rows, JSON.stringify(order)).toEqual(skus);
      const back = await pageOf({ ...asked, before: second.previous ?? undefined });
      expect(back.rows.map((row) => row.sku)).toEqual(skus.slice(0, 2));
      expect(back.previous).toBeNull();
    }
  });
});

test("the figures of a list are the balances' own, whatever moved", async () => {
  const item = ids.get("SKU-39") ?? "";
  const leg = (bucket: Bucket, quantity: number, location = "") => ({ bucket, location, quantity });
  const book = new Book(1, shop);
  const events = [
    book.receive(item, 9),
    book.move(item, "adjust", [leg("damaged", 2, "MAIN")]),
    book.move(item, "adjust", [leg("incoming", 5, "MAIN")]),
    book.move(item, "allocate", [leg("allocated:tiktok", 4)]),
    book.move(item, "hold", [leg("held", 1)]),
  ];
  await recordEvents(db, events);
  await recordEvents(db, events.slice(0, 1)); // told again
  expect(await itemRows(db, shop, [item])).toMatchObject([{ onHand: 11, ats: 4, held: 1 }]);
});

test("search works as well where the database has no trigrams", async () => {
  await db.$executeRaw`drop extension pg_trgm cascade`;
  expect(await skusOf({ search: "linen shirt" })).toHaveLength(20);
});
