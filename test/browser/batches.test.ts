import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { batchRun } from "../../jobs/handlers/batch-run.ts";
import { replanListings } from "../../jobs/planner.ts";
import { startWorld, type World } from "../app/world.ts";
import { PATIENCE_MS, startBrowser, type Visitor, visitor, windows } from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { available, seedDemo } from "./demo.ts";

let world: World;
let browser: Browser;
let context: BrowserContext;
let merchant: Visitor;
/** What the worker does, one job after the other. */
let work: Promise<unknown> = Promise.resolve();

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

beforeAll(async () => {
  const pages = await builtPages();
  world = await startWorld({ pages });
  const { services, live } = world;
  const real = services.queues.enqueue;
  services.queues = {
    enqueue: async (name, payload) => {
      if (name !== "batch.run") return real(name, payload);
      const { db, ledger, log } = services;
      const signal = new AbortController().signal;
      const deps = { db, ledger, log, signal, live, enqueue: real, runLater: () => {} };
      work = work.then(() => batchRun(deps, payload as { batch: string }));
    },
  };
  await seedDemo(world);
  browser = await startBrowser();
  context = await windows(browser, 1280);
}, 180_000);

afterAll(async () => {
  await work;
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
const see = (text: string | RegExp) => merchant.page.getByText(text).first().waitFor();
const press = (name: string | RegExp) => merchant.page.getByRole("button", { name }).click();

const lookAs = (role: string) =>
  merchant.page.request.post(`${world.url}/app/demo-role`, {
    ...{ form: { role }, headers: { Origin: world.url } },
  });

async function upload(kind: string, name: string, lines: readonly string[]): Promise<void> {
  await open("/app/import");
  await merchant.page.getByLabel("What is in it").selectOption(kind);
  await merchant.page.locator('input[type="file"]').setInputFiles({
    ...{ name, mimeType: "text/csv", buffer: Buffer.from(lines.join("\r\n")) },
  });
  await merchant.page.getByRole("heading", { name: "Columns" }).waitFor();
}

test("C3: a file is mapped, checked line by line, applied, and taken back", async () => {
  const { page } = merchant;
  const before = await available(world, "CAP");
  await upload("quantities", "night.csv", [
    "\uFEFFArtikel;Lager;Bestand",
    `CAP;MAIN;${before + 7}`,
    "HAT;MAIN;1",
    "VEST;MOON;2",
  ]);
  await press("Check the file");
  await see("Choose a column for SKU and for Quantity or Change.");
  await page.getByLabel("Column of your file for SKU").selectOption({ label: "Artikel" });
  await page.getByLabel("Column of your file for Location").selectOption({ label: "Lager" });
  await page.getByLabel("Column of your file for Quantity").selectOption({ label: "Bestand" });
  await press("Check the file");
  await see("1 quantity can be applied, 2 lines cannot be used. Nothing has changed yet.");
  const wrong = page.getByRole("table", { name: "Lines with problems" });
  await wrong.getByText("SKU: no item has the SKU HAT").waitFor();
  await wrong.getByText("Location: no location has the code MOON").waitFor();
  await page.getByRole("table", { name: "The largest changes" }).getByText("+7").waitFor();
  expect(await available(world, "CAP")).toBe(before);
  await press("Apply");
  await see("1 quantity changed.");
  expect(await available(world, "CAP")).toBe(before + 7);
  await press("Take it back");
  await see("1 movement would be taken back. What happened since, sales above all, stays.");
  await press("Take it back now");
  await see("1 quantity taken back.");
  expect(await available(world, "CAP")).toBe(before);
  await open("/app/batches");
  const row = page.getByRole("row", { name: /^night\.csv/ });
  await row.filter({ hasText: "Taken back" }).waitFor();
});

test("H4: a rule that would zero the catalogue waits for a second look, and can be taken back", async () => {
  const { page } = merchant;
  const { db } = world.services;
  await db.shop.updateMany({ data: { guardAlways: 1 } });
  await open("/app/buffers");
  await page.getByLabel("Percent shown").fill("0");
  await page.getByTestId("rule").getByRole("button", { name: "Preview" }).click();
  const guard = page.getByTestId("guard");
  await guard.getByText(/listings would go to 0: 100 % of those with stock/).waitFor();
  const save = guard.getByRole("button", { name: "Save rule all the same" });
  expect(await save.isDisabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Save rule", exact: true }).count()).toBe(0);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    press("Download the list (CSV)"),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).split("\r\n");
  expect(lines[0]).toBe("\uFEFFListing or SKU,Channel,Now,Then,Change");
  expect(lines).toContain("JACKET,shopify,500,0,-500");
  expect(lines).toHaveLength(8); // three items on two channels, the heads, and the end
  await guard.getByRole("checkbox").check();
  await save.click();
  await see("Rule saved. 6 listings changed.");
  expect(await db.listing.count({ where: { planned: 0 } })).toBe(6);
  await page.getByRole("link", { name: "See it, or take it back" }).click();
  await see("1 buffer rule changed.");
  await press("Take it back");
  await guard.getByText(/listings would change by more than 50 %/).waitFor();
  await guard.getByRole("checkbox").check();
  await press("Take it back now all the same");
  await see("1 buffer rule taken back.");
  expect(await db.bufferRule.count()).toBe(0);
});

test("B1: a rule for chosen items is seen, applied and taken back", async () => {
  const { page } = merchant;
  const { db } = world.services;
  await db.shop.updateMany({ data: { guardAlways: 10 } });
  const planned = async () => {
    await work;
    await replanListings(world.services, world.shop.id);
    const where = { connection: { channel: "amazon" } };
    const rows = await db.listing.findMany({ where, orderBy: { sku: "asc" } });
    return Object.fromEntries(rows.map((row) => [row.sku, row.planned]));
  };
  const before = await planned();
  await open("/app/items");
  await page.getByRole("checkbox", { name: "Choose CAP" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("checkbox", { name: "Choose VEST" }).check();
  const bar = page.getByRole("region", { name: "Chosen items" });
  await bar.getByRole("status").getByText("2 items chosen").waitFor();
  await bar.getByRole("button", { name: "Choose all 3 that match" }).click();
  await bar.getByText("All 3 items that match chosen").waitFor();
  await page.getByRole("checkbox", { name: "Choose JACKET" }).uncheck();
  await page.getByRole("checkbox", { name: "Choose CAP" }).check();
  await bar.getByText("1 item chosen").waitFor();
  await bar.getByRole("button", { name: "Set buffer rule" }).click();
  await page.keyboard.type("Ama"); // the first field has the keyboard
  await page.getByLabel("Kind").selectOption("fixed");
  await page.getByLabel("Units held back").fill("many");
  await press("Preview");
  await see("Enter whole units.");
  await page.getByLabel("Units held back").fill("30");
  await press("Preview");
  await see("1 buffer rule can be applied. Nothing has changed yet.");
  await see("Rule for 1 item on Amazon: Holds back 30 units");
  expect(await planned()).toEqual(before);
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await see("1 buffer rule changed.");
  expect(await planned()).toEqual({ ...before, CAP: (await available(world, "CAP")) - 30 });
  await press("Take it back");
  await page.getByRole("button", { name: "Take it back now" }).click();
  await see("1 buffer rule taken back.");
  expect(await planned()).toEqual(before);
});

test("G: a role sees only what it may do with chosen items, and the server refuses the rest", async () => {
  const { page } = merchant;
  await lookAs("read-only");
  await open("/app/items");
  await page.getByRole("checkbox", { name: "Choose this page" }).check();
  const bar = page.getByRole("region", { name: "Chosen items" });
  await bar.getByRole("button", { name: "Export CSV" }).waitFor();
  expect(await bar.getByRole("button", { name: /^Set|^Remove/ }).count()).toBe(0);
  const form = { intent: "bulk", do: "category", category: "Sale", all: "on", search: "" };
  const headers = { Origin: world.url };
  const before = await world.services.db.batch.count();
  const answer = await page.request.post(`${world.url}/app/items?index`, { form, headers });
  expect(await answer.text()).toContain("bulk-refused");
  expect(await world.services.db.batch.count()).toBe(before);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    bar.getByRole("button", { name: "Export CSV" }).click(),
  ]);
  expect((await readFile(await download.path(), "utf8")).trim().split("\r\n")).toHaveLength(4);
  await lookAs("owner");
});

test("B1: for a SKU, the rules that apply are told, and which one wins", async () => {
  const { page } = merchant;
  const { db } = world.services;
  await db.bufferRule.createMany({
    data: [
      { shopId: world.shop.id, channel: "amazon", kind: "percent", value: 50 },
      {
        ...{ shopId: world.shop.id, channel: "amazon", kind: "fixed", value: 20 },
        itemId: await world.item("JACKET"),
      },
    ],
  });
  await open("/app/buffers?sku=JACKET");
  const chain = page.getByRole("table", { name: /^Rules for JACKET on Amazon/ });
  const rows = await chain.getByRole("row").allInnerTexts();
  expect(rows.slice(1).map((row) => row.split(/\t|\n/).filter(Boolean))).toEqual([
    ["SKU JACKET on Amazon", "Holds back 20 units", "Success", "Wins"],
    ["Amazon", "Shows 50 % of what is available", "less specific"],
    ["Ballast’s default", "Shows 90 % of what is available", "less specific"],
  ]);
  await see("Amazon shows 480");
});

test("a file that is none says so; what is exported can be imported again", async () => {
  const { page } = merchant;
  await open("/app/import");
  const file = page.locator('input[type="file"]');
  const zip = Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2, 3]);
  await file.setInputFiles({ name: "stock.csv", mimeType: "text/csv", buffer: zip });
  await see("stock.csv is an Excel or zip file: save it as CSV (UTF-8).");
  merchant.complaints.length = 0; // the browser tells of the refusal
  const fetched = await page.request.get(`${world.url}/app/export/quantities.csv`);
  const text = await fetched.text();
  await upload("quantities", "again.csv", text.split("\r\n"));
  await press("Check the file");
  await see("3 quantities can be applied. Nothing has changed yet.");
  await see("Throw away");
});
