import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BufferPolicy } from "../../../inventory/buffer.ts";
import type { ChosenOptions } from "../../../jobs/batches/chosen.ts";
import { replanListings } from "../../../jobs/planner.ts";
import { listRules, saveRule } from "../../../prisma/buffers.ts";
import { ensureConnection } from "../../../prisma/connections.ts";
import { RING, startWorld, type World } from "../../app/world.ts";
import { Desk } from "./desk.ts";

let world: World;
let desk: Desk;
let named = 0;

beforeAll(async () => {
  world = await startWorld();
  const account = { channel: "amazon", name: "Amazon", account: "a", settings: {}, secrets: {} };
  await ensureConnection(world.services.db, RING, world.shop.id, account);
}, 60_000);

afterAll(() => world.stop());

beforeEach(() => {
  desk = new Desk(world);
});

const search = { search: "", filter: "all", below: 10 } as const;
const half: BufferPolicy = { buffer: { kind: "percent", show: 50 }, showLastUnit: false };

/** New items with 10 units each, listed on Amazon; their SKUs begin alike. */
async function listed(count: number): Promise<{ prefix: string; ids: string[] }> {
  const prefix = `K${++named}-`;
  const { db } = world.services;
  const { id: connectionId } = await db.connection.findFirstOrThrow();
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const sku = `${prefix}${n}`;
    await world.stock(sku, 10);
    const itemId = await world.item(sku);
    const listing = { connectionId, itemId, externalId: sku, sku, title: sku };
    await db.listing.create({ data: { shopId: world.shop.id, ...listing } });
    ids.push(itemId);
  }
  await replanListings(world.services, world.shop.id);
  return { prefix, ids };
}

async function planned(prefix: string): Promise<(number | null)[]> {
  for (const { name, payload } of desk.asked.splice(0)) {
    if (name !== "listings.replan") continue;
    const { shop, ...filter } = payload as { shop: string };
    await replanListings(world.services, shop, filter);
  }
  const rows = await world.services.db.listing.findMany({
    where: { sku: { startsWith: prefix } },
    orderBy: { sku: "asc" },
  });
  return rows.map((row) => row.planned);
}

const rule = (channel: string | null, policy: BufferPolicy) =>
  ({ of: "rule", channel, policy }) satisfies ChosenOptions["change"];

describe("B1: a rule for chosen items", () => {
  test("is previewed, is in force for them alone, and is taken back as a batch", async () => {
    const { prefix, ids } = await listed(3);
    const options: ChosenOptions = {
      which: { ...search, items: ids.slice(0, 2) },
      change: rule("amazon", half),
    };
    const checked = await desk.checkChosen("buffers", options);
    expect(checked).toMatchObject({
      ...{ state: "checked", counts: { ready: 2 }, total: 2 },
      radius: { changed: 2, before: 18, after: 10 },
    });
    expect(await planned(prefix)).toEqual([9, 9, 9]);
    const done = await desk.apply(checked);
    expect(done).toMatchObject({ state: "done", counts: { applied: 2 } });
    expect(await planned(prefix)).toEqual([5, 5, 9]);
    const again = await desk.checkChosen("buffers", options);
    expect(again.counts).toMatchObject({ ready: 0, same: 2 });
    await desk.apply(await desk.takeBack(done));
    expect(await planned(prefix)).toEqual([9, 9, 9]);
    expect(await listRules(world.services.db, world.shop.id)).toEqual([]);
  });

  test("is removed from all that match, whatever channel each is for", async () => {
    const { db } = world.services;
    const { prefix, ids } = await listed(3);
    const { id: shop } = world.shop;
    await saveRule(db, shop, { item: ids[0] ?? "", channel: "amazon", ...half });
    await saveRule(db, shop, { item: ids[0] ?? "", ...half });
    await saveRule(db, shop, { item: ids[2] ?? "", channel: "ebay", ...half });
    const kept = await saveRule(db, shop, { channel: "walmart", ...half });
    const which = { ...search, search: prefix };
    const only = await desk.checkChosen("buffers", {
      ...{ which, change: { of: "no-rules", channel: "ebay" } },
    });
    expect(only.counts).toMatchObject({ ready: 1 });
    const checked = await desk.checkChosen("buffers", {
      ...{ which, change: { of: "no-rules", channel: null } },
    });
    expect(checked).toMatchObject({ counts: { ready: 3 }, total: 3 });
    await desk.apply(checked);
    expect((await listRules(db, shop)).map(({ id }) => id)).toEqual([kept]);
    expect(await planned(prefix)).toEqual([9, 9, 9]);
  });
});

describe("a category for chosen items", () => {
  test("is set for all that match, is told where it is so already, and is taken back", async () => {
    const { prefix, ids } = await listed(3);
    const { db } = world.services;
    await db.item.updateMany({ where: { id: ids[1] ?? "" }, data: { category: "Sale" } });
    const checked = await desk.checkChosen("items", {
      which: { ...search, search: prefix },
      change: { of: "category", category: "Sale" },
    });
    expect(checked).toMatchObject({ counts: { ready: 2, same: 1 }, radius: { outcome: "within" } });
    const done = await desk.apply(checked);
    expect(await db.item.count({ where: { category: "Sale" } })).toBe(3);
    await desk.apply(await desk.takeBack(done));
    expect(await db.item.count({ where: { category: "Sale" } })).toBe(1);
  });

  test("H4: waits for a second look where a rule for that category would zero them", async () => {
    const { prefix, ids } = await listed(3);
    const { db } = world.services;
    await db.shop.updateMany({ data: { guardAlways: 1, guardZeroPercent: 10 } });
    const none: BufferPolicy = { buffer: { kind: "percent", show: 0 } };
    await saveRule(db, world.shop.id, { category: "Recalled", ...none });
    const checked = await desk.checkChosen("items", {
      which: { ...search, items: ids },
      change: { of: "category", category: "Recalled" },
    });
    expect(checked.radius).toMatchObject({ outcome: "stop", zeroed: 3, after: 0 });
    const refused = await desk.apply(checked);
    expect(refused.state).toBe("checked");
    await desk.apply(refused, refused.radius?.digest);
    expect(await planned(prefix)).toEqual([0, 0, 0]);
  });
});
