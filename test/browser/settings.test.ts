import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { formatFor } from "../../inventory/format.ts";
import { replanListings } from "../../jobs/planner.ts";
import { startWorld, type World } from "../app/world.ts";
import { PATIENCE_MS, startBrowser, visitor, windows } from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { startSlack } from "../support/inboxes.ts";
import { type Demo, seedDemo } from "./demo.ts";

let world: World;
let demo: Demo;
let browser: Browser;
let context: BrowserContext;

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

/** In the bar: the page has one, for all its forms. */
const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true }).click();
const shopRow = () => world.services.db.shop.findUniqueOrThrow({ where: { id: world.shop.id } });

test("G: a change of time zone and language changes every time and number, on server and screen", async () => {
  const { page, complaints } = await visitor(context);
  await page.goto(`${world.url}/app/settings`);
  const form = page.getByTestId("regional");
  await form.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await form.getByLabel("Language and country").selectOption("de-DE");
  await save(page);
  await form.getByText("Saved.").waitFor();
  expect(await shopRow()).toMatchObject({ timeZone: "Asia/Tokyo", locale: "de-DE" });
  await page.goto(`${world.url}/app/items/JACKET`);
  const time = page.getByRole("table", { name: "Movements, newest first" }).locator("time").first();
  const at = (await time.getAttribute("datetime")) ?? "";
  const { locale, timeZone, currency } = await shopRow();
  await expect
    .poll(() => time.textContent())
    .toBe(formatFor({ locale, timeZone, currency }).time(at));
  expect(complaints, "server and browser write the same").toEqual([]);
  await world.services.db.shop.update({
    where: { id: world.shop.id },
    data: { locale: "en-GB", timeZone: "UTC" },
  });
  await page.close();
});

test("quiet hours and the second look are kept, and a wrong number is said at its field", async () => {
  const { page } = await visitor(context);
  await page.goto(`${world.url}/app/settings`);
  const hours = page.getByTestId("hours");
  await hours.getByLabel("Amazon").selectOption("22");
  await save(page);
  await hours.getByText("Saved.").waitFor();
  const { db } = world.services;
  const where = { id: demo.connections.amazon };
  expect(await db.connection.findUniqueOrThrow({ where })).toMatchObject({ feedHour: 22 });
  const guard = page.getByTestId("guard");
  await guard.getByLabel("Ask when more than this goes to 0").fill("101");
  await save(page);
  await guard.getByText("Enter a whole percentage from 0 to 100.").waitFor();
  await guard.getByLabel("Ask when more than this goes to 0").fill("5");
  await save(page);
  await guard.getByText("Saved.").waitFor();
  expect(await shopRow()).toMatchObject({ guardZeroPercent: 5, guardMovePercent: 20 });
  await page.close();
});

