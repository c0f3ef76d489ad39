import { afterAll, beforeAll, expect, test } from "vitest";
import { letIn, shutOut } from "../../../prisma/connections.ts";
import { connectionsWithWork } from "../../../prisma/pushes.ts";
import { type House, openHouse, START } from "./house.ts";
import { sale, shopOn } from "./shop.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

const WHYS = {
  "not live yet": { liveAt: null },
  "paused by a person": { pausedAt: new Date(START) },
  "disconnected by the merchant": { disconnectedAt: new Date(START) },
  "shut out by the marketplace": { shutOut: "revoked" },
};

test.each(Object.entries(WHYS))("a connection that is %s is told nothing", async (_, data) => {
  const { merchant, marketplace } = await shopOn(house, ["tea"], 10);
  const id = merchant.id("shopify");
  await merchant.hear(sale(merchant, "tea"));
  await house.db.connection.update({ where: { id }, data });
  await merchant.push("shopify");
  expect(marketplace.sent).toEqual([]);
  expect((await connectionsWithWork(house.db, merchant.now)).push).not.toContain(id);
  const open = { liveAt: new Date(START), pausedAt: null, disconnectedAt: null, shutOut: null };
  await house.db.connection.update({ where: { id }, data: open });
  await merchant.push("shopify");
  expect(marketplace.numbers.get("L-tea")).toBe(9);
});

test.each(Object.entries(WHYS))("a run under way stops when it is %s", async (_, data) => {
  const skus = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const { merchant, marketplace } = await shopOn(house, skus, 10, { pushBatch: 1 });
  const id = merchant.id("shopify");
  await merchant.hear(...skus.map((sku) => sale(merchant, sku)));
  marketplace.beforeAnswer = async () => {
    await house.db.connection.update({ where: { id }, data });
  };
  await merchant.push("shopify");
  expect(marketplace.sent, "only the four calls that were under way").toHaveLength(4);
  expect(merchant.wishes("push.connection")).toEqual([]);
});

test("invariant 11: nobody shuts out or lets in another shop's connection, and the first cause stays", async () => {
  const { merchant } = await shopOn(house, ["tea"], 10);
  const id = merchant.id("shopify");
  const now = () => house.db.connection.findUniqueOrThrow({ where: { id } });
  await shutOut(house.db, "another-shop", id, "revoked", "theirs");
  expect(await now()).toMatchObject({ shutOut: null, trouble: null });
  await shutOut(house.db, merchant.shop, id, "expired", "it ended");
  await shutOut(house.db, merchant.shop, id, "revoked", "so says a call after it");
  await letIn(house.db, "another-shop", id);
  expect(await now()).toMatchObject({ shutOut: "expired", trouble: "Access: it ended" });
  await letIn(house.db, merchant.shop, id);
  expect(await now()).toMatchObject({ shutOut: null, trouble: null });
});
