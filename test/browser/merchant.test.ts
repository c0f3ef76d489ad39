import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startWorld, type World } from "../app/world.ts";
import { PATIENCE_MS, startBrowser, type Visitor, visitor, windows } from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { available, type Demo, seedDemo } from "./demo.ts";

let world: World;
let demo: Demo;
let browser: Browser;
let context: BrowserContext;
let merchant: Visitor;

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
const see = (text: string | RegExp) => merchant.page.getByText(text).first().waitFor();

test("the overview answers whether anything is wrong, and a sale changes it live", async () => {
  await open("/app");
  await see("Nothing is oversold, late or failing.");
  await row("JACKET").getByText("500 / 500").waitFor(); // Shopify shows all of it
  await row("JACKET").getByText("450 / 450").waitFor(); // Amazon 90 %
  await demo.sell("JACKET", 20, "shopify");
  await row("JACKET").getByText("480", { exact: true }).waitFor();
  await row("JACKET").getByText("450 / 432").waitFor();
});

test("E1: an oversold item turns the summary, and is one click away", async () => {
  await open("/app");
  await demo.sell("VEST", 5, "amazon");
  await merchant.page.getByRole("link", { name: /1 item oversold/ }).click();
  await row("VEST").getByText("-2").waitFor();
  await row("JACKET").waitFor({ state: "detached" });
});

test("a page that lost its connection is right again when it is back", async () => {
  await open("/app/items");
  await row("CAP").getByText("40 / 40").waitFor();
  await context.setOffline(true);
  await demo.sell("CAP", 1, "amazon");
  await context.setOffline(false);
  await row("CAP").getByText("40 / 39").waitFor();
  merchant.complaints.length = 0; // the browser says that it was offline
});

test("an item is found by a part of its title", async () => {
  await open("/app/items");
  await merchant.page.getByRole("searchbox").fill("of cap");
  await merchant.page.getByText("1 item", { exact: true }).waitFor();
  await row("CAP").waitFor();
  await merchant.page.getByRole("searchbox").fill("no such thing");
  await see(/No item matches/);
});

test("B6: the item's page explains the shown number line by line, and lists its movements", async () => {
  await open("/app/items");
  await merchant.page.getByRole("link", { name: "JACKET" }).click();
  const why = merchant.page.getByRole("table", { name: /Why Amazon should show/ });
  await why.waitFor();
  const lines = await why.getByRole("rowheader").allInnerTexts();
  expect(lines).toEqual([
    "500 units on hand at all locations",
    "20 units sold and not shipped yet",
    "Amazon is shown 90 % of what is available (Ballast's default for this channel)",
  ]);
  const moved = merchant.page.getByRole("table", { name: "Movements, newest first" });
  await moved.getByRole("row").filter({ hasText: "Sold" }).getByText("+20 committed").waitFor();
  await moved.getByText("shopify-1").waitFor();
});

test("D3: stock is received and corrected; who saw old numbers is told what changed", async () => {
  const { page } = merchant;
  const before = await available(world, "CAP");
  await open("/app/items/CAP");
  await page.getByLabel("What to do").selectOption("adjust");
  await page.getByLabel("Change in units").fill("-2");
  await page.getByLabel("Reason").fill("counted");
  await demo.sell("CAP", 3, "shopify");
  await page.getByRole("button", { name: "Adjust" }).click();
  await see("Stock moved while you were typing. Nothing was changed.");
  await see(/^Committed: \d+ → \d+$/);
  expect(await available(world, "CAP")).toBe(before - 3);
  await page.getByRole("button", { name: "Decide on the new numbers" }).click();
  await page.getByRole("button", { name: "Adjust" }).click();
  await see(/Recorded as movement \d+/);
  expect(await available(world, "CAP")).toBe(before - 5);
  const moved = page.getByRole("table", { name: "Movements, newest first" });
  await moved.getByRole("row").filter({ hasText: "counted" }).getByText("−2 sellable").waitFor();
});

test("a form that is not complete says what is missing, at the field", async () => {
  await open("/app/items/CAP");
  await merchant.page.getByLabel("Units", { exact: true }).fill("4");
  await merchant.page.getByRole("button", { name: "Receive" }).click();
  await see("Say why, in up to 500 characters.");
});

test("B1: a rule is previewed, saved, in force at once, and taken away again", async () => {
  const { page } = merchant;
  await open("/app/buffers");
  await page.getByLabel("Channel").selectOption("amazon");
  await page.getByLabel("Percent shown").fill("50");
  await page.getByTestId("rule").getByRole("button", { name: "Preview" }).click();
  await see(/2 of the 3 listings it covers change/);
  const changes = page.getByRole("table", { name: "The largest changes" });
  await changes.getByRole("row").filter({ hasText: "JACKET" }).getByText("240").waitFor();
  expect(await world.services.db.bufferRule.count()).toBe(0);
  await page.getByRole("button", { name: "Save rule" }).click();
  await see(/Rule saved. 2 listings changed/);
  await open("/app/items/JACKET");
  await see("Amazon is shown 50 % of what is available (rule of this channel)");
  await open("/app/buffers");
  await page.getByRole("button", { name: "Remove the rule for Amazon" }).click();
  await page.getByRole("button", { name: "Remove rule" }).click();
  await see(/Rule removed/);
  expect(await world.services.db.bufferRule.count()).toBe(0);
});

test("D9: a dead letter is read, then discarded with a reason; another one is retried", async () => {
  const { page } = merchant;
  const { db } = world.services;
  const shopId = world.shop.id;
  const message = await db.inboxMessage.create({
    data: {
      ...{ shopId, connectionId: demo.connections.shopify, externalId: "m1", state: "failed" },
      ...{ topic: "orders/create", payload: { order: "1001" }, nextTryAt: new Date() },
    },
  });
  const subject = String(message.id);
  const letter = { shopId, kind: "message", subject, error: "the payload names no order" };
  await db.deadLetter.createMany({ data: [letter, { ...letter, error: "no such listing" }] });
  await open("/app/dead-letters");
  await page.getByText("Read it").first().click();
  await see('"order": "1001"');
  await page
    .getByRole("button", { name: /^Discard orders/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Discard", exact: true }).click();
  await see("Say why it is not needed.");
  await page.getByLabel("Why it is not needed").fill("a test order");
  await page.getByRole("button", { name: "Discard", exact: true }).click();
  const told = page.getByRole("row").filter({ hasText: "a test order" });
  await told.getByText("Demo visitor").waitFor();
  await told.getByText("Discarded").waitFor();
  await page.getByRole("button", { name: /^Retry/ }).click();
  await see("Nothing waits for you here");
  const closed = await db.deadLetter.findMany({ orderBy: { id: "desc" } });
  expect(closed).toMatchObject([
    { state: "discarded", closedWhy: "a test order", closedBy: "person:demo" },
    { state: "retried" },
  ]);
});
