import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { templateFile } from "../../../app/files/templates.ts";
import type { BatchKind } from "../../../inventory/batch.ts";
import { FORMATS } from "../../../jobs/imports/formats.ts";
import { replanListings } from "../../../jobs/planner.ts";
import type { BatchRow } from "../../../prisma/batches.ts";
import { listRules, saveRule } from "../../../prisma/buffers.ts";
import { ensureConnection } from "../../../prisma/connections.ts";
import { namedListings } from "../../../prisma/listing-matches.ts";
import { matchListing } from "../../../prisma/matching.ts";
import { OWNER, RING, startWorld, type World } from "../../app/world.ts";
import { Desk } from "./desk.ts";

/*
 * Rows C3 and H4 for files that change no stock: from the template by mapping and a check that
 * tells every bad line, to what it changes, and back to what there was before, whatever a person
 * has changed by hand since.
 */
let world: World;
let desk: Desk;
let connection = "";
let named = 0;

beforeAll(async () => {
  world = await startWorld();
  const account = { channel: "amazon", name: "Amazon", account: "a", settings: {}, secrets: {} };
  const { id } = await ensureConnection(world.services.db, RING, world.shop.id, account);
  connection = id;
}, 60_000);

afterAll(() => world.stop());

beforeEach(async () => {
  desk = new Desk(world);
  await guard({ always: 10, percent: 20 });
});

const guard = ({ always, percent }: { always: number; percent: number }) =>
  world.services.db.shop.updateMany({ data: { guardAlways: always, guardZeroPercent: percent } });

type Cells = Record<string, string>;

/** A file in the columns of the kind's own template. */
async function fileOf(kind: BatchKind, rows: readonly Cells[]): Promise<string[]> {
  const { services, shop } = world;
  const template = await templateFile.find(
    services,
    { ...shop, person: OWNER },
    new URL("http://a"),
    { kind },
  );
  const [header = [], example = []] = [...((template?.lines ?? []) as string[][])];
  const keys = FORMATS[kind].columns.map(({ key }) => key);
  expect([header.length, example.length]).toEqual([keys.length, keys.length]);
  return [header.join(","), ...rows.map((row) => keys.map((key) => row[key] ?? "").join(","))];
}

async function check(kind: BatchKind, rows: readonly Cells[]): Promise<BatchRow> {
  const checked = await desk.check(kind, await fileOf(kind, rows));
  const { mapping } = checked.options as { mapping: object };
  expect(mapping).toEqual(
    Object.fromEntries(FORMATS[kind].columns.map(({ key }, at) => [key, at])),
  );
  return checked;
}

async function takeBack(batch: BatchRow): Promise<BatchRow> {
  const back = await desk.takeBack(batch);
  expect(back.total, "how far it is can be seen").toBe(back.counts.ready);
  return desk.apply(back, back.radius?.digest);
}

/** An item with 10 units, listed on Amazon under its own SKU. */
async function listed(): Promise<{ sku: string; item: string; listing: string }> {
  const sku = `R-${++named}`;
  const { db } = world.services;
  await world.stock(sku, 10);
  const itemId = await world.item(sku);
  const listing = { externalId: `X-${sku}`, sku, title: sku };
  const data = { shopId: world.shop.id, connectionId: connection, itemId, ...listing };
  const { id } = await db.listing.create({ data });
  await matchListing(db, world.shop.id, id, [{ sku, units: 1 }]);
  await replanListings(world.services, world.shop.id);
  return { sku, item: itemId, listing: id };
}

/** What the listings of these SKUs are to show, after what batches asked for is planned. */
async function planned(...skus: string[]): Promise<(number | null)[]> {
  for (const { name, payload } of desk.asked.splice(0)) {
    if (name !== "listings.replan") continue;
    const { shop, ...filter } = payload as { shop: string };
    await replanListings(world.services, shop, filter);
  }
  const where = { shopId: world.shop.id, sku: { in: skus } };
  const rows = await world.services.db.listing.findMany({ where });
  const bySku = new Map(rows.map((row) => [row.sku, row.planned]));
  return skus.map((sku) => bySku.get(sku) ?? null);
}

