import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { noFaults } from "../../connectors/sandbox/faults.ts";
import { type SandboxServer, startSandboxes } from "../../connectors/sandbox/server.ts";
import {
  axeBreaches,
  PATIENCE_MS,
  startBrowser,
  visitor,
  WIDTHS,
  windows,
} from "../support/browser.ts";

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

let browser: Browser;
let server: SandboxServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), startSandboxes({ port: 0, lag: "none" })]);
  for (const sandbox of Object.values(server.sandboxes)) {
    sandbox.stock([{ sku: "JACKET", title: "Jacket", quantity: 10 }]);
  }
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

test("F: a person plays the shoppers, the marketplace and the bad luck at /sandbox", async () => {
  const context = await windows(browser, 1280);
  const { page, complaints } = await visitor(context);
  await page.goto(`${server.url}/sandbox`);
  for (const [channel, sandbox] of Object.entries(server.sandboxes)) {
    const card = page.getByRole("region", { name: channel, exact: true });
    await card.getByRole("button", { name: `Buy 5 of JACKET on ${channel}` }).click();
    await expect.poll(() => sandbox.market().listings.JACKET?.displayed).toBe(5);
    await card.getByLabel(`accept and forget our numbers: JACKET on ${channel}`).check();
    await expect.poll(() => sandbox.market().faults.ignoreSkus).toEqual(["JACKET"]);
    await card.getByLabel(`Number that another tool sets for JACKET on ${channel}`).fill("25");
    await card.getByRole("button", { name: `set by another tool: JACKET on ${channel}` }).click();
    await expect.poll(() => sandbox.market().listings.JACKET?.displayed).toBe(25);
    await card.getByLabel("half an answer, next").fill("2");
    await card.getByLabel("half an answer, next").press("Tab");
    await expect.poll(() => sandbox.market().faults.truncateNext).toBe(2);
    await card.getByLabel("down", { exact: true }).check();
    await expect.poll(() => sandbox.market().faults.outage).toBe(true);
    await card.getByRole("button", { name: "All is well" }).click();
    await expect.poll(() => sandbox.market().faults.outage).toBe(false);
    const [order] = Object.keys(sandbox.market().orders);
    const ship = { name: `ship order ${order} on ${channel}`, exact: true };
    await card.getByRole("button", ship).click();
    await expect.poll(() => sandbox.market().orders[order ?? ""]?.lines[0]?.shipped).toBe(5);
  }
  const { shopify } = server.sandboxes;
  const [taken] = Object.keys(shopify.market().orders);
  await page.getByRole("button", { name: `unship order ${taken} on shopify` }).click();
  await expect.poll(() => shopify.market().orders[taken ?? ""]?.lines[0]?.unshipped).toBe(5);
  const card = page.getByRole("region", { name: "ebay", exact: true });
  const faults = await card
    .locator("[data-fault]")
    .evaluateAll((inputs) => inputs.map((input) => (input as HTMLElement).dataset.fault));
  // Those by SKU are switches of each row.
  const all = Object.keys(noFaults()).filter((name) => !name.endsWith("Skus"));
  expect(new Set(faults), "every fault has its switch").toEqual(new Set(all));
  await page.getByLabel("A push is seen after").selectOption("realistic");
  await expect.poll(() => server.settings.lag).toBe("realistic");
  expect(complaints).toEqual([]);
  await context.close();
});

test.each(WIDTHS)("the sandbox page fits %i px and axe finds nothing", async (width) => {
  const context = await windows(browser, width);
  const { page } = await visitor(context);
  await page.goto(`${server.url}/sandbox`);
  await page
    .getByRole("button", { name: /^Buy 1 of JACKET/ })
    .first()
    .waitFor();
  expect(await axeBreaches(page)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  await context.close();
});
