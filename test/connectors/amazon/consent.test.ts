import { afterEach, beforeEach, expect, test } from "vitest";
import { amazonConsent } from "../../../connectors/amazon/consent.ts";
import { COUNTRIES } from "../../../connectors/amazon/countries.ts";
import { AMAZON_SANDBOX } from "../../../connectors/amazon/sandbox/account.ts";
import type { ConsentAnswer } from "../../../connectors/consent.ts";
import { call } from "../../../connectors/http.ts";
import { type Bench, openChannel, SOCKS } from "../harness.ts";

const YEAR_MS = 365 * 24 * 3_600_000;
const RETURN_URL = "https://app.example.com/connect/amazon";
const app = AMAZON_SANDBOX.app;

let bench: Bench;
beforeEach(() => {
  bench = openChannel("amazon");
});
afterEach(() => bench.close());

const pageUrl = (answers: Record<string, string>) =>
  amazonConsent.page({ app, answers, state: "our-state", returnUrl: RETURN_URL });

/** Opens the marketplace's page, and follows one of its two answers back. */
async function back(url: string, answer: "allow" | "deny"): Promise<Record<string, string>> {
  const html = await (await call({}, url)).text();
  const link = new RegExp(`class="${answer}" href="([^"]+)"`).exec(html)?.[1];
  if (!link) throw new Error(html);
  return Object.fromEntries(new URL(link.replaceAll("&amp;", "&")).searchParams);
}

function complete(query: Record<string, string>, more: Partial<ConsentAnswer> = {}) {
  const answers = { country: "US" };
  const answer = { app, answers, query, returnUrl: RETURN_URL, ...more };
  return amazonConsent.complete(answer, { now: bench.clock.now });
}

test("F: a seller agrees in Seller Central and comes back connected, for a year", async () => {
  const query = await back(pageUrl({ country: "US" }), "allow");
  expect(query.state).toBe("our-state");
  const consented = await complete(query);
  if (consented.outcome !== "connected") throw new Error(JSON.stringify(consented));
  const [account] = consented.accounts;
  const until = bench.clock.now() + YEAR_MS;
  expect(account).toMatchObject({
    account: AMAZON_SANDBOX.account,
    name: "Amazon United States",
    reconnectBy: until,
    // Canada, which he left, and what is no shop, are not among them.
    settings: { region: "na", marketplaceIds: "ATVPDKIKX0DER", authorizedUntil: String(until) },
  });
  expect(Object.keys(account?.secrets ?? {}), "the app's keys are not the seller's").toEqual([
    "refreshToken",
    "accessToken",
    "accessTokenExpiresAt",
  ]);
  const session = bench.connect({
    settings: account?.settings ?? {},
    secrets: { ...app, ...account?.secrets },
  });
  expect(await session.health()).toEqual({ outcome: "healthy", reconnectBy: until });
});

test("F: the queue is the app's, where a connection has none of its own", async () => {
  const query = await back(pageUrl({ country: "US" }), "allow");
  const consented = await complete(query);
  if (consented.outcome !== "connected") throw new Error(JSON.stringify(consented));
  const [account] = consented.accounts;
  expect(account?.settings.queueUrl).toBeUndefined();
  bench.sandbox.stock([SOCKS]);
  bench.sandbox.buy({ sku: SOCKS.sku, quantity: 1 });
  const secrets = { ...app, ...account?.secrets };
  const session = bench.connect({ settings: account?.settings ?? {}, secrets });
  const received = await session.receive?.(0, new AbortController().signal);
  expect(received).toMatchObject({ deliveries: [{ verification: { outcome: "verified" } }] });
});

test("F: a code is good for one try", async () => {
  const query = await back(pageUrl({ country: "US" }), "allow");
  expect(await complete(query)).toMatchObject({ outcome: "connected" });
  expect(await complete(query)).toMatchObject({
    outcome: "declined",
    why: expect.stringContaining("start again"),
  });
});

test("F: a code is good for minutes", async () => {
  const query = await back(pageUrl({ country: "US" }), "allow");
  bench.clock.advance(6 * 60_000);
  expect(await complete(query)).toMatchObject({ outcome: "declined" });
});

