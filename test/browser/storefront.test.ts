import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { sandboxAccount } from "../../connectors/sandbox/sandboxes.ts";
import { type SandboxServer, startSandboxes } from "../../connectors/sandbox/server.ts";
import { applyMessage } from "../../jobs/handlers/inbox-apply.ts";
import { replanListings } from "../../jobs/planner.ts";
import { ensureConnection } from "../../prisma/connections.ts";
import { ROOT } from "../../scripts/services/paths.ts";
import { RING, startWorld, type World } from "../app/world.ts";
import { axeBreaches, PATIENCE_MS, startBrowser, visitor, windows } from "../support/browser.ts";

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });
vi.setConfig({ hookTimeout: 180_000 });

const GOODS = { JACKET: 10, SCARF: 1, CAP: 5, VEST: 4 };

let world: World;
let server: SandboxServer;
let browser: Browser;
let shop: string;
let contexts: BrowserContext[] = [];

beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), startBrowser()]);
  server = await startSandboxes({ port: 0, lag: "none", doorUrl: world.url });
  const { shopify } = server.sandboxes;
  const { db } = world.services;
  const own = sandboxAccount("shopify");
  const connection = await ensureConnection(db, RING, world.shop.id, {
    ...{ channel: "shopify", name: "Shopify", ...own },
  });
  const amazon = await ensureConnection(db, RING, world.shop.id, {
    ...{ channel: "amazon", name: "Amazon", account: "A1", settings: {}, secrets: {} },
  });
  shopify.connect(connection.id);
  for (const [sku, quantity] of Object.entries(GOODS)) {
    shopify.stock([{ sku, title: `A ${sku.toLowerCase()}`, quantity }]);
    await world.stock(sku, quantity);
    const itemId = await world.item(sku);
    const listing = { shopId: world.shop.id, itemId, sku, title: sku };
    const externalId = String(shopify.market().listings[sku]?.id);
    await db.listing.create({ data: { ...listing, connectionId: connection.id, externalId } });
    await db.listing.create({ data: { ...listing, connectionId: amazon.id, externalId: sku } });
  }
  shop = `${server.url}/at/${own.account}`;
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
  contexts = [];
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await world.stop();
});

/** A shopper with a browser of his own. */
async function shopper(): Promise<Page> {
  const context = await windows(browser, 390);
  contexts.push(context);
  const { page } = await visitor(context);
  await page.goto(`${shop}/`);
  return page;
}

const add = (page: Page, sku: string) =>
  page.getByRole("button", { name: `Add to cart A ${sku.toLowerCase()}` }).click();

async function held(sku: string): Promise<number> {
  const stock = await world.ledger.stock(world.shop.id, await world.item(sku));
  if ("outcome" in stock) throw new Error(stock.why);
  return stock.held;
}

const holds = (sku: string, units: number) =>
  expect.poll(() => held(sku), { timeout: PATIENCE_MS }).toBe(units);

const reserved = (page: Page) =>
  page
    .locator("#ballast-cart")
    .getByText(/Reserved for you for/)
    .first()
    .waitFor();

/** What each channel should show of an item now. */
async function planned(sku: string): Promise<Record<string, number | null>> {
  const { db } = world.services;
  await replanListings(world.services, world.shop.id, { item: await world.item(sku) });
  const rows = await db.listing.findMany({ where: { sku }, include: { connection: true } });
  return Object.fromEntries(rows.map((row) => [row.connection.channel, row.planned]));
}

/** The worker's work: what has arrived at the door goes into the ledger. */
async function applyInbox(): Promise<void> {
  const { db, ledger, carts, log } = world.services;
  const connectorOf = (channel: string) => world.services.connectorOf(channel) ?? undefined;
  const handOver = () => Promise.reject(new Error("no message of a cart only points at it"));
  const deps = { db, ledger, carts, connectorOf, pointing: { handOver }, now: Date.now, log };
  await expect
    .poll(() => db.inboxMessage.count({ where: { state: "received" } }))
    .toBeGreaterThan(0);
  const rows = await db.inboxMessage.findMany({ where: { state: "received" } });
  for (const row of rows) await applyMessage(deps, String(row.id));
}

