import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../prisma/client.ts";
import {
  clearTrouble,
  ensureConnection,
  everyConnection,
  findConnection,
  listConnections,
  moveWatermark,
  openConnection,
  renewSecrets,
  reportTrouble,
  shopOfConnection,
} from "../../prisma/connections.ts";
import { ensureItems, findItemBySku, findItemsBySku, listItems } from "../../prisma/items.ts";
import { ensureLocation, listLocations } from "../../prisma/locations.ts";
import { matchListings } from "../../prisma/matches.ts";
import { knownLines } from "../../prisma/order-lines.ts";
import { keyring } from "../../prisma/sealed.ts";
import { ensureShop, everyShop, findShopByDomain } from "../../prisma/shops.ts";
import { itemsWithStock, readStock, readStocks } from "../../prisma/stock.ts";
import { freshDatabase } from "../support/servers.ts";
import { Book, recordEvents } from "./book.ts";

const ring = keyring(`k1:${Buffer.alloc(32, 7).toString("base64")}`);
const account = {
  channel: "shopify",
  name: "Main store",
  account: "main.example",
  settings: { location: "gid-1" },
  secrets: { token: "secret-token" },
};

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
/** Two shops with the same SKUs, locations, accounts and orders. */
let a: string;
let b: string;
let connection: string;
let item: string;

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
  const shops = ["a.example", "b.example"].map((domain) => ensureShop(db, domain, domain));
  [a = "", b = ""] = (await Promise.all(shops)).map((shop) => shop.id);
  for (const shop of [a, b]) {
    await ensureItems(db, shop, [{ sku: "JACKET", title: `Jacket of ${shop}` }]);
    await ensureLocation(db, shop, { code: "MAIN", name: `Main of ${shop}` });
    await ensureConnection(db, ring, shop, account);
  }
  item = (await findItemBySku(db, a, "JACKET"))?.id ?? "";
  connection = (await listConnections(db, a))[0]?.id ?? "";
  await db.listing.create({
    data: {
      shopId: a,
      connectionId: connection,
      itemId: item,
      externalId: "L1",
      sku: "JACKET",
      title: "Jacket",
      unitsPerSale: 2,
    },
  });
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