test("F: a seller who does not agree is not connected", async () => {
  const query = await back(pageUrl({ country: "US" }), "deny");
  expect(await complete(query)).toEqual({
    outcome: "declined",
    why: "Amazon says: access_denied",
  });
  expect(await complete({})).toMatchObject({ outcome: "declined" });
});

test("F: a wrong secret of the app is nobody's no: connecting again would not help", async () => {
  const query = await back(pageUrl({ country: "US" }), "allow");
  const answer = await complete(query, { app: { ...app, clientSecret: "another" } });
  expect(answer).toMatchObject({ outcome: "unauthorized", cause: "forbidden" });
});

test("D7: an outage while the code is traded is said to be one", async () => {
  const query = await back(pageUrl({ country: "US" }), "allow");
  bench.sandbox.setFaults({ outage: true });
  expect(await complete(query)).toMatchObject({ outcome: "unavailable" });
});

test("F: where Amazon does not tell the shops, the one that was named is enough", async () => {
  const query = await back(pageUrl({ country: "DE" }), "allow");
  bench.sandbox.setFaults({ throttleNext: 1 });
  const consented = await complete(query, { answers: { country: "DE" } });
  expect(consented).toMatchObject({
    accounts: [{ settings: { region: "eu", marketplaceIds: "A1PA6795UKMFR9" } }],
  });
});

test("F: a seller who started in Amazon's Appstore is sent back there", async () => {
  const amazon_callback_uri = `https://sellercentral.amazon.com/apps/authorize/confirm/${app.applicationId}`;
  const answers = { country: "US", amazon_callback_uri, amazon_state: "theirs" };
  const url = new URL(pageUrl(answers));
  expect(Object.fromEntries(url.searchParams)).toEqual({
    amazon_state: "theirs",
    state: "our-state",
    redirect_uri: RETURN_URL,
  });
  expect(await complete(await back(url.href, "allow"))).toMatchObject({ outcome: "connected" });
});

test.each([
  "https://sellercentral.amazon.com.example.com/apps/authorize/confirm/x",
  "http://sellercentral.amazon.com/apps/authorize/confirm/x",
  "javascript:alert(1)",
  "nowhere",
])("G: nobody is sent on to %s", (amazon_callback_uri) => {
  const answers = { country: "US", amazon_callback_uri, amazon_state: "theirs" };
  expect(new URL(pageUrl(answers)).href).toMatch(
    /^https:\/\/sellercentral\.amazon\.com\/apps\/authorize\/consent\?/,
  );
});

test("F: every country has its own page, and one that is not known has none", () => {
  const [question] = amazonConsent.asks;
  const choices = (question?.choices ?? []).map((one) => one.value);
  expect(choices).toHaveLength(23);
  for (const country of choices) {
    expect(new URL(pageUrl({ country })).host).toBe(COUNTRIES.get(country)?.host);
    expect(country).toMatch(new RegExp(`^(${question?.pattern})$`));
  }
  expect(new Set([...COUNTRIES.values()].map((one) => one.marketplaceId)).size).toBe(23);
  expect(() => pageUrl({ country: "XX" })).toThrow();
});

const ends = (at: number) => ({
  settings: { ...AMAZON_SANDBOX.settings, authorizedUntil: String(at) },
});

test("F: revoked and expired are told apart by the year that a consent lasts", async () => {
  bench.sandbox.setFaults({ revoked: true });
  const before = bench.connect(ends(bench.clock.now() + 1));
  expect(await before.health()).toMatchObject({ outcome: "unauthorized", cause: "revoked" });
  const after = bench.connect(ends(bench.clock.now()));
  expect(await after.health()).toMatchObject({ outcome: "unauthorized", cause: "expired" });
});

test("F: our own secret, not rotated in time, is forbidden, and not the seller's doing", async () => {
  const secrets = { ...bench.account.secrets, clientSecret: "too old" };
  expect(await bench.connect({ secrets }).health()).toEqual({
    outcome: "unauthorized",
    why: "invalid_client",
    cause: "forbidden",
  });
});

test("F: another seller's listings are forbidden", async () => {
  const settings = { ...bench.account.settings, sellerId: "A2OTHER" };
  expect(await bench.connect({ settings }).listings(null)).toMatchObject({
    outcome: "unauthorized",
    cause: "forbidden",
  });
});