test("G: what is not saved is said, saved or discarded together, and not left without a question", async () => {
  const { page, complaints } = await visitor(context);
  await page.goto(`${world.url}/app/settings`);
  const zone = page.getByLabel("Time zone");
  const share = page.getByLabel("Ask when more than this moves far");
  await zone.selectOption("Asia/Tokyo");
  await share.fill("33");
  await page.getByText("Unsaved changes").waitFor();
  await page.getByRole("link", { name: "Items", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Stay" }).click();
  await question.waitFor({ state: "detached" });
  expect(await share.inputValue()).toBe("33");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByText("Unsaved changes").waitFor({ state: "detached" });
  expect([await zone.inputValue(), await share.inputValue()]).toEqual(["UTC", "20"]);
  await zone.selectOption("Europe/Paris");
  await share.fill("34");
  await save(page);
  await page.getByText("Unsaved changes").waitFor({ state: "detached" });
  expect(await shopRow()).toMatchObject({ timeZone: "Europe/Paris", guardMovePercent: 34 });
  await page.goto(`${world.url}/app/buffers`);
  await page.getByLabel("Percent shown").fill("70");
  await page.getByText("Unsaved changes").waitFor();
  await page.getByRole("link", { name: "Items", exact: true }).click();
  await question.getByRole("button", { name: "Leave" }).click();
  await page.waitForURL(/app\/items/);
  await world.services.db.shop.updateMany({ data: { timeZone: "UTC", guardMovePercent: 20 } });
  expect(complaints).toEqual([]);
  await page.close();
});

test("E5: Slack's address is kept sealed, a test really arrives, and what is not set up says so", async () => {
  const slack = await startSlack();
  const { page } = await visitor(context);
  await page.goto(`${world.url}/app/settings`);
  await page.getByText("E-mail is not set up on this installation").waitFor();
  const form = page.getByTestId("notify-slack");
  await form.getByLabel("Slack webhook").fill("http://10.0.0.1/services/x");
  await save(page);
  await form.getByText("Paste the whole address of an incoming webhook").waitFor();
  await form.getByLabel("Slack webhook").fill(slack.url);
  await save(page);
  await form.getByText("Saved.").waitFor();
  await form.getByRole("button", { name: "Send a test" }).click();
  await form.getByText("Sent: look whether it has arrived.").waitFor();
  expect(slack.texts).toEqual([expect.stringContaining("This is how you hear of what needs you.")]);
  expect(JSON.stringify(await world.services.db.notifyTarget.findMany())).not.toContain("T1/B1");
  await form.getByRole("button", { name: "Remove" }).click();
  await expect.poll(() => world.services.db.notifyTarget.count()).toBe(0);
  await slack.stop();
  await page.close();
});

test("B8: a location that serves one channel is added, and its units are that channel's alone", async () => {
  const { page } = await visitor(context);
  await page.goto(`${world.url}/app/settings/locations`);
  const form = page.getByTestId("location");
  await form.getByLabel("Name").fill("City store");
  await form.getByLabel("Code").fill("STORE");
  await form.getByLabel("Priority").fill("5");
  await form.getByText("Only these channels", { exact: true }).click();
  await form.getByText("Shopify", { exact: true }).click();
  await form.getByRole("button", { name: "Add" }).click();
  await page.getByText("City store is saved. 0 listings changed.").waitFor();
  const item = await world.item("CAP");
  await world.apply({
    ...{ shop: world.shop.id, item, activity: "to-the-store", type: "receive" },
    ...{ location: "STORE", quantity: 10 },
  });
  await replanListings(world.services, world.shop.id, { item });
  expect(await planned("CAP")).toEqual({ shopify: 50, amazon: 36 });
  await page.goto(`${world.url}/app/items/CAP`);
  await page.getByText(/^10 units cannot be sent to buyers on Amazon/).waitFor();
  await page.close();
});

test("B8: what a location no longer serves is previewed, saved, and in the other channel's plans", async () => {
  const { page } = await visitor(context);
  await page.goto(`${world.url}/app/settings/locations`);
  await page.getByRole("button", { name: "Change Main warehouse" }).click();
  const form = page.getByTestId("location");
  await form.getByText("Only these channels", { exact: true }).click();
  await form.getByText("Amazon", { exact: true }).click();
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText("3 of the 6 listings it covers change").waitFor();
  expect(await planned("CAP"), "nothing changes before it is saved").toMatchObject({ shopify: 50 });
  await page.getByRole("button", { name: "Save location" }).click();
  await page.getByText("Main warehouse is saved. 3 listings changed.").waitFor();
  expect(await planned("CAP")).toEqual({ shopify: 10, amazon: 36 });
  expect(await planned("JACKET")).toEqual({ shopify: 0, amazon: 450 });
  await page.getByRole("button", { name: "Change Main warehouse" }).click();
  await form.getByText("Open", { exact: true }).click();
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText(/543 units are still there/).waitFor();
  await page.close();
});

async function planned(sku: string) {
  const rows = await world.services.db.listing.findMany({
    where: { shopId: world.shop.id, sku },
    include: { connection: true },
  });
  return Object.fromEntries(rows.map((row) => [row.connection.channel, row.planned]));
}
