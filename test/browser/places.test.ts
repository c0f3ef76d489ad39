import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { appKeyVariables } from "../../connectors/app-keys.ts";
import { CONNECTORS } from "../../connectors/registry.ts";
import { recordedAt } from "../../connectors/sandbox/elsewhere.ts";
import { sandboxAccount } from "../../connectors/sandbox/sandboxes.ts";
import { type SandboxServer, startSandboxes } from "../../connectors/sandbox/server.ts";
import { replanListings } from "../../jobs/planner.ts";
import { ensureConnection } from "../../prisma/connections.ts";
import { RING, startWorld, type World } from "../app/world.ts";
import {
  axeBreaches,
  PATIENCE_MS,
  startBrowser,
  type Visitor,
  visitor,
  windows,
} from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { openWorkerOf, type WorkerOf } from "./worker.ts";

const CHANNELS = ["shopify", "walmart", "tiktok"] as const;
type Channel = (typeof CHANNELS)[number];

let sandboxes: SandboxServer;
let world: World;
let worker: WorkerOf;
let browser: Browser;
let context: BrowserContext;
let merchant: Visitor;

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

/** More than the guard lets go to 0 without a second look. */
const SKUS = Array.from({ length: 12 }, (_, n) => `SKU-${n}`);

beforeAll(async () => {
  const pages = await builtPages();
  sandboxes = await startSandboxes({ port: 0, lag: "none" });
  const keys = Object.assign(
    {},
    ...CHANNELS.map((name) => appKeyVariables(name, sandboxAccount(name).app)),
  );
  world = await startWorld({ pages, services: { sandboxUrl: sandboxes.url } });
  worker = await openWorkerOf(world, { ...keys, SANDBOX_URL: sandboxes.url });
  for (const sku of SKUS) await world.stock(sku, 20);
  for (const channel of CHANNELS) {
    const { account, settings, secrets } = sandboxAccount(channel);
    const listings = SKUS.map((sku) => ({ sku, title: sku, quantity: 1 }));
    await tell(channel, "listings", listings);
    const named = { channel, name: CONNECTORS[channel].title, account, settings, secrets };
    const { id } = await ensureConnection(world.services.db, RING, world.shop.id, named);
    await world.services.queues.enqueue("listings.import", { connection: id });
  }
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

async function tell(
  channel: Channel,
  path: string,
  body: unknown,
): Promise<{ place?: { id: string } }> {
  const init = { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${sandboxes.url}/sandbox/${channel}/${path}`, init);
  if (!response.ok) throw new Error(await response.text());
  return response.json() as Promise<{ place?: { id: string } }>;
}

/** What shoppers see of the first SKU, and what is at a place and at the first one. */
function numbers(channel: Channel, place: string) {
  const sandbox = sandboxes.sandboxes[channel];
  const listing = sandbox.market().listings["SKU-0"];
  if (!listing) throw new Error("not listed");
  const shown = sandbox.describe().listings.find(({ sku }) => sku === "SKU-0");
  return [shown?.displayed, recordedAt(listing, place), recordedAt(listing, null)];
}

const see = (text: string | RegExp) => merchant.page.getByText(text).first().waitFor();
const press = (name: string | RegExp) =>
  merchant.page.getByRole("button", { name }).first().click();
const shows = (channel: Channel, place: string, wanted: (number | null)[]) =>
  vi.waitFor(() => expect(numbers(channel, place)).toEqual(wanted), PATIENCE_MS);

const WORDS = {
  shopify: ["Location", "locations"],
  walmart: ["Ship node", "ship nodes"],
  tiktok: ["Warehouse", "warehouses"],
} as const;

test.each(CHANNELS)(
  "B8, H4: %s shows the numbers at the place the merchant chooses",
  async (channel) => {
    const { page } = merchant;
    const { db } = world.services;
    const { id } = await db.connection.findFirstOrThrow({ where: { channel } });
    await vi.waitUntil(
      async () => (await db.listing.count({ where: { connectionId: id } })) === 12,
      {
        timeout: PATIENCE_MS,
      },
    );
    await replanListings(world.services, world.shop.id, { connection: id });
    await world.services.queues.enqueue("push.connection", { connection: id });
    const planned =
      (await db.listing.findFirstOrThrow({ where: { connectionId: id } })).planned ?? 0;
    expect(planned).toBeGreaterThan(0);
    const second = (await tell(channel, "places", { name: "Back room" })).place?.id ?? "";
    await shows(channel, second, [planned, 0, planned]);
    await page.goto(`${world.url}/app/channels/${id}`);
    await press("Read the list again");
    const [one, many] = WORDS[channel];
    const select = page.getByLabel(`${one} that shows your numbers`);
    await select.selectOption({ label: "Back room" });
    expect(await page.getByText(`Other ${many} that are kept at 0`).isVisible()).toBe(true);
    expect(await page.getByRole("checkbox", { checked: true }).count(), "the old one").toBe(1);
    await press(/^Save: /);
    await see("This reaches far. Please look twice.");
    expect(await axeBreaches(page)).toEqual([]);
    expect(numbers(channel, second), "nothing moves before").toEqual([planned, 0, planned]);
    await page.getByLabel(/I have looked at the list below/).check();
    await press("Send the numbers to Back room");
    await see(/Saved. 12 listings told again there now/);
    await shows(channel, second, [planned, planned, 0]);
    await vi.waitFor(async () => {
      const rows = await db.listing.findMany({ where: { connectionId: id } });
      expect(rows.map(({ accepted, shown }) => [accepted, shown])).toEqual(
        rows.map(() => [planned, planned]),
      );
    }, PATIENCE_MS);
    expect(await db.drift.count({ where: { connectionId: id } })).toBe(0);
  },
);

test("B8: a list that cannot be read is said so, and what was read before stays", async () => {
  const { page } = merchant;
  const { id } = await world.services.db.connection.findFirstOrThrow({
    where: { channel: "walmart" },
  });
  await page.goto(`${world.url}/app/channels/${id}`);
  await tell("walmart", "faults", { outage: true });
  await press("Read the list again");
  await see("Walmart gave no answer. Try again in a minute; what was read before is still shown.");
  await page.getByLabel("Ship node that shows your numbers").waitFor();
  await tell("walmart", "faults", { outage: false });
});

test("G: a channel's page says what is left of its limits, and what it did and heard last", async () => {
  const { page } = merchant;
  const { id } = await world.services.db.connection.findFirstOrThrow({
    where: { channel: "walmart" },
  });
  await page.goto(`${world.url}/app/channels/${id}`);
  await see(/^\d+ numbers?: \d+ accepted/);
  await see(/^Now \d+ of 200 left\.$/);
  await tell("walmart", "buy", { sku: "SKU-1", quantity: 1 });
  await world.services.queues.enqueue("orders.sweep", { connection: id });
  // The page is live: nobody loads it again.
  await see("by our own look");
});
