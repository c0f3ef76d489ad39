import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { personActor } from "../../inventory/actor.ts";
import { builtPages } from "../support/build.ts";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld({ pages: await builtPages() });
  const { db } = world.services;
  const { id: shopId } = world.shop;
  await db.item.create({ data: { shopId, sku: "-EVIL", title: "=cmd()", category: "Caps" } });
  await world.stock("-EVIL", 5);
  const item = await world.item("-EVIL");
  const sale = { shop: shopId, item, activity: "o1", type: "sell" } as const;
  await world.apply({
    ...{ ...sale, order: "1001", connection: "c1", channel: "shopify", quantity: 2 },
    ...{ actor: "shopify", reason: 'a "gift", they said' },
  });
  // More movements than are read at once.
  await db.$executeRaw`
    insert into movement (partition, seq, shop_id, item_id, activity, type, at, actor)
    select 99, n, ${shopId}, ${item}, 'old/' || n, 'adjust', timestamptz '2026-01-01' + n * interval '1 s', 'person:Ann'
    from generate_series(1, 2500) n`;
}, 180_000);

afterAll(() => world.stop());

async function rows(path: string): Promise<Record<string, string>[]> {
  const answer = await fetch(world.url + path);
  expect(answer.headers.get("Content-Disposition")).toMatch(/attachment; filename="[\w-]+\.csv"/);
  return parse(await answer.text(), { bom: true, columns: true });
}

test("E8: the history is exported, a line for each leg, with nothing a spreadsheet would run", async () => {
  const lines = await rows("/app/history.csv?q=1001");
  expect(lines).toMatchObject([
    {
      ...{ sku: "'-EVIL", title: "'=cmd()", what: "Sold", order: "1001", channel: "shopify" },
      ...{ reason: 'a "gift", they said', bucket: "committed", quantity: "2" },
    },
  ]);
});

test("E8: an export is read to its end, however long, and each movement is in it once", async () => {
  const lines = await rows(`/app/history.csv?who=${encodeURIComponent("person:Ann")}`);
  expect(new Set(lines.map((line) => line.number)).size).toBe(2_500);
  expect(lines.map((line) => line.time)).toEqual(
    lines
      .map((line) => line.time)
      .toSorted()
      .reverse(),
  );
});

test("E8: two people of one name differ, and a renamed person keeps the history", async () => {
  const { db } = world.services;
  const { id: shopId } = world.shop;
  const [first, second] = await Promise.all(
    ["ann@a.example", "ann@b.example"].map((email) =>
      db.person.create({ data: { shopId, name: "Ann", email, role: "operations" } }),
    ),
  );
  for (const [person, delta] of [[first, 3] as const, [second, 4] as const]) {
    await world.apply({
      ...{ shop: shopId, item: await world.item("CAP"), activity: `ann/${delta}`, type: "adjust" },
      ...{ bucket: "sellable", location: "MAIN", delta, actor: personActor(person?.id ?? "") },
    });
  }
  const told = async (person = first) => {
    const actor = personActor(person?.id ?? "");
    const lines = await rows(`/app/history.csv?who=${encodeURIComponent(actor)}`);
    return lines.map((line) => [line.who, line.actor === actor, line.quantity]);
  };
  expect(await told(first)).toEqual([["Ann (ann@a.example)", true, "3"]]);
  expect(await told(second)).toEqual([["Ann (ann@b.example)", true, "4"]]);
  await db.person.update({ where: { id: first?.id ?? "" }, data: { name: "Ann Smith" } });
  expect(await told(first)).toEqual([["Ann Smith", true, "3"]]);
  expect(await told(second)).toEqual([["Ann", true, "4"]]);
});

test("E8: days are the shop's own, and the last one is included", async () => {
  const count = async (search: string) => (await rows(`/app/history.csv?${search}`)).length;
  expect(await count("type=adjust&from=2026-01-01&to=2026-01-01")).toBe(2_500);
  expect(await count("type=adjust&to=2025-12-31")).toBe(0);
  await world.services.db.shop.update({
    where: { id: world.shop.id },
    data: { timeZone: "America/New_York" },
  });
  expect(await count("type=adjust&from=2025-12-31&to=2025-12-31")).toBe(2_500);
});

test("what the Items page lists is exported, or only what was chosen of it", async () => {
  await world.stock("CAP", 7);
  expect(await rows("/app/items.csv?q=cap")).toMatchObject([
    { sku: "CAP", "on hand": "14", available: "14", committed: "0" },
  ]);
  expect(await rows("/app/items.csv?category=Caps")).toHaveLength(1);
  expect(await rows(`/app/items.csv?items=${await world.item("CAP")}`)).toHaveLength(1);
});

test("what going live would change is a file of those listings alone, of connections that wait", async () => {
  const { db } = world.services;
  const { id: shopId } = world.shop;
  const connect = async (account: string, liveAt: Date | null) => {
    const names = { channel: "amazon", name: account, account, secrets: "" };
    return (await db.connection.create({ data: { shopId, ...names, liveAt } })).id;
  };
  const [waits, live] = [await connect("waits", null), await connect("live", new Date())];
  const listing = { shopId, itemId: await world.item("CAP"), title: "Cap", plannedSeq: 1 };
  const numbers = { planned: 7, plannedAt: new Date() };
  await db.listing.createMany({
    data: [
      { ...listing, ...numbers, connectionId: waits, externalId: "a", sku: "A", shown: 9 },
      { ...listing, ...numbers, connectionId: waits, externalId: "b", sku: "B", shown: 7 },
      { ...listing, ...numbers, connectionId: live, externalId: "c", sku: "C", shown: 1 },
    ],
  });
  expect(await rows("/app/welcome/dry-run.csv")).toEqual([
    {
      ...{ channel: "Amazon (waits)", sku: "A", title: "Cap", counted: "yes" },
      ...{ "shows now": "9", "would show": "7" },
    },
  ]);
});
