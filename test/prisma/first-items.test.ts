import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { ensureConnection } from "../../prisma/connections.ts";
import { createListedItems, matchAgain } from "../../prisma/first-items.ts";
import { keyring } from "../../prisma/sealed.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { freshDatabase } from "../support/servers.ts";

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
const ring = keyring(`k1:${Buffer.alloc(32, 7).toString("base64")}`);

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url);
});

afterAll(async () => {
  await db.$disconnect();
  await database.stop();
});

test("H4: items made of a new channel's listings match nothing of a channel that is live", async () => {
  const { id: shop } = await ensureShop(db, "first.example", "First");
  const listed = async (channel: string, liveAt: Date | null) => {
    const { id } = await ensureConnection(db, ring, shop, {
      ...{ channel, name: channel, account: channel, settings: {}, secrets: {} },
    });
    await db.connection.update({ where: { id }, data: { liveAt } });
    await db.listing.create({
      data: { shopId: shop, connectionId: id, externalId: "L", sku: "TEA", title: "Tea" },
    });
    return id;
  };
  const live = await listed("amazon", new Date());
  const fresh = await listed("shopify", null);
  expect(await createListedItems(db, shop, fresh)).toBe(1);
  // An item without stock would have shown 0 there at once, and nobody asked.
  expect(await matchAgain(db, shop)).toMatchObject({ matched: 1, connections: [fresh] });
  const rows = await db.listing.findMany({ where: { connectionId: live } });
  expect(rows.map((row) => row.itemId)).toEqual([null]);
});
