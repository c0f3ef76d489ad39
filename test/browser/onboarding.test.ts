import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { appKeyVariables, readAppKeys } from "../../connectors/app-keys.ts";
import { CONNECTORS } from "../../connectors/registry.ts";
import {
  SANDBOX_CHANNELS,
  type SandboxChannel,
  sandboxAccount,
} from "../../connectors/sandbox/sandboxes.ts";
import { type SandboxServer, startSandboxes } from "../../connectors/sandbox/server.ts";
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
import { openWorkerOf, type WorkerOf } from "./worker.ts";

let sandboxes: SandboxServer;
let world: World;
let worker: WorkerOf;
let browser: Browser;
let context: BrowserContext;
let merchant: Visitor;

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

/** What the merchant has on his shelf, and what each marketplace shows of it before he comes. */
const SHELF = { TEA: 40, CUP: 12, POT: 3 };

beforeAll(async () => {
  const pages = await builtPages();
  sandboxes = await startSandboxes({ port: 0, lag: "none" });
  const keys = Object.assign(
    {},
    ...SANDBOX_CHANNELS.map((name) => appKeyVariables(name, sandboxAccount(name).app)),
  );
  const appKeys = readAppKeys(Object.values(CONNECTORS), keys);
  world = await startWorld({ pages, services: { sandboxUrl: sandboxes.url, appKeys } });
  await world.services.db.location.deleteMany(); // as new as a merchant can be
  // eBay's sandbox has its return address from here: the portal where it is kept has no sandbox.
  await tell("PUT", "/sandbox/settings", { doorUrl: world.url });
  for (const channel of SANDBOX_CHANNELS) {
    const listings = Object.entries(SHELF).map(([sku, quantity]) => {
      return { sku, title: `A ${sku.toLowerCase()}`, quantity };
    });
    await tell("POST", `/sandbox/${channel}/listings`, listings);
  }
  worker = await openWorkerOf(world, { ...keys, SANDBOX_URL: sandboxes.url });
  browser = await startBrowser();
  context = await windows(browser, 1280);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await worker.close();
  await world.stop();
  await sandboxes.stop();
});

beforeEach(async () => {
  merchant = await visitor(context);
});

afterEach(async () => {
  const { page, complaints } = merchant;
  await page.close();
  expect(complaints, "nothing went wrong in the browser").toEqual([]);
});

async function tell(method: string, path: string, body: unknown): Promise<void> {
  const init = { method, body: JSON.stringify(body) };
  const response = await fetch(sandboxes.url + path, init);
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
}

/** What a shopper sees on a marketplace. */
function displayed(channel: SandboxChannel): Record<string, number> {
  const { listings } = sandboxes.sandboxes[channel].describe();
  return Object.fromEntries(listings.map(({ sku, displayed: shows }) => [sku, shows]));
}

const see = (text: string | RegExp) => merchant.page.getByText(text).first().waitFor();
const press = (name: string | RegExp) =>
  merchant.page.getByRole("button", { name, exact: typeof name === "string" }).click();
const follow = (name: string | RegExp) =>
  merchant.page.getByRole("link", { name, exact: typeof name === "string" }).click();

/** What each marketplace asks before it shows its own page. */
const ANSWERS: Record<SandboxChannel, () => Promise<unknown>> = {
  shopify: () =>
    merchant.page.getByLabel("Your shop's domain").fill(sandboxAccount("shopify").account),
  amazon: () => merchant.page.getByLabel("Where you sell").selectOption("US"),
  walmart: async () => {},
  tiktok: () => merchant.page.getByLabel("Where you sell").selectOption("row"),
  ebay: async () => {},
};

/** From the step of channels to the marketplace's own page, and back. */
async function connect(channel: SandboxChannel): Promise<void> {
  const { title } = CONNECTORS[channel];
  await follow(`Connect ${title}`);
  await ANSWERS[channel]();
  await press(`Continue to ${title}`);
  await follow("Allow");
  await see(`${title} is connected, and its listings are being taken over.`);
  const { id } = await world.services.db.connection.findFirstOrThrow({ where: { channel } });
  // A real marketplace knows its doors from the subscription alone.
  await tell("PUT", `/sandbox/${channel}/account`, { connection: id });
}

let began = 0;

