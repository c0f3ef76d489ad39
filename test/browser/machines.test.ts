import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { CATALOGUE } from "../../jobs/catalogue.ts";
import { webhooksDeliver } from "../../jobs/handlers/webhooks-deliver.ts";
import { createWorkerMetrics } from "../../jobs/metrics.ts";
import { type Handlers, startWorkers, type Workers } from "../../jobs/workers.ts";
import { client, RING, startWorld, type World } from "../app/world.ts";
import {
  axeBreaches,
  PATIENCE_MS,
  startBrowser,
  type Visitor,
  visitor,
  windows,
} from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { isSignedWith, type Receiver, startReceiver } from "../support/receiver.ts";

let world: World;
let workers: Workers;
let receiver: Receiver;
let browser: Browser;
let context: BrowserContext;
let owner: Visitor;
let page: Page;

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

beforeAll(async () => {
  const pages = await builtPages();
  [world, receiver] = await Promise.all([startWorld({ pages }), startReceiver()]);
  const { services, live } = world;
  const nothing = async () => {};
  const rest = Object.fromEntries(Object.keys(CATALOGUE).map((name) => [name, nothing]));
  const later = (endpoint: string, ms: number) =>
    void setTimeout(() => services.queues.enqueue("webhooks.deliver", { endpoint }), ms);
  const signal = new AbortController().signal;
  const deps = { ...services, live, keyring: RING, allowLoopback: true, later, signal };
  workers = await startWorkers({
    ...{ redisUrl: world.redis.url, metrics: createWorkerMetrics(), log: services.log },
    handlers: {
      ...(rest as unknown as Handlers),
      "webhooks.deliver": (payload) => webhooksDeliver(deps, payload),
    },
  });
  browser = await startBrowser();
  context = await windows(browser, 1280);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await workers.close();
  await world.stop();
  await receiver.stop();
});

beforeEach(async () => {
  owner = await visitor(context);
  page = owner.page;
});

afterEach(async () => {
  await page.close();
  expect(owner.complaints, "nothing went wrong in the browser").toEqual([]);
});

const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
const press = (name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).click();

test("an owner makes a token, which is shown once, works, and is revoked", async () => {
  await world.item("TEA");
  await page.goto(`${world.url}/app/settings/tokens`);
  await press("Make token");
  await see("Say what it is for, in up to 100 characters.");
  await page.getByLabel("What it is for").fill("Storefront");
  await page.getByLabel("Read items, locations, listings, stock and movements").check();
  await press("Make token");
  await see(/The token Storefront is made/);
  const token = await page.getByLabel("Token", { exact: true }).inputValue();
  expect(await axeBreaches(page)).toEqual([]);
  const ask = client(world.url, token);
  expect((await ask("GET", "/stock/TEA")).status).toBe(200);
  expect((await ask("POST", "/items", { sku: "X", title: "X" })).status).toBe(403);
  await page.reload();
  await see("Storefront");
  expect(await page.content()).not.toContain(token);
  await press("Revoke Storefront…");
  await press("Revoke Storefront");
  await see(/The token Storefront is revoked/);
});

test("an owner adds a webhook, tries it, reads its log, and sends an event again", async () => {
  await page.goto(`${world.url}/app/settings/webhooks`);
  await page.getByLabel("Address").fill("https://10.0.0.1/in");
  await press("Add endpoint");
  await see("10.0.0.1 is not a public address.");
  await page.getByLabel("Address").fill(`${receiver.url}/in`);
  await page.getByLabel("What it is for (optional)").fill("The warehouse's screen");
  await press("Add endpoint");
  await see(/The endpoint is told from now on/);
  const secret = await page.getByLabel("Secret").inputValue();
  await page.getByRole("link", { name: `${receiver.url}/in` }).click();
  await press("Send a test event");
  await see("A test event is on its way: see the log below.");
  await see("Delivered");
  await see(/^200 in /);
  const [tested] = receiver.received;
  if (!tested) throw new Error("no test event came");
  expect(tested.body.type).toBe("test");
  expect(isSignedWith(secret, tested)).toBe(true);
  expect(await axeBreaches(page)).toEqual([]);
  await press(/^Send again no. \d+$/);
  await see("1 event is sent again.");
  await vi.waitUntil(() => receiver.received.length === 2, { timeout: PATIENCE_MS });
  expect(receiver.received[1]?.body.id).toBe(tested.body.id);
  await world.stock("TEA", 7);
  await press("Make a new secret");
  await see(/For a day the old one signs as well/);
  await press("Remove…");
  await press("Remove endpoint");
  await see("No program of yours hears of events yet.");
});
