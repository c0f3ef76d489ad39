import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DEFAULT_HOLD_TERMS } from "../../inventory/hold-terms.ts";
import { readHoldTerms } from "../../prisma/hold-settings.ts";
import { ensureItems } from "../../prisma/items.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { startWorld, type World } from "../app/world.ts";
import { PATIENCE_MS, startBrowser, visitor, windows } from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { available, type Demo, seedDemo } from "./demo.ts";

let world: World;
let demo: Demo;
let browser: Browser;
let context: BrowserContext;
const asked: { name: string; payload: unknown }[] = [];

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

beforeAll(async () => {
  const pages = await builtPages();
  const enqueue = async (name: string, payload: unknown) => void asked.push({ name, payload });
  world = await startWorld({ pages, services: { queues: { enqueue } } });
  demo = await seedDemo(world);
  browser = await startBrowser();
  context = await windows(browser, 1280);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await world.stop();
});

const TERMS = { ttlMs: 600_000, longestMs: 3_600_000 };

/** A shopper's cart is so now; open pages are told of it. */
async function cart(name: string, revision: number, units: Record<string, number>) {
  const lines = await Promise.all(
    Object.entries(units).map(async ([sku, quantity]) => {
      return { item: await world.item(sku), quantity };
    }),
  );
  const followed = await world.services.carts.follow({
    ...{ shop: world.shop.id, cart: name, revision, lines, terms: TERMS },
    ...{ channel: "shopify", source: "storefront", actor: "storefront" },
  });
  expect(followed.outcome).toBe("held");
}

const basket = async (sku: string, quantity: number, ttlMs = 600_000) =>
  world.services.baskets.hold({
    ...{ shop: world.shop.id, ttlMs, actor: "api:warehouse" },
    lines: [{ item: await world.item(sku), quantity }],
  });