describe("a file of items", () => {
  const find = (sku: string) =>
    world.services.db.item.findFirst({
      where: { shopId: world.shop.id, sku },
      select: { title: true, category: true, barcode: true },
    });

  test("makes and changes items, tells bad lines, and is taken back to what there was", async () => {
    await world.item("I-OLD");
    await world.item("I-SAME");
    const before = await find("I-OLD");
    const checked = await check("items", [
      { sku: "I-NEW", title: "New one", category: "Tea", barcode: "04006381333931" },
      { sku: "I-OLD", title: "Renamed" },
      { sku: "I-SAME", title: "Title of I-SAME" },
      { sku: "I-BAD", barcode: "12-AB" },
      { sku: "", title: "nobody" },
      { sku: "I-NEW", title: "Again" },
    ]);
    expect(checked.counts).toMatchObject({ ready: 2, same: 1, bad: 3 });
    expect(await desk.problems(checked)).toEqual([
      '5: Barcode "12-AB" is no barcode: write its digits only',
      "6: SKU is empty: write the item's SKU",
      "7: (row) says the same as line 2: a file says each thing once: keep one of the two",
    ]);
    expect(await find("I-NEW")).toBeNull();
    const done = await desk.apply(checked);
    expect(await find("I-NEW")).toEqual({
      ...{ title: "New one", category: "Tea", barcode: "4006381333931" },
    });
    expect(await find("I-OLD")).toEqual({ ...before, title: "Renamed" });
    const back = await takeBack(done);
    expect([await find("I-NEW"), await find("I-OLD")]).toEqual([null, before]);
    await takeBack(back);
    expect(await find("I-OLD")).toEqual({ ...before, title: "Renamed" });
  });

  test("H4: what a person has changed or used since stays as it is now", async () => {
    await world.item("I-HAND");
    const done = await desk.apply(
      await check("items", [
        { sku: "I-HAND", title: "From the file" },
        { sku: "I-USED", title: "Made by it" },
      ]),
    );
    await world.services.db.item.updateMany({
      where: { sku: "I-HAND" },
      data: { title: "By hand" },
    });
    await world.stock("I-USED", 1);
    const back = await takeBack(done);
    expect(await desk.problems(back)).toEqual([
      "1: Item was changed since: it stays as it is now",
      "2: Item has stock, sales or listings by now: it is kept",
    ]);
    expect(await find("I-HAND")).toMatchObject({ title: "By hand" });
    expect(await find("I-USED")).not.toBeNull();
  });

  test("H4: waits where a rule for the new category would zero what sells", async () => {
    const { sku } = await listed();
    await guard({ always: 0, percent: 1 });
    const rule = {
      category: "Recalled",
      buffer: { kind: "percent", show: 0 },
      showLastUnit: false,
    } as const;
    const id = await saveRule(world.services.db, world.shop.id, rule);
    const checked = await check("items", [{ sku, category: "Recalled" }]);
    expect(checked.radius).toMatchObject({
      ...{ outcome: "stop", zeroed: 1, largest: [{ label: sku, after: 0 }] },
    });
    expect((await desk.apply(checked)).state).toBe("checked");
    const done = await desk.apply(await desk.find(checked.id), checked.radius?.digest);
    expect([done.state, await planned(sku)]).toEqual(["done", [0]]);
    await takeBack(done);
    expect(await planned(sku)).toEqual([9]);
    await world.services.db.bufferRule.deleteMany({ where: { id } });
  });
});

