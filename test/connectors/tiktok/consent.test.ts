import { afterEach, beforeEach, expect, test } from "vitest";
import { tiktokConsent } from "../../../connectors/tiktok/consent.ts";
import { DEMO_SHOP, TIKTOK_APP } from "../../../connectors/tiktok/sandbox/account.ts";
import type { TikTokState } from "../../../connectors/tiktok/sandbox/state.ts";
import { type Bench, openChannel, START } from "../harness.ts";

const BACK = "https://ballast.example/connect/tiktok/back";
const YEAR_MS = 365 * 24 * 3_600_000;

let bench: Bench;
beforeEach(() => {
  bench = openChannel("tiktok");
});
afterEach(() => bench.close());

const request = (market = "row") => ({
  ...{ app: TIKTOK_APP, answers: { market }, returnUrl: BACK },
  state: "state-1",
});

/** What the merchant comes back with, when he follows the page's link. */
async function agree(which: "allow" | "deny" = "allow"): Promise<Record<string, string>> {
  const page = await (await globalThis.fetch(tiktokConsent.page(request()))).text();
  const link = new RegExp(`class="${which}" href="([^"]*)"`).exec(page)?.[1] ?? "";
  return Object.fromEntries(new URL(link.replaceAll("&amp;", "&")).searchParams);
}

const complete = (query: Record<string, string>) =>
  tiktokConsent.complete({ ...request(), query }, { now: bench.clock.now });

test.each([
  ["row", "services.tiktokshop.com"],
  ["us", "services.us.tiktokshop.com"],
])("F: sellers of %s agree at %s", (market, host) => {
  const url = new URL(tiktokConsent.page(request(market)));
  expect(url.host).toBe(host);
  expect(url.searchParams.get("service_id")).toBe(TIKTOK_APP.serviceId);
  expect(url.searchParams.get("state")).toBe("state-1");
  expect(url.href, "no secret in an address that the browser keeps").not.toContain(
    TIKTOK_APP.appSecret,
  );
});

test("F: one consent covers several shops: each is an account of its own", async () => {
  const second = { id: "7495540735365777508", cipher: "ROW_second", name: "Second", region: "DE" };
  (bench.sandbox.save() as TikTokState).shops = [DEMO_SHOP, second];
  const answer = await complete(await agree());
  if (answer.outcome !== "connected") throw new Error(JSON.stringify(answer));
  const [one, other] = answer.accounts;
  expect(answer.accounts).toHaveLength(2);
  expect(one).toMatchObject({
    account: DEMO_SHOP.id,
    settings: { shopId: DEMO_SHOP.id, cipher: DEMO_SHOP.cipher },
    reconnectBy: START + YEAR_MS,
  });
  expect(other).toMatchObject({ account: second.id, name: "Second (DE)" });
  expect(other?.settings.grant, "they live on the same tokens").toBe(one?.settings.grant);
  expect(one?.secrets, "our app's keys are not the merchant's").not.toHaveProperty("appSecret");
  for (const account of answer.accounts) {
    const secrets = { ...TIKTOK_APP, ...account.secrets };
    const session = bench.connect({ settings: account.settings, secrets });
    expect(await session.health()).toEqual({ outcome: "healthy", reconnectBy: START + YEAR_MS });
    expect(await session.readBack([])).toMatchObject({ outcome: "read" });
  }
});

test("F: a code works once, and not for ever", async () => {
  const query = await agree();
  expect(await complete(query)).toMatchObject({ outcome: "connected" });
  expect(await complete(query)).toMatchObject({ outcome: "declined" });
  const late = await agree();
  bench.clock.advance(31 * 60_000);
  expect(await complete(late)).toMatchObject({ outcome: "declined" });
});

test("F: whoever says no comes back without a code", async () => {
  expect(await complete(await agree("deny"))).toMatchObject({ outcome: "declined" });
});

test("F: a consent that covers no shop is none", async () => {
  (bench.sandbox.save() as TikTokState).shops = [];
  expect(await complete(await agree())).toMatchObject({ outcome: "declined" });
});

test("D7: an outage on the way back is not a no", async () => {
  const query = await agree();
  bench.sandbox.setFaults({ outage: true });
  expect(await complete(query)).toMatchObject({ outcome: "unavailable" });
});