test("C1: a cart appears by itself, is released by hand, and the history says by whom", async () => {
  const { page, complaints } = await visitor(context);
  await page.goto(`${world.url}/app/holds`);
  await page.getByText("Nothing is held now.").waitFor();
  const before = { jacket: await available(world, "JACKET"), cap: await available(world, "CAP") };
  await cart("cart_ada", 1, { JACKET: 2, CAP: 1 });
  await basket("VEST", 1);
  await page.getByText("4 units in 3 holds").waitFor();
  const row = page.getByRole("table", { name: "Held now" }).getByRole("row", { name: /JACKET/ });
  await row.getByText("Storefront cart").waitFor();
  await expect.poll(() => row.textContent()).toMatch(/9:\d\d/);
  await row.getByRole("button", { name: "Release JACKET" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  expect(await available(world, "JACKET"), "nothing before it is confirmed").toBe(
    before.jacket - 2,
  );
  await row.getByRole("button", { name: "Release JACKET" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Release" }).click();
  await page.getByText("Released: its units can be bought again.").waitFor();
  expect(await available(world, "JACKET")).toBe(before.jacket);
  expect(await available(world, "CAP"), "the whole cart is given back").toBe(before.cap);
  const movements = await world.services.db.movement.findMany({
    where: { shopId: world.shop.id, type: "release" },
    select: { actor: true, reason: true, holdId: true },
  });
  expect(movements).toHaveLength(2);
  for (const movement of movements) {
    expect(movement).toMatchObject({ actor: "person:demo", reason: "released by hand" });
  }
  await page.getByText("1 unit in 1 hold").waitFor();
  await cart("cart_ada", Date.now(), { JACKET: 1 });
  await page.getByText("2 units in 2 holds").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("C1: a program's hold is released as well, and one that is over already says so", async () => {
  const { page } = await visitor(context);
  await page.goto(`${world.url}/app/holds?from=api`);
  const row = page.getByRole("table", { name: "Held now" }).getByRole("row", { name: /VEST/ });
  await row.getByText("API (warehouse)").waitFor();
  const free = await available(world, "VEST");
  await row.getByRole("button", { name: "Release VEST" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Release" }).click();
  await page.getByText("Nothing is held from there now.").waitFor();
  expect(await available(world, "VEST")).toBe(free + 1);
  const held = await basket("CAP", 1);
  if (held.outcome !== "held") throw new Error(held.outcome);
  await page.getByRole("button", { name: "Release CAP" }).click();
  await world.services.baskets.release(world.shop.id, held.id);
  await expect
    .poll(() => world.services.db.hold.count({ where: { actor: "api:warehouse", state: "live" } }))
    .toBe(0);
  await page.getByRole("dialog").getByRole("button", { name: "Release" }).click();
  await page.getByText("This hold had ended already").waitFor();
  await page.close();
});

test("C1: what was bought, expired and given back is told, and held beside sold", async () => {
  await basket("CAP", 1, 1);
  await world.ledger.expireDue();
  const held = await basket("CAP", 3);
  if (held.outcome !== "held") throw new Error(held.outcome);
  await world.services.baskets.commit(world.shop.id, held.id, { order: "o1", connection: "api" });
  await demo.sell("JACKET", 5, "amazon");
  const { page } = await visitor(context);
  await page.goto(`${world.url}/app/holds`);
  const ended = page.getByTestId("ended");
  await expect.poll(() => ended.textContent()).toMatch(/Bought1 · 20 %3 units/);
  expect(await ended.textContent()).toMatch(/Expired1 · 20 %1 unit/);
  expect(await ended.textContent()).toMatch(/Given back3 · 60 %3 units/);
  await page.getByText("Sold 8", { exact: true }).waitFor();
  await page.locator(".recharts-bar-rectangle path").first().waitFor();
  await page.close();
});

test("C1: the rules of carts are kept, checked at their field, and Shopify is asked for its carts", async () => {
  const { page } = await visitor(context);
  await page.goto(`${world.url}/app/holds`);
  const form = page.getByTestId("terms");
  await form.getByLabel("A cart holds for", { exact: true }).fill("20");
  await form.getByLabel("But never longer than").fill("10");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await form.getByText("not fewer than a cart holds for").waitFor();
  expect(await readHoldTerms(world.services.db, world.shop.id)).toEqual(DEFAULT_HOLD_TERMS);
  await form.getByLabel("But never longer than").fill("90");
  await form.getByLabel("Of a scarce item, carts hold at most").fill("50");
  await form.getByText("Also hold for carts that only Shopify tells of").click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await form.getByText("Saved.").waitFor();
  expect(await readHoldTerms(world.services.db, world.shop.id)).toEqual({
    ...DEFAULT_HOLD_TERMS,
    ...{ ttlMinutes: 20, longestMinutes: 90, webhookCarts: true },
    share: { ...DEFAULT_HOLD_TERMS.share, percent: 50 },
  });
  expect(asked).toEqual([
    { name: "connection.health", payload: { connection: demo.connections.shopify } },
  ]);
  await page.close();
});

test("C1: ten thousand holds are shown page by page, and another shop's never", async () => {
  const { db } = world.services;
  const item = await world.item("JACKET");
  const other = await ensureShop(db, "other.myshopify.com", "Other");
  const items = await ensureItems(db, other.id, [{ sku: "SECRET", title: "Secret" }]);
  const theirs = items.get("SECRET")?.id ?? "";
  await db.$executeRaw`
    insert into hold (shop_id, id, item_id, quantity, state, expires_at, seq, actor)
    select ${world.shop.id}, 'b_many' || n || '.0', ${item}, 1, 'live',
      now() + interval '1 hour' + n * interval '1 ms', 1, 'api:many' from generate_series(1, 10000) n
    union all select ${other.id}, 'b_theirs.0', ${theirs}, 1, 'live', now() + interval '1 hour', 1,
      'api:theirs'`;
  const { page } = await visitor(context);
  await page.goto(`${world.url}/app/holds?from=api`);
  await page.getByText("10,000 units in 10,000 holds").waitFor();
  const rows = page.getByRole("table", { name: "Held now" }).getByRole("row");
  expect(await rows.count()).toBe(51);
  await page.getByRole("button", { name: "Next" }).click();
  await page.waitForURL(/after=/);
  await expect.poll(() => rows.count()).toBe(51);
  await page.getByRole("button", { name: "Previous" }).click();
  await page.waitForURL(/before=/);
  expect(await page.getByText("SECRET").count()).toBe(0);
  await page.close();
});