describe("a shopper at the storefront", () => {
  test("C1: adding holds, other channels are shown less, a countdown runs, removing releases", async () => {
    const page = await shopper();
    await add(page, "JACKET");
    await reserved(page);
    await holds("JACKET", 1);
    await page
      .locator("#ballast-cart")
      .getByText(/^1[45]:\d\d$/)
      .waitFor();
    // Its own channel goes on showing it, or the shopper could not pay.
    expect(await planned("JACKET")).toEqual({ shopify: 10, amazon: 8 });
    expect(await axeBreaches(page)).toEqual([]);
    await page.goto(`${shop}/cart`);
    await reserved(page);
    await page.getByLabel("Units A jacket").fill("3");
    await page.getByRole("button", { name: "Change A jacket" }).click();
    await holds("JACKET", 3);
    await page.getByRole("button", { name: "Remove" }).click();
    await holds("JACKET", 0);
    await expect.poll(() => page.locator("#ballast-cart").isHidden()).toBe(true);
  });

  test("C1: the countdown is told politely and moves nothing on the page", async () => {
    const page = await shopper();
    const top = () => page.locator("main").boundingBox();
    const before = await top();
    await add(page, "JACKET");
    await reserved(page);
    expect(await top()).toEqual(before);
    const live = page.locator("#ballast-cart [role=status]");
    expect(await live.getAttribute("aria-live")).toBe("polite");
    const said = await live.textContent();
    await page.waitForTimeout(2_100);
    expect(await live.textContent(), "not every second is read out").toBe(said);
    expect(await page.evaluate(() => document.cookie)).toMatch(/^cart=[^;]+$/);
  });

  test("C1: paying turns the hold into the order, once", async () => {
    const page = await shopper();
    await add(page, "VEST");
    await holds("VEST", 1);
    await page.goto(`${shop}/cart`);
    await page.getByRole("button", { name: "Check out and pay" }).click();
    await page.getByText(/is on its way/).waitFor();
    await applyInbox();
    await holds("VEST", 0);
    const stock = await world.ledger.stock(world.shop.id, await world.item("VEST"));
    expect(stock).toMatchObject({ committed: 1, held: 0 });
  });

  test("C1 D1: of two browsers after the last one, one has it and the other is told", async () => {
    const [one, two] = await Promise.all([shopper(), shopper()]);
    await Promise.all([add(one, "SCARF"), add(two, "SCARF")]);
    await holds("SCARF", 1);
    const told = (page: Page) =>
      page.locator("#ballast-cart").getByText("Somebody else was faster", { exact: false }).first();
    const won = (page: Page) =>
      page
        .locator("#ballast-cart")
        .getByText(/Reserved for you for/)
        .first();
    await Promise.race([told(one).waitFor(), told(two).waitFor()]);
    const loser = (await told(one).isVisible()) ? one : two;
    await won(loser === one ? two : one).waitFor();
    await expect.poll(() => loser.locator("#count").textContent()).toBe("0");
    expect(await held("SCARF")).toBe(1);
  });
});

describe("when the app is away", () => {
  const setting = (page: Page, name: string) =>
    page.getByRole("button", { name, exact: true }).click();

  test("C1: the shop sells on as if there were no app, unless it would rather refuse", async () => {
    const page = await shopper();
    await setting(page, "Take it away");
    await add(page, "CAP");
    await expect.poll(() => page.locator("#count").textContent()).toBe("1");
    await page.waitForTimeout(500);
    expect(await page.locator("#ballast-cart").isHidden()).toBe(true);
    await setting(page, "Change");
    await page.getByText("refuse", { exact: true }).waitFor();
    await add(page, "CAP");
    const told = page
      .locator("#ballast-cart")
      .getByText("We cannot reserve this", { exact: false });
    await told.first().waitFor();
    await expect.poll(() => page.locator("#count").textContent()).toBe("0");
    await setting(page, "Bring it back");
    await add(page, "CAP");
    await reserved(page);
    await holds("CAP", 1);
    await setting(page, "Change");
  });
});

test("C1: the storefront's script is smaller than 5 KB", () => {
  const script = readFileSync(join(ROOT, "extensions/ballast-cart/assets/ballast-cart.js"));
  expect(script.length).toBeLessThan(5_000);
});