describe("one shop never sees another's rows", () => {
  test("shops are found by id and domain, and making one twice makes one", async () => {
    expect((await ensureShop(db, "a.example", "another name")).name).toBe("a.example");
    expect(await findShopByDomain(db, "a.example")).toMatchObject({ id: a });
    expect(await findShopByDomain(db, "nobody.example")).toBeNull();
    expect(await everyShop(db)).toEqual([a, b].sort());
  });

  test("items", async () => {
    expect((await findItemsBySku(db, b, ["JACKET", "NONE"])).get("JACKET")?.id).not.toBe(item);
    expect(await listItems(db, b, { limit: 10 })).toHaveLength(1);
    expect(await listItems(db, b, { after: "JACKET", limit: 10 })).toEqual([]);
  });

  test("items that exist keep what a person edited", async () => {
    await ensureItems(db, a, [{ sku: "JACKET", title: "from a file" }]);
    expect((await findItemBySku(db, a, "JACKET"))?.title).toBe(`Jacket of ${a}`);
  });

  test("locations, the one that ships first in front", async () => {
    await ensureLocation(db, a, { code: "STORE", name: "Store", priority: -1 });
    expect((await listLocations(db, a)).map(({ code }) => code)).toEqual(["STORE", "MAIN"]);
    expect((await listLocations(db, b)).map(({ code }) => code)).toEqual(["MAIN"]);
  });

  test("connections and their secrets", async () => {
    const open = await openConnection(db, ring, a, connection);
    expect(open?.credentials).toEqual({
      connection,
      settings: account.settings,
      secrets: account.secrets,
    });
    expect(await openConnection(db, ring, b, connection)).toBeNull();
    expect(await findConnection(db, b, connection)).toBeNull();
    expect((await listConnections(db, b)).map((one) => one.shop)).toEqual([b]);
    expect(await shopOfConnection(db, connection)).toBe(a);
    const found = await findConnection(db, a, connection);
    for (const row of [found, ...(await everyConnection(db))]) {
      expect(JSON.stringify(row)).not.toContain("secret");
    }
  });

  test("a secret row copied to another shop does not open there", async () => {
    const { secrets } = await db.connection.findUniqueOrThrow({ where: { id: connection } });
    const theirs = (await listConnections(db, b))[0]?.id ?? "";
    const before = await db.connection.findUniqueOrThrow({ where: { id: theirs } });
    await db.connection.update({ where: { id: theirs }, data: { secrets } });
    await expect(openConnection(db, ring, b, theirs)).rejects.toThrow();
    await db.connection.update({ where: { id: theirs }, data: { secrets: before.secrets } });
  });

  test("a new token is kept beside the other secrets", async () => {
    const renewed = (secrets: Record<string, string>) => async () =>
      ({ outcome: "renewed", secrets }) as const;
    const stolen = await renewSecrets(db, ring, b, connection, renewed({ token: "stolen" }));
    expect(stolen).toMatchObject({ outcome: "unauthorized" });
    const fresh = await renewSecrets(db, ring, a, connection, renewed({ access: "fresh" }));
    expect(fresh).toMatchObject({ outcome: "kept", secrets: { access: "fresh" } });
    const open = await openConnection(db, ring, a, connection);
    expect(open?.credentials.secrets).toEqual({ token: "secret-token", access: "fresh" });
  });

  test("the watermark moves forward only, and only for its own shop", async () => {
    const at = (ms: number) => new Date(ms);
    const known = async () => (await findConnection(db, a, connection))?.ordersKnownTo;
    await moveWatermark(db, b, connection, at(9_000));
    expect(await known()).toBeNull();
    await moveWatermark(db, a, connection, at(2_000));
    await moveWatermark(db, a, connection, at(1_000));
    expect(await known()).toEqual(at(2_000));
  });

  test("trouble is cleared by the kind of work that reported it", async () => {
    const trouble = async () => (await findConnection(db, a, connection))?.trouble;
    await reportTrouble(db, b, connection, "Reading orders", "not yours");
    expect(await trouble()).toBeNull();
    await reportTrouble(db, a, connection, "Reading orders", "the token is revoked");
    await clearTrouble(db, a, connection, "Pushing quantities");
    expect(await trouble()).toBe("Reading orders: the token is revoked");
    await clearTrouble(db, a, connection, "Reading orders");
    expect(await trouble()).toBeNull();
  });

  test("listings are matched by their id, else by SKU, and unmatched ones are absent", async () => {
    const names = [
      { listing: "L1", sku: "whatever" },
      { listing: "listed-anew", sku: "JACKET" },
      { listing: "L9", sku: "NOBODY" },
    ];
    const match = { parts: [{ item, units: 2 }] };
    const matches = await matchListings(db, a, connection, names);
    expect([...matches]).toEqual([
      ["L1", match],
      ["listed-anew", match],
    ]);
    const others = await matchListings(db, b, connection, names);
    const items = [...others.values()].flatMap(({ parts }) => parts.map((part) => part.item));
    expect(items).not.toContain(item);
  });

  test("stock and order lines", async () => {
    const book = new Book(1, a);
    await recordEvents(db, [book.receive("shared-item", 5), book.sell("shared-item", "77", 2)]);
    const line = { connection: "connection-1", order: "77", items: ["shared-item"] };
    expect((await knownLines(db, a, line)).size).toBe(1);
    expect((await knownLines(db, b, line)).size).toBe(0);
    expect((await readStock(db, a, "shared-item")).committed).toBe(2);
    expect((await readStock(db, b, "shared-item")).version).toBe(0);
    expect((await readStocks(db, b, ["shared-item"])).size).toBe(0);
    expect(await itemsWithStock(db, a, { after: "", limit: 9 })).toEqual(["shared-item"]);
    expect(await itemsWithStock(db, b, { after: "", limit: 9 })).toEqual([]);
  });
});