describe("a file of locations", () => {
  const all = async () => {
    const rows = await world.services.db.location.findMany({
      where: { shopId: world.shop.id },
      orderBy: { code: "asc" },
    });
    return rows.map(({ code, name, priority }) => ({ code, name, priority }));
  };

  test("makes and changes locations, tells bad lines, and is taken back", async () => {
    const before = await all();
    const checked = await check("locations", [
      { code: "NORTH", name: "North", priority: "3" },
      { code: "MAIN", priority: "7" },
      { code: "two words", name: "No" },
      { code: "WEST", priority: "first" },
    ]);
    expect(checked.counts).toMatchObject({ ready: 2, bad: 2 });
    expect(await desk.problems(checked)).toEqual([
      "4: Code is empty, long or has spaces: write a short word, e.g. MAIN",
      '5: Priority "first" is not a whole number: write digits only, e.g. 12',
    ]);
    const done = await desk.apply(checked);
    expect(await all()).toEqual([
      { code: "MAIN", name: "Main warehouse", priority: 7 },
      { code: "NORTH", name: "North", priority: 3 },
    ]);
    await takeBack(done);
    expect(await all()).toEqual(before);
  });

  test("H4: what was changed by hand, or holds stock by now, stays", async () => {
    const done = await desk.apply(
      await check("locations", [
        { code: "MAIN", name: "From the file" },
        { code: "SOUTH", name: "South" },
      ]),
    );
    const { db } = world.services;
    await db.location.updateMany({ where: { code: "MAIN" }, data: { name: "By hand" } });
    await world.apply({
      ...{ shop: world.shop.id, item: await world.item("PLACED"), activity: "placed" },
      ...{ type: "receive", location: "SOUTH", quantity: 1 },
    });
    const back = await takeBack(done);
    expect(await desk.problems(back)).toEqual([
      "1: Location was changed since: it stays as it is now",
      "2: Location has held stock by now: it is kept",
    ]);
    expect((await all()).map(({ code, name }) => [code, name])).toEqual([
      ["MAIN", "By hand"],
      ["SOUTH", "South"],
    ]);
  });
});

describe("a file of buffer rules", () => {
  test("sets rules, tells bad lines, and is taken back to the rules there were", async () => {
    const [a, b] = [await listed(), await listed()];
    const { db } = world.services;
    const own = { item: b.item, channel: "amazon", buffer: { kind: "fixed", units: 2 } } as const;
    const id = await saveRule(db, world.shop.id, own);
    const before = await listRules(db, world.shop.id);
    const checked = await check("buffers", [
      { channel: "amazon", sku: a.sku, kind: "percent", value: "50" },
      { channel: "amazon", sku: b.sku, kind: "remove" },
      { channel: "amazon", sku: "GHOST", kind: "fixed", value: "1" },
      { channel: "amazon", kind: "percent", value: "120" },
      { channel: "amazon", category: "Tea", sku: a.sku, kind: "fixed", value: "1" },
      { channel: "ebay", kind: "most" },
    ]);
    expect(checked.counts).toMatchObject({ ready: 2, bad: 4 });
    expect(await desk.problems(checked)).toEqual([
      "4: SKU no item has the SKU GHOST: correct it, or import your items first",
      '5: Value "120" is no percentage: write 0 to 100',
      "6: Category stands beside a SKU: a rule is for one of the two",
      '7: Kind "most" is no kind: write percent, fixed, allocated or remove',
    ]);
    const done = await desk.apply(checked, checked.radius?.digest);
    expect(await planned(a.sku, b.sku)).toEqual([5, 9]);
    await takeBack(done);
    expect(await planned(a.sku, b.sku)).toEqual([9, 8]);
    const ruled = (rules: typeof before) => rules.map(({ id: _, ...rule }) => rule);
    expect(ruled(await listRules(db, world.shop.id))).toEqual(ruled(before));
    await db.bufferRule.deleteMany({ where: { OR: [{ id }, { itemId: b.item }] } });
  });

  test("H4: waits when it would zero what sells; a rule changed by hand since stays", async () => {
    const { sku, item } = await listed();
    const { db } = world.services;
    await guard({ always: 0, percent: 1 });
    const none = { channel: "amazon", sku, kind: "percent", value: "0" };
    const checked = await check("buffers", [none]);
    expect(checked.radius).toMatchObject({
      ...{ outcome: "stop", zeroed: 1, largest: [{ label: sku, before: 9, after: 0 }] },
    });
    expect((await desk.apply(checked)).state).toBe("checked");
    const done = await desk.apply(await desk.find(checked.id), checked.radius?.digest);
    expect(await planned(sku)).toEqual([0]);
    const byHand = { item, channel: "amazon", buffer: { kind: "fixed", units: 3 } } as const;
    await saveRule(db, world.shop.id, byHand);
    const back = await takeBack(done);
    expect(await desk.problems(back)).toEqual(["1: Rule was changed since: it stays as it is now"]);
    expect(await listRules(db, world.shop.id)).toMatchObject([{ buffer: { units: 3 } }]);
    await db.bufferRule.deleteMany({});
  });
});

