import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ensureLocation } from "../../prisma/locations.ts";
import { startWorld, type World } from "../app/world.ts";
import { PATIENCE_MS, startBrowser, type Visitor, visitor, windows } from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { type Demo, seedDemo } from "./demo.ts";

let world: World;
let demo: Demo;
let browser: Browser;
let context: BrowserContext;
let merchant: Visitor;

const DAY = 86_400_000;

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

beforeAll(async () => {
  const pages = await builtPages();
  world = await startWorld({ pages });
  demo = await seedDemo(world);
  browser = await startBrowser();
  context = await windows(browser, 1280);
}, 180_000);

afterAll(async () => {
  await browser.close();
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

const open = (path: string) => merchant.page.goto(world.url + path);
const row = (sku: string) => merchant.page.getByRole("row").filter({ hasText: sku });

test("items are searched, filtered and sorted, and the list is kept as a view", async () => {
  const { page } = merchant;
  await demo.sell("VEST", 3, "amazon");
  await open("/app/items");
  await row("JACKET").waitFor();
  await page.getByRole("link", { name: "Out of stock" }).click();
  await row("JACKET").waitFor({ state: "detached" });
  await row("VEST").waitFor();
  await page.getByRole("link", { name: "All", exact: true }).click();
  await page.getByRole("columnheader", { name: "Available" }).getByRole("link").click();
  await page.waitForURL(/sort=-available/);
  await page.getByRole("searchbox").fill("jack");
  await page.getByText("1 item", { exact: true }).waitFor();
  await row("JACKET").waitFor();
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Save this list as").fill("Deep first");
  await page.getByLabel("For everybody of this shop").check();
  await page.getByRole("button", { name: "Save view", exact: true }).click();
  await page.getByText("Saved as Deep first.").waitFor();
  await open("/app/items");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("link", { name: "Deep first" }).click();
  await page.getByText("1 item", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Deep first" }).click();
  await page.getByRole("button", { name: "Remove the view Deep first", exact: true }).click();
  await page.getByText("keep it here under a name").waitFor();
  expect(await world.services.db.itemView.count()).toBe(0);
});

test("E8: the history is searched by order and person, and taken home as it is narrowed", async () => {
  const { page } = merchant;
  await demo.sell("CAP", 2, "shopify");
  await open("/app/history");
  const moved = page.getByRole("table", { name: "Movements, newest first" });
  await moved.getByRole("row").filter({ hasText: "CAP" }).first().waitFor();
  await page.getByLabel("SKU, title, barcode, order or reference").fill("shopify-2");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/q=shopify-2/);
  await moved.getByText("+2 committed").waitFor();
  await moved.getByRole("row").filter({ hasText: "JACKET" }).waitFor({ state: "detached" });
  await page.getByLabel("Who").selectOption("shopify");
  await page.getByLabel("What").selectOption("sell");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/who=shopify/);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const file = await readFile(await (await download).path(), "utf8");
  expect(file.trim().split("\r\n")).toHaveLength(2);
  expect(file).toContain(",CAP,Title of CAP,Sold,shopify,shopify,shopify-2,");
});

test("B8, B2: units are transferred, set aside and given back, as the ledger then says", async () => {
  const { page } = merchant;
  const { db } = world.services;
  await ensureLocation(db, world.shop.id, { code: "STORE", name: "Store" });
  await world.stock("MOVER", 10);
  await open("/app/items/MOVER");
  await page.getByLabel("What to do").selectOption("transfer");
  await page.getByText("10 units there.").waitFor();
  const send = async (units: string, button: string) => {
    await page.getByLabel("Units", { exact: true }).fill(units);
    await page.getByLabel("Reason").fill("for the weekend");
    await page.getByRole("button", { name: button, exact: true }).click();
  };
  await send("12", "Transfer");
  await page.getByText("Only 10 units can be moved from there.").waitFor();
  await send("4", "Transfer");
  await page.getByText(/Recorded as movement \d+/).waitFor();
  expect(await stockOf("MOVER")).toMatchObject({
    physical: { sellable: { MAIN: 6, STORE: 4 } },
  });
  await page.getByLabel("What to do").selectOption("set-aside");
  await page.getByLabel("Channel").selectOption("amazon");
  await send("3", "Set aside");
  await page
    .getByRole("option", { name: "Give back to all channels" })
    .waitFor({ state: "attached" });
  expect(await stockOf("MOVER")).toMatchObject({ allocated: { amazon: 3 } });
  // Somebody else sells meanwhile: what the person saw is not so any more.
  await page.getByLabel("What to do").selectOption("give-back");
  await page.getByLabel("Units", { exact: true }).fill("2");
  await demo.sell("MOVER", 1, "shopify");
  await send("2", "Give back");
  await page.getByText("Stock moved while you were typing. Nothing was changed.").waitFor();
  await page.getByRole("button", { name: "Decide on the new numbers" }).click();
  await page.getByRole("button", { name: "Give back", exact: true }).click();
  await page.getByText("1 unit set aside for Amazon").first().waitFor();
  expect(await stockOf("MOVER")).toMatchObject({ allocated: { amazon: 1 }, committed: 1 });
});

test("an item's numbers over time are drawn, and told as a table, for the time one chooses", async () => {
  const { page } = merchant;
  const { db } = world.services;
  await world.stock("SCARF", 20);
  const { id: itemId } = await db.item.findFirstOrThrow({ where: { sku: "SCARF" } });
  await db.movement.updateMany({ where: { itemId }, data: { at: new Date(Date.now() - 3 * DAY) } });
  const { amazon: connectionId } = demo.connections;
  const names = { externalId: "L-SCARF", sku: "SCARF", title: "Scarf" };
  const listing = await db.listing.create({
    data: { shopId: world.shop.id, connectionId, itemId, ...names },
  });
  const answeredAt = new Date();
  const push = { listingId: listing.id, seq: 1, quantity: 18, outcome: "accepted", answeredAt };
  await db.push.create({ data: { shopId: world.shop.id, ...push, sentAt: answeredAt } });
  await demo.sell("SCARF", 5, "shopify");
  await open("/app/items/SCARF");
  const numbers = page.getByRole("table", { name: /^Numbers over time/ });
  const told = async () =>
    (await numbers.getByRole("row").allInnerTexts()).map((row) => row.split(/\s*\t\s*/).slice(1));
  await page.getByText("Show as a table").click();
  await numbers.waitFor();
  const now = ["20", "15", "18"];
  expect(await told()).toEqual([["On hand", "Available", "Amazon"], now, ["20", "20", "–"]]);
  await page.getByRole("link", { name: "Last week" }).click();
  await page.waitForURL(/span=week/);
  await expect
    .poll(async () => (await told()).slice(1), { timeout: PATIENCE_MS })
    .toEqual([now, ["20", "20", "–"], ["0", "0", "–"]]);
  await page.locator(".lines path.recharts-line-curve").first().waitFor({ state: "attached" });
  expect(await page.locator(".lines path.recharts-line-curve").count()).toBe(3);
});

async function stockOf(sku: string) {
  return world.ledger.stock(world.shop.id, await world.item(sku));
}
