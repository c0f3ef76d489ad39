import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startWorld, type World } from "../app/world.ts";
import { Desk } from "../jobs/batches/desk.ts";
import {
  axeBreaches,
  layoutShifts,
  PATIENCE_MS,
  startBrowser,
  visitor,
  WIDE,
  WIDTHS,
  windows,
} from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { seedDemo } from "./demo.ts";

let world: World;
let browser: Browser;
const contexts = new Map<number, BrowserContext>();

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

beforeAll(async () => {
  const pages = await builtPages();
  world = await startWorld({ pages });
  const demo = await seedDemo(world);
  await demo.sell("JACKET", 3, "amazon");
  await demo.sell("VEST", 9, "shopify");
  await world.services.baskets.hold({
    ...{ shop: world.shop.id, ttlMs: 600_000 },
    lines: [{ item: await world.item("JACKET"), quantity: 2 }],
  });
  await world.services.db.deadLetter.create({
    data: { shopId: world.shop.id, kind: "push", subject: "gone", error: "refused three times" },
  });
  // A file that waits for a second look, with lines that cannot be used.
  const lines = ["sku,location,quantity", "JACKET,MAIN,0", "CAP,MAIN,0", "HAT,MAIN,3"];
  await world.services.db.shop.updateMany({ data: { guardAlways: 1 } });
  await new Desk(world).check("quantities", lines);
  browser = await startBrowser();
  for (const width of WIDTHS) contexts.set(width, await windows(browser, width));
}, 180_000);

afterAll(async () => {
  await browser.close();
  await world.stop();
});

/** A new window of this width. */
function look(width: (typeof WIDTHS)[number]) {
  const context = contexts.get(width);
  if (!context) throw new Error(`no windows of ${width} pixels`);
  return visitor(context);
}

const STEPS = ["start", "channels", "import", "match", "stock", "buffers", "dry-run", "live"];

const PAGES: Record<string, string> = {
  ...Object.fromEntries(STEPS.map((step) => [`welcome: ${step}`, `/app/welcome?step=${step}`])),
  listings: "/app/listings",
  channels: "/app/channels",
  overview: "/app",
  "overview of a day": "/app?span=day",
  items: "/app/items?show=low&below=100",
  holds: "/app/holds?span=day",
  history: "/app/history",
  "nothing found": "/app/items?q=none",
  item: "/app/items/JACKET",
  buffers: "/app/buffers?sku=JACKET",
  import: "/app/import",
  batches: "/app/batches",
  batch: "/app/batches/1",
  "dead letters": "/app/dead-letters",
  team: "/app/settings/team",
  account: "/app/account",
  settings: "/app/settings",
  locations: "/app/settings/locations",
  tokens: "/app/settings/tokens",
  webhooks: "/app/settings/webhooks",
};

/** Half of the layout shift that browsers call good. */
const GOOD = 0.05;

describe.each(WIDTHS)("at %d pixels", (width) => {
  test.each(Object.entries(PAGES))("%s keeps WCAG 2.2 AA and fits", async (_, path) => {
    const { page, complaints } = await look(width);
    await page.goto(world.url + path);
    await page.waitForLoadState("load");
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    const { sum, moved } = await layoutShifts(page);
    expect(sum, moved.join("\n")).toBeLessThan(GOOD);
    expect(await axeBreaches(page)).toEqual([]);
    expect(overflow, "nothing sticks out to the side").toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

test("at 1920 pixels no page sticks out to the side", async () => {
  const wide = await windows(browser, WIDE);
  const { page, complaints } = await visitor(wide);
  for (const [name, path] of Object.entries(PAGES)) {
    await page.goto(world.url + path);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, name).toBe(0);
  }
  expect(complaints).toEqual([]);
  await wide.close();
});

test("a page that is not there says so, and leads back", async () => {
  const { page } = await look(1280);
  const response = await page.goto(`${world.url}/app/items/none`);
  expect(response?.status()).toBe(404);
  await page.getByText("No item has the SKU none.").waitFor();
  expect(await axeBreaches(page)).toEqual([]);
  await page.close();
});

test("everything can be reached and done with a keyboard", async () => {
  const { page } = await look(1280);
  await page.goto(`${world.url}/app/items/JACKET`);
  await page.getByLabel("What to do").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("7");
  await page.keyboard.press("Tab");
  await page.keyboard.type("delivery");
  await page.keyboard.press("Enter");
  await page.getByText(/Recorded as movement \d+/).waitFor();
  await page.close();
});
