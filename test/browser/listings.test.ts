import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startWorld, type World } from "../app/world.ts";
import {
  axeBreaches,
  PATIENCE_MS,
  startBrowser,
  type Visitor,
  visitor,
  WIDTHS,
  windows,
} from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { available, type Demo, seedDemo } from "./demo.ts";
import { openWorkerOf, type WorkerOf } from "./worker.ts";

let world: World;
let demo: Demo;
let worker: WorkerOf;
let browser: Browser;
let context: BrowserContext;
let merchant: Visitor;

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

/** Listings of the demo's Amazon that no SKU matches, and one of a SKU that is there already. */
const STRANGE = {
  "CAP-2": "Two caps",
  SET: "A cap and a vest",
  NEW: "Something new",
  CAP: "A cap",
};

beforeAll(async () => {
  const pages = await builtPages();
  world = await startWorld({ pages });
  demo = await seedDemo(world);
  const { db } = world.services;
  const at = { shopId: world.shop.id, connectionId: demo.connections.amazon };
  const data = Object.entries(STRANGE).map(([sku, title]) => {
    return { ...at, externalId: `B-${sku}`, sku, title, shown: 1, accepted: 1 };
  });
  await db.listing.createMany({ data });
  // More than a page of them, on the other channel.
  const many = Array.from({ length: 70 }, (_, n) => `Z-${String(n).padStart(3, "0")}`);
  await db.listing.createMany({
    data: many.map((sku) => {
      return { ...at, connectionId: demo.connections.shopify, externalId: sku, sku, title: sku };
    }),
  });
  // No marketplace answers: nothing here is about pushing.
  worker = await openWorkerOf(world, { SANDBOX_URL: "http://127.0.0.1:9" });
  browser = await startBrowser();
  context = await windows(browser, 1280);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await worker.close();
  await world.stop();
});

beforeEach(async () => {
  merchant = await visitor(context);
});

afterEach(async () => {
  const { page, complaints } = merchant;
  await page.close();
  expect(complaints, "nothing went wrong in the browser").toEqual([]);
});

const open = (query: string) => merchant.page.goto(`${world.url}/app/listings?${query}`);
const see = (text: string | RegExp) => merchant.page.getByText(text).first().waitFor();
const press = (name: string) => merchant.page.getByRole("button", { name, exact: true }).click();
const row = (sku: string) =>
  merchant.page
    .getByRole("row")
    .filter({ has: merchant.page.getByRole("rowheader", { name: new RegExp(`^${sku}\\b(?!-)`) }) });

/** What a listing of the demo's Amazon should show. */
async function planned(externalId: string): Promise<number | null> {
  const where = { connectionId: demo.connections.amazon, externalId };
  return (await world.services.db.listing.findFirstOrThrow({ where })).planned;
}

test("B7: a pack is matched by hand, with the keyboard alone, and planned in whole packs", async () => {
  const { page } = merchant;
  await open(`show=unmatched&connection=${demo.connections.amazon}`);
  await page.getByRole("button", { name: "Match CAP-2" }).focus();
  await page.keyboard.press("Enter");
  await see("A sale of CAP-2 takes");
  await page.getByRole("combobox", { name: "SKU 1" }).fill("CAP");
  await page.getByLabel("Units").fill("2");
  await page.keyboard.press("Enter");
  await see("Saved. Its number is planned now.");
  await vi.waitUntil(async () => (await planned("B-CAP-2")) === 18, PATIENCE_MS); // 90 % of 40, in twos
  await press("Close");
  await row("CAP-2").waitFor({ state: "detached" });
});

test("B7: a kit is made of two items, and the scarcest decides", async () => {
  const { page } = merchant;
  await open("show=unmatched");
  await press("Match SET");
  await page.getByRole("combobox", { name: "SKU 1" }).fill("NONE");
  await press("Save");
  await see("You have no item with the SKU NONE.");
  await page.getByRole("combobox", { name: "SKU 1" }).fill("CAP");
  await press("Add another item");
  await page.getByRole("combobox", { name: "SKU 2" }).fill("VEST");
  await press("Save");
  await see("Saved. Its number is planned now.");
  await vi.waitUntil(async () => (await planned("B-SET")) === 2, PATIENCE_MS); // 90 % of 3 vests
});

test("D6: a sale of the pack takes its units, and one of the item lowers pack and kit", async () => {
  const { sku, units } = { sku: "CAP", units: 2 };
  await demo.sell(sku, units, "amazon"); // what the inbox makes of one sale of CAP-2
  expect(await available(world, "CAP")).toBe(38);
  await vi.waitUntil(async () => (await planned("B-CAP-2")) === 17, PATIENCE_MS);
  await demo.sell("VEST", 2, "shopify");
  await vi.waitUntil(async () => (await planned("B-SET")) === 0, PATIENCE_MS);
  await open("show=kits");
  await row("CAP-2").getByText("17", { exact: true }).waitFor();
});

test("B8: a listing of something new becomes an item of its own", async () => {
  await open("show=unmatched");
  await press("Match NEW");
  await press("Make NEW a new item");
  await see("Saved. Its number is planned now.");
  const item = await world.services.db.item.findFirstOrThrow({ where: { sku: "NEW" } });
  expect(item).toMatchObject({ shopId: world.shop.id, title: "Something new" });
  await vi.waitUntil(async () => (await planned("B-NEW")) === 0, PATIENCE_MS);
});

test("F: every filter shows what it says, and a long list is read page by page", async () => {
  const { page } = merchant;
  const { db } = world.services;
  const where = { connectionId: demo.connections.amazon };
  const jacket = await db.listing.findFirstOrThrow({ where: { ...where, externalId: "L-JACKET" } });
  await db.drift.create({
    data: {
      ...{ shopId: world.shop.id, ...where, listingId: jacket.id, expected: 450, found: 7 },
      ...{ cause: "manual-edit", foundAt: new Date() },
    },
  });
  await db.listing.updateMany({
    where: { ...where, externalId: "L-VEST" },
    data: { merchantFulfilled: false, pushed: false },
  });
  await open(`connection=${demo.connections.amazon}`);
  await page.getByRole("link", { name: "Another number than told (1)" }).click();
  await row("JACKET").waitFor();
  await page.getByRole("link", { name: "Same SKU twice (2)" }).click();
  await row("JACKET").waitFor({ state: "detached" });
  expect(await row("CAP").count()).toBe(2);
  await page.getByRole("link", { name: "Shipped by the marketplace (1)" }).click();
  await row("VEST").waitFor();
  await open("show=unmatched&q=Z-");
  await row("Z-000").waitFor();
  expect(await row("Z-060").count()).toBe(0);
  await press("Next");
  await row("Z-060").waitFor();
  await press("Previous");
  await row("Z-000").waitFor();
});

test.each(WIDTHS)("at %d pixels the page keeps WCAG 2.2 AA and fits", async (width) => {
  const narrow = await windows(browser, width);
  const { page, complaints } = await visitor(narrow);
  await page.goto(`${world.url}/app/listings`);
  await page.getByRole("button", { name: "Change CAP", exact: true }).first().click();
  await page.getByText("A sale of CAP takes").waitFor();
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(await axeBreaches(page)).toEqual([]);
  expect(overflow, "nothing sticks out to the side").toBe(0);
  expect(complaints).toEqual([]);
  await narrow.close();
});
