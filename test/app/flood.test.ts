import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requestBytes } from "../bench/web/requests.ts";
import { askTogether } from "../bench/web/together.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const HOLDS = 2_000;
const UNITS = 100;

test("C1, D1: of 2,000 holds that are all open at once for 100 units 100 win, nobody errs", async () => {
  const sku = `FLOOD-${randomUUID()}`;
  await world.stock(sku, UNITS);
  const { hostname: host, port } = new URL(world.url);
  const { token } = world;
  const target = { host, port: Number(port), token, skus: 1, door: "", shop: "", secret: "" };
  const requests = Array.from({ length: HOLDS }, (_, n) => requestBytes("holds", n, target, sku));
  const told = await askTogether(target, requests);
  const of = (status: string) => told.filter((one) => one.status === status).length;
  expect(of("201")).toBe(UNITS);
  // Those that had no room to wait are told to come again; everyone else, that there is no more.
  expect(of("409") + of("429")).toBe(HOLDS - UNITS);
  expect(await world.ledger.stock(world.shop.id, await world.item(sku))).toMatchObject({
    held: UNITS,
  });
});
