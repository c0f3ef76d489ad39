import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startWorld, type World } from "../app/world.ts";
import { PATIENCE_MS, startBrowser, type Visitor, visitor, windows } from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { type Demo, seedDemo } from "./demo.ts";

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
