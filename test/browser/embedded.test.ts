import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createShopify } from "../../app/access/shopify.server.ts";
import { embeddedGate } from "../../app/gate.ts";
import { createLog } from "../../jobs/log.ts";
import { DEMO, startWorld, type World } from "../app/world.ts";
import { PATIENCE_MS, startBrowser } from "../support/browser.ts";
import { builtPages } from "../support/build.ts";
import { type Demo, seedDemo } from "./demo.ts";
import {
  type Admin,
  framedAddress,
  openAdmin,
  PLAIN_BROWSER,
  sessionToken,
} from "./shopify-admin.ts";

const APP = { apiKey: "key", apiSecret: "app-secret", appUrl: "https://app.example" };
const CLAIMS = { shop: DEMO, apiKey: APP.apiKey, secret: APP.apiSecret, user: "1" };

let world: World;
let demo: Demo;
let browser: Browser;
let admin: Admin;

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

beforeAll(async () => {
  const pages = await builtPages();
  world = await startWorld({
    pages,
    gate: ({ db, now }) =>
      embeddedGate(db, createShopify(APP, createLog("silent", "test")), {
        ...{ apiKey: APP.apiKey, secrets: [APP.apiSecret], now },
        whoIs: async () => ({ outcome: "known", name: "Ada Lovelace", owner: false }),
      }),
  });
  demo = await seedDemo(world);
  browser = await startBrowser();
  admin = await openAdmin((options) => browser.newContext(options), world.url, CLAIMS);
  admin.page.setDefaultTimeout(PATIENCE_MS);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await world.stop();
});

const letter = () =>
  world.services.db.deadLetter.create({
    data: { shopId: world.shop.id, kind: "push", subject: "gone", error: "refused three times" },
  });

test("G: the app opens in Shopify's frame, whose navigation leads through it", async () => {
  const { page, app } = admin;
  const listening = page.waitForResponse((answer) => answer.url().includes("/app/live"));
  await admin.open("/app");
  await app.getByRole("heading", { name: "Overview" }).waitFor();
  const summary = app.getByTestId("summary");
  await summary.getByText("Nothing is oversold, late or failing.").waitFor();
  expect((await listening).status()).toBe(200);
  await demo.sell("VEST", 5, "amazon");
  await summary.getByText(/1 item oversold/).waitFor();
  await page.getByRole("navigation").getByRole("button", { name: "Channels" }).click();
  await app.getByRole("heading", { name: "Channels", exact: true }).waitFor();
  const person = await world.services.db.person.findFirst();
  expect(person).toMatchObject({ name: "Ada Lovelace", role: "owner", shopifyUser: "1" });
});

test("G: an action is carried by a session token and answered by the admin's toast", async () => {
  const { page, app } = admin;
  await letter();
  await page.getByRole("navigation").getByRole("button", { name: "Dead letters" }).click();
  await app.getByText("refused three times").first().waitFor();
  await app.getByRole("button", { name: /^Discard/ }).click();
  await app.getByLabel("Why it is not needed").fill("a test");
  await app.getByRole("button", { name: "Discard", exact: true }).click();
  await page.getByText("Discarded.").waitFor();
  expect(await world.services.db.deadLetter.findFirst()).toMatchObject({ state: "discarded" });
});

test("G: the admin's save bar saves or discards what was changed, and its modal asks first", async () => {
  const { page, app } = admin;
  const id = demo.connections.amazon;
  await admin.open(`/app/channels/${id}`);
  const choice = app.getByLabel("When a listing shows another number");
  const bar = page.getByRole("group", { name: "Save bar" });
  await choice.selectOption("report");
  await bar.getByRole("button", { name: "Discard" }).click();
  await bar.getByRole("button").first().waitFor({ state: "detached" });
  expect(await choice.inputValue()).toBe("heal");
  await choice.selectOption("report");
  await bar.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  const row = () => world.services.db.connection.findUniqueOrThrow({ where: { id } });
  expect((await row()).driftPolicy).toBe("report");
  await choice.selectOption("heal");
  await page.getByRole("navigation", { name: "App" }).getByText("Items", { exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave page" }).click();
  await app.getByRole("heading", { name: "Items" }).waitFor();
  expect((await row()).driftPolicy, "what was left was not saved").toBe("report");
  await admin.open(`/app/channels/${id}`);
  await app.getByRole("button", { name: "Disconnect…" }).click();
  await app.getByText(/Pushes to Amazon stop at once/).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Keep it" }).click();
  await app.getByText(/Pushes to Amazon stop at once/).waitFor({ state: "hidden" });
  expect((await row()).disconnectedAt).toBeNull();
});

test("G: another person of the shop gets the role that is set, and sees no more than it allows", async () => {
  const { app } = admin;
  admin.claims = { ...CLAIMS, user: "2" };
  await letter();
  await admin.open("/app/dead-letters");
  await app.getByText("refused three times").first().waitFor();
  expect(await app.getByRole("button", { name: /^Discard/ }).count()).toBe(0);
  await admin.open("/app/settings/team");
  await app.getByText("Your role, Read-only, may not manage the team.").waitFor();
});

test("G: without a token, or with one that another secret signed, nothing is shown and done", async () => {
  const forged = { ...CLAIMS, secret: "guessed" };
  const before = await world.services.db.deadLetter.count({ where: { state: "open" } });
  const post = (headers: Record<string, string>) =>
    fetch(`${world.url}/app/dead-letters.data`, {
      ...{
        method: "POST",
        redirect: "manual",
        headers: { "User-Agent": PLAIN_BROWSER, ...headers },
      },
      body: new URLSearchParams({ intent: "discard", letter: "1", reason: "theft" }),
    });
  const authorization = `Bearer ${sessionToken(forged)}`;
  expect((await post({ authorization })).status).toBe(401);
  expect(await (await post({})).text()).not.toContain("refused three times");
  expect(await world.services.db.deadLetter.count({ where: { state: "open" } })).toBe(before);
  admin.claims = forged;
  await admin.open("/app/dead-letters");
  await admin.page.waitForLoadState("load");
  expect(await admin.app.getByText("refused three times").count()).toBe(0);
});

test("G: nobody but the shop's own admin may frame the app", async () => {
  const src = framedAddress(world.url, "/app", CLAIMS).replaceAll("&", "&amp;");
  const page = { contentType: "text/html", body: `<iframe id="app" src="${src}"></iframe>` };
  await admin.page.context().route("https://evil.example/**", (route) => route.fulfill(page));
  const refused = admin.page.waitForEvent("console", (message) =>
    message.text().includes("frame-ancestors"),
  );
  await admin.page.goto("https://evil.example/");
  await refused;
  expect(await admin.app.getByRole("heading", { name: "Overview" }).count()).toBe(0);
});
