import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { appKeyVariables, readAppKeys } from "../../connectors/app-keys.ts";
import { createPacer } from "../../connectors/pacer.ts";
import { CONNECTORS } from "../../connectors/registry.ts";
import { SANDBOX_CHANNELS, sandboxAccount } from "../../connectors/sandbox/sandboxes.ts";
import { type SandboxServer, startSandboxes } from "../../connectors/sandbox/server.ts";
import { CATALOGUE, type JobName } from "../../jobs/catalogue.ts";
import { connectionHealth } from "../../jobs/handlers/connection-health.ts";
import { listingsImport } from "../../jobs/handlers/listings-import.ts";
import { createWorkerMetrics } from "../../jobs/metrics.ts";
import type { StepJob } from "../../jobs/task-steps.ts";
import { type Handlers, startWorkers, type Workers } from "../../jobs/workers.ts";
import { openConnection } from "../../prisma/connections.ts";
import { RING, startWorld, type World } from "../app/world.ts";
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

let sandboxes: SandboxServer;
let world: World;
let workers: Workers;
let browser: Browser;
let context: BrowserContext;
let merchant: Visitor;

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

beforeAll(async () => {
  const pages = await builtPages();
  sandboxes = await startSandboxes({ port: 0, lag: "none" });
  const keys = SANDBOX_CHANNELS.map((name) => appKeyVariables(name, sandboxAccount(name).app));
  const appKeys = readAppKeys(Object.values(CONNECTORS), Object.assign({}, ...keys));
  world = await startWorld({ pages, services: { sandboxUrl: sandboxes.url, appKeys } });
  workers = await startWorkers({
    ...{ redisUrl: world.redis.url, handlers: handlers(), metrics: createWorkerMetrics() },
    log: world.services.log,
  });
  const shelf = ["TEA", "CUP", "POT"].map((sku) => ({ sku, title: `A ${sku}`, quantity: 4 }));
  const init = { method: "POST", body: JSON.stringify(shelf) };
  await fetch(`${sandboxes.url}/sandbox/amazon/listings`, init);
  await world.item("TEA");
  browser = await startBrowser();
  context = await windows(browser, 1280);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await workers.close();
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

/** The worker's handlers for what connecting asks for; other work is other tests' business. */
function handlers(): Handlers {
  const { services, live } = world;
  const nothing = async () => {};
  const names = Object.keys(CATALOGUE) as JobName[];
  const rest = Object.fromEntries(names.map((name) => [name, nothing])) as unknown as Handlers;
  const { queues, publicUrl, ...deps } = services;
  const { enqueue } = queues;
  const later = (job: StepJob, connection: string, ms: number) =>
    void setTimeout(() => enqueue(job, { connection }), ms);
  const stopping = new AbortController();
  const parts = {
    ...{ ...deps, enqueue, live, publicUrl, stopping, signal: stopping.signal, later },
    pacer: createPacer({ now: Date.now }),
    connectorOf: (channel: string) => services.connectorOf(channel) ?? undefined,
  };
  const healthLater = (connection: string, ms: number) =>
    void setTimeout(() => enqueue("connection.health", { connection }), ms);
  return {
    ...rest,
    "listings.import": (payload) => listingsImport(parts, payload),
    "connection.health": (payload) => connectionHealth({ ...parts, later: healthLater }, payload),
  };
}

const see = (text: string | RegExp) => merchant.page.getByText(text).first().waitFor();
const press = (name: string | RegExp) =>
  merchant.page.getByRole("button", { name, exact: typeof name === "string" }).click();
const connection = () => world.services.db.connection.findFirstOrThrow();

async function agree(answer: "Allow" | "Do not allow"): Promise<void> {
  const { page } = merchant;
  await page.goto(`${world.url}/app/channels`);
  await page.getByRole("link", { name: /^Connect (Amazon|another account at Amazon)$/ }).click();
  await page.getByLabel("Where you sell").selectOption("US");
  await press("Continue to Amazon");
  await page.getByRole("link", { name: answer, exact: true }).click();
}

test("F: whoever does not agree is told that nothing was changed, and can try again", async () => {
  await agree("Do not allow");
  await see("Amazon was not connected");
  await see(/Nothing was changed/);
  expect(await axeBreaches(merchant.page)).toEqual([]);
  await merchant.page.getByRole("link", { name: "Try again" }).click();
  await see("Connect Amazon");
  expect(await world.services.db.connection.count()).toBe(0);
});

test("F: a merchant connects Amazon through its consent page and sees the import", async () => {
  await agree("Allow");
  await see("Amazon is connected, and its listings are being taken over.");
  await merchant.page.goto(`${world.url}/app/channels/${(await connection()).id}`);
  await see(/Nothing is pushed to Amazon yet/);
  await see(/Import done: 3 listings/);
  await see(/2 listings matched to none of your items/);
  const row = await connection();
  expect(row).toMatchObject({ channel: "amazon", account: "A3SANDBOXSELLER" });
  const open = await openConnection(world.services.db, RING, world.shop.id, row.id);
  expect(open?.credentials.secrets.refreshToken).toBeTruthy();
});

test("F: the page's buttons do what they say, and say what they did", async () => {
  const { page } = merchant;
  // The dry run before it is another test's business.
  await world.services.db.connection.updateMany({ data: { liveAt: new Date() } });
  await page.goto(`${world.url}/app/channels/${(await connection()).id}`);
  await press("Pause pushing");
  await see(/Paused: nothing more is pushed to Amazon/);
  await see("You paused it: nothing is pushed. Orders are still read.");
  await press("Resume pushing");
  await see(/Resumed: what has changed/);
  await press("Check now");
  await see(/Amazon is being asked whether it lets us in/);
  await vi.waitUntil(async () => (await connection()).healthyAt !== null, PATIENCE_MS);
  await press("Import listings again");
  await see(/Everything you list at Amazon is being taken over again/);
  await page.getByLabel("When a listing shows another number").selectOption("report");
  await page.getByLabel("Full feed every day at").selectOption("22");
  await press("Save");
  await see("Saved.");
  expect(await connection()).toMatchObject({ driftPolicy: "report", feedHour: 22 });
});

test("H5: a number that somebody else keeps changing is pushed again when a person says so", async () => {
  const { id, shopId } = await connection();
  const { db } = world.services;
  const listing = await db.listing.findFirstOrThrow({ where: { connectionId: id, sku: "TEA" } });
  const drift = await db.drift.create({
    data: {
      ...{ shopId, connectionId: id, listingId: listing.id, expected: 4, found: 9 },
      ...{ cause: "other-tool", detail: "another system keeps changing it", foundAt: new Date() },
    },
  });
  await merchant.page.goto(`${world.url}/app/channels/${id}`);
  await see("another system keeps changing it");
  await press("Push our number of TEA again");
  await see("Our number is being pushed to Amazon again.");
  const { state } = await db.drift.findUniqueOrThrow({ where: { id: drift.id } });
  expect(state).toBe("ignored");
});

test("F: an access that was taken back is said, and a new consent mends it", async () => {
  const { id } = await connection();
  const data = { shutOut: "revoked", trouble: "Access: invalid_grant" };
  await world.services.db.connection.update({ where: { id }, data });
  await merchant.page.goto(`${world.url}/app/channels/${id}`);
  await see(/Our access was taken back/);
  await agree("Allow");
  await see(/Amazon lets us in again/);
  expect(await connection()).toMatchObject({ id, shutOut: null, trouble: null });
});

test.each(WIDTHS)("at %d pixels the channel pages keep WCAG 2.2 AA and fit", async (width) => {
  const narrow = await windows(browser, width);
  const { id } = await connection();
  for (const path of ["", `/${id}`, "/connect/amazon", "/connect/shopify"]) {
    const { page, complaints } = await visitor(narrow);
    await page.goto(`${world.url}/app/channels${path}`);
    await page.waitForLoadState("load");
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(await axeBreaches(page), path).toEqual([]);
    expect(overflow, `${path}: nothing sticks out to the side`).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  }
  await narrow.close();
});

test("F: disconnecting is asked twice, forgets the access, and keeps what there was", async () => {
  const { page } = merchant;
  const { id } = await connection();
  await page.goto(`${world.url}/app/channels/${id}`);
  await press("Disconnect…");
  await press("Keep it");
  await press("Disconnect…");
  await press("Disconnect Amazon");
  await see(/You disconnected it/);
  const row = await connection();
  expect(row.disconnectedAt).not.toBeNull();
  const open = await openConnection(world.services.db, RING, world.shop.id, id);
  expect(open?.credentials.secrets).toEqual({});
  expect(await world.services.db.listing.count({ where: { connectionId: id } })).toBe(3);
  await page.goto(`${world.url}/app/channels`);
  await page.getByText("Disconnected", { exact: true }).waitFor();
});