test("G: a new merchant is led to the first step, and connects two channels on their own pages", async () => {
  began = performance.now();
  await merchant.page.goto(`${world.url}/app`);
  await see("Nothing is pushed yet");
  await merchant.page.getByRole("main").getByRole("link", { name: "Get started" }).click();
  await see("Never sell a unit you do not have");
  await follow("Continue: Channels");
  await connect("shopify");
  await connect("amazon");
  await follow("Continue: Import");
  await see(/Import done: 3 listings/);
});

test("G, B8: whoever comes back goes on where the record says he is, and makes items of his listings", async () => {
  const { page } = merchant;
  await page.goto(`${world.url}/app/welcome`);
  await see("What does each listing sell?");
  await page
    .getByRole("listitem")
    .filter({ hasText: "Shopify" })
    .getByRole("button", { name: "Make 3 items of them" })
    .click();
  await see("3 items made, 6 listings matched.");
  await page.goto(`${world.url}/app/welcome`);
  await see("How many units do you have?");
  await page.getByRole("button", { name: /^Take the count from Shopify/ }).click();
  await see("3 of 3 items counted.");
  await see("3 quantities changed.");
  await page.getByRole("button", { name: "Take it back" }).waitFor(); // H4
  await page.goto(`${world.url}/app/welcome`);
  await see("How much does each channel show?");
  await page.getByLabel("Percent shown on Amazon").fill("85");
  await press("Use these buffers");
  await see("This is what would change");
});

test("B1, H4: the dry run shows every number that would change, and nothing has been pushed", async () => {
  const { page } = merchant;
  await page.goto(`${world.url}/app/welcome`);
  const row = page.getByRole("row").filter({ hasText: "TEA" }).filter({ hasText: "Amazon" });
  await row.getByText("34", { exact: true }).waitFor(); // 85 % of 40
  await row.getByText("−6", { exact: true }).waitFor();
  const download = page.waitForEvent("download");
  await press("Export all as CSV");
  expect((await download).suggestedFilename()).toBe("dry-run.csv");
  expect(await world.services.db.push.count()).toBe(0);
  expect(displayed("amazon")).toEqual(SHELF);
});

test("G, D6: going live pushes, and the first sale lowers what the other channel shows", async () => {
  const { page } = merchant;
  await page.goto(`${world.url}/app/welcome`);
  await press("Go live with 2 channels");
  await see("You are live");
  await vi.waitUntil(() => displayed("amazon").TEA === 34, PATIENCE_MS);
  await tell("POST", "/sandbox/shopify/buy", { sku: "POT", quantity: 1 });
  await see("Your first protected sale");
  const minutes = (performance.now() - began) / 60_000;
  process.stdout.write(
    `from a fresh shop to the first protected sale: ${minutes.toFixed(2)} min\n`,
  );
  await vi.waitUntil(() => displayed("amazon").POT === 1, PATIENCE_MS);
  await page.goto(`${world.url}/app`);
  await page.getByRole("main").waitFor();
  expect(await page.getByRole("link", { name: "Get started" }).count()).toBe(0);
});

test("F: a channel that is connected later goes through its own dry run", async () => {
  const { page } = merchant;
  await page.goto(`${world.url}/app/welcome?step=channels`);
  for (const channel of ["walmart", "tiktok", "ebay"] as const) await connect(channel);
  await page.goto(`${world.url}/app/welcome`);
  await see("How much does each channel show?");
  await press("Use these buffers");
  await see("This is what would change");
  expect(displayed("walmart")).toEqual(SHELF);
  expect(await page.getByRole("row").filter({ hasText: "Amazon" }).count()).toBe(0);
  await page.getByRole("checkbox", { name: "Walmart" }).uncheck();
  await press("Go live with 2 channels");
  await see("You are live");
  await vi.waitUntil(() => displayed("tiktok").TEA === 20, PATIENCE_MS);
  expect(displayed("walmart")).toEqual(SHELF);
});

test.each(WIDTHS)("at %d pixels every step keeps WCAG 2.2 AA and fits", async (width) => {
  const narrow = await windows(browser, width);
  for (const step of [
    "start",
    "channels",
    "import",
    "match",
    "stock",
    "buffers",
    "dry-run",
    "live",
  ]) {
    const { page, complaints } = await visitor(narrow);
    await page.goto(`${world.url}/app/welcome?step=${step}`);
    await page.waitForLoadState("load");
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(await axeBreaches(page), step).toEqual([]);
    expect(overflow, `${step}: nothing sticks out to the side`).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  }
  await narrow.close();
});