describe("a file of listing matches (B7)", () => {
  /** SKUs and units that a sale of the listing takes. */
  const partsOf = async ({ sku }: { sku: string }) => {
    const name = { channel: "amazon", account: "", externalId: `X-${sku}` };
    const [found] = await namedListings(world.services.db, world.shop.id, [name]);
    return found?.parts.map((part) => [part.sku, part.units]).toSorted();
  };

  test("matches listings, tells bad lines, and is taken back to the matches there were", async () => {
    const [a, b] = [await listed(), await listed()];
    const row = (of: { sku: string }, more: Cells): Cells => {
      return { channel: "amazon", listing: `X-${of.sku}`, ...more };
    };
    const checked = await check("listings", [
      row(a, { sku: `${a.sku}|${b.sku}`, units: "2|3" }),
      row(b, { sku: "" }),
      row({ sku: "NONE" }, { sku: a.sku }),
      { channel: "ebay", listing: `X-${a.sku}`, sku: a.sku },
      { channel: "amazon", listing: "X-1", sku: `${a.sku}|${b.sku}`, units: "2" },
    ]);
    expect(checked.counts).toMatchObject({ ready: 2, bad: 3 });
    expect(await desk.problems(checked)).toEqual([
      "4: Listing amazon has no listing X-NONE: import the channel's listings first",
      `5: Listing ebay has no listing X-${a.sku}: import the channel's listings first`,
      "6: Units per sale are not as many as the SKUs: write one number for each SKU",
    ]);
    const done = await desk.apply(checked, checked.radius?.digest);
    const kit = [
      [a.sku, 2],
      [b.sku, 3],
    ];
    expect(await partsOf(a)).toEqual(kit.toSorted());
    expect(await partsOf(b)).toEqual([]);
    await takeBack(done);
    expect(await partsOf(a)).toEqual([[a.sku, 1]]);
    expect(await partsOf(b)).toEqual([[b.sku, 1]]);
  });

  test("H4: waits when it would zero what sells; a match made by hand since stays", async () => {
    const [a, b] = [await listed(), await listed()];
    await world.item("EMPTY");
    await guard({ always: 0, percent: 1 });
    const checked = await check("listings", [
      { channel: "amazon", listing: `X-${a.sku}`, sku: "EMPTY" },
    ]);
    expect(checked.radius).toMatchObject({
      ...{ outcome: "stop", zeroed: 1, largest: [{ label: a.sku, before: 9, after: 0 }] },
    });
    expect((await desk.apply(checked)).state).toBe("checked");
    const done = await desk.apply(await desk.find(checked.id), checked.radius?.digest);
    expect(await planned(a.sku)).toEqual([0]);
    await matchListing(world.services.db, world.shop.id, a.listing, [{ sku: b.sku, units: 1 }]);
    const back = await takeBack(done);
    expect(await desk.problems(back)).toEqual(["1: Listing was matched anew since: it stays so"]);
    expect(await partsOf(a)).toEqual([[b.sku, 1]]);
  });
});
