import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Account, World } from "../../../connectors/connector.ts";
import type { Consented } from "../../../connectors/consent.ts";
import { call } from "../../../connectors/http.ts";
import { exchangeSessionToken, shopifyConsent } from "../../../connectors/shopify/consent.ts";
import { SHOPIFY_SANDBOX } from "../../../connectors/shopify/sandbox/account.ts";
import { MAIN } from "../../../connectors/shopify/sandbox/variants.ts";
import { type Bench, JACKET, openChannel } from "../harness.ts";

const DAY_MS = 24 * 60 * 60_000;
const { app } = SHOPIFY_SANDBOX;
const shop = SHOPIFY_SANDBOX.account;
const request = { app, answers: { shop }, returnUrl: "https://ballast.example.com/connected" };

let bench: Bench;
let world: World;
beforeEach(() => {
  bench = openChannel("shopify");
  bench.sandbox.stock([JACKET]);
  world = { now: bench.clock.now };
});
afterEach(() => bench.close());

/** Where the sandbox's page sends the merchant when he clicks. */
async function clicked(answer: "allow" | "deny"): Promise<Record<string, string>> {
  const page = await call({}, shopifyConsent.page({ ...request, state: "s-1" }));
  const [, href = ""] =
    new RegExp(`class="${answer}" href="([^"]+)"`).exec(await page.text()) ?? [];
  const url = new URL(href.replaceAll("&amp;", "&"));
  expect(url.origin + url.pathname).toBe(request.returnUrl);
  return Object.fromEntries(url.searchParams);
}

const complete = (query: Record<string, string>) =>
  shopifyConsent.complete({ ...request, query }, world);

function connectedOne(consented: Consented) {
  if (consented.outcome !== "connected") throw new Error(JSON.stringify(consented));
  const [account] = consented.accounts;
  if (!account || consented.accounts.length > 1) throw new Error("one shop is one account");
  return account;
}

/** A session with what a consent handed out, and the app's keys beside it. */
function openWith(secrets: Record<string, string>, more: Partial<World> = {}) {
  return bench.connect({ secrets: { ...app, ...secrets } }, more);
}

test("F: a merchant who agrees comes back with a code, and it with tokens that end", async () => {
  const query = await clicked("allow");
  expect(query.state).toBe("s-1");
  const account = connectedOne(await complete(query));
  expect(account).toMatchObject({
    account: shop,
    settings: { shop, locationId: SHOPIFY_SANDBOX.settings.locationId },
    secrets: { accessTokenExpiresAt: String(bench.clock.now() + 3_600_000) },
    reconnectBy: bench.clock.now() + 90 * DAY_MS,
  });
  expect(
    account.settings,
    "a fulfilment service's location is not to be chosen",
  ).not.toHaveProperty("locationIds");
  expect(Object.keys(account.secrets), "the app's own keys are not kept with it").not.toContain(
    "clientSecret",
  );
  expect(await openWith(account.secrets).health()).toEqual({
    outcome: "healthy",
    reconnectBy: account.reconnectBy,
  });
});

test("F: a merchant who does not agree has declined", async () => {
  expect(await complete(await clicked("deny"))).toMatchObject({ outcome: "declined" });
});

test("F: a code is good once", async () => {
  const query = await clicked("allow");
  expect(await complete(query)).toMatchObject({ outcome: "connected" });
  expect(await complete(query)).toMatchObject({ outcome: "declined" });
});

const signed = (query: Record<string, string>): Record<string, string> => {
  const text = Object.keys(query)
    .sort()
    .map((name) => `${name}=${encodeURIComponent(query[name] ?? "")}`)
    .join("&");
  const hmac = createHmac("sha256", app.clientSecret ?? "")
    .update(text)
    .digest("hex");
  return { ...query, hmac };
};

const back = { code: "c", shop, state: "s a+b", timestamp: "1" };
const forged: [title: string, query: Record<string, string>, why: RegExp][] = [
  ["no signature", back, /sign/],
  ["a signature that is none", { ...back, hmac: "zz" }, /sign/],
  ["another code than was signed", { ...signed(back), code: "d" }, /sign/],
  ["something added", { ...signed(back), extra: "1" }, /sign/],
  ["another shop", signed({ ...back, shop: "two.myshopify.com" }), /another shop/],
  ["a shop behind a shop", signed({ ...back, shop: `${shop}.example.com` }), /another shop/],
  ["a shop with a line more", signed({ ...back, shop: `${shop}\n` }), /another shop/],
  ["no code", signed({ shop, timestamp: "1" }), /no code/],
  ["a code nobody was given", signed(back), /refused the code/],
];

test.each(forged)("G: what comes back is refused: %s", async (_title, query, why) => {
  expect(await complete(query)).toEqual({
    outcome: "declined",
    why: expect.stringMatching(why),
  });
});

test("G: an app without a secret trusts no signature", async () => {
  const hmac = createHmac("sha256", "").update(`code=c&shop=${shop}`).digest("hex");
  const answer = { ...request, app: {}, query: { code: "c", shop, hmac } };
  expect(await shopifyConsent.complete(answer, world)).toMatchObject({ outcome: "declined" });
});

function sessionToken(claims: object = {}, secret = app.clientSecret ?? ""): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = bench.clock.now() / 1_000 + 60;
  const body = { aud: app.clientId, dest: `https://${shop}`, sub: "1", exp, ...claims };
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(body)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

const exchange = (token: string) =>
  exchangeSessionToken({ shop, sessionToken: token, app: { ...app } }, world);

test("G: inside Shopify's admin a session token is exchanged for the same kind of account", async () => {
  const account = connectedOne(await exchange(sessionToken()));
  expect(account.settings).toMatchObject({ shop, locationId: expect.stringContaining("gid://") });
  expect(account.reconnectBy).toBe(bench.clock.now() + 90 * DAY_MS);
  const health = await openWith(account.secrets).health();
  expect(health).toMatchObject({ outcome: "healthy" });
});

test("G: a session token that is too old or not ours is declined, with what to do", async () => {
  const old = sessionToken({ exp: bench.clock.now() / 1_000 - 1 });
  const why = expect.stringContaining("App Bridge");
  expect(await exchange(old)).toEqual({ outcome: "declined", why });
  expect(await exchange(sessionToken({}, "guess"))).toEqual({ outcome: "declined", why });
  expect(await exchange(sessionToken({ aud: "another-app" }))).toMatchObject({ why });
  const elsewhere = { shop: "evil.example.com", sessionToken: sessionToken(), app: { ...app } };
  expect(await exchangeSessionToken(elsewhere, world)).toMatchObject({ outcome: "declined" });
});

test("D7: an outage during consent is unavailable, and nothing is half connected", async () => {
  const query = await clicked("allow");
  bench.sandbox.setFaults({ outage: true });
  expect(await complete(query)).toMatchObject({ outcome: "unavailable" });
});

async function connected() {
  return connectedOne(await complete(await clicked("allow"))).secrets;
}

test("F: a token is renewed before its end, and the refresh token with it", async () => {
  const secrets = await connected();
  const kept: Record<string, string>[] = [];
  const renewing: World["renewing"] = async (renew) => {
    const renewed = await renew(kept.at(-1) ?? secrets);
    if (renewed.outcome === "fresh") return { outcome: "kept", secrets: kept.at(-1) ?? secrets };
    if (renewed.outcome !== "renewed") return renewed;
    kept.push({ ...secrets, ...renewed.secrets });
    return { outcome: "kept", secrets: kept.at(-1) ?? secrets };
  };
  const session = openWith(secrets, { renewing });
  bench.clock.advance(3_600_000 - 59_000);
  const health = await Promise.all([session.health(), session.health(), session.listings(null)]);
  expect(health.map((one) => one.outcome)).toEqual(["healthy", "healthy", "page"]);
  expect(kept, "calls at the same time share one renewal").toHaveLength(1);
  expect(kept[0]?.refreshToken).not.toBe(secrets.refreshToken);
  expect(health[0]).toEqual({
    outcome: "healthy",
    reconnectBy: bench.clock.now() + 90 * DAY_MS,
  });
  const late = openWith(secrets, { renewing });
  expect(await late.health(), "whoever comes later finds it done").toMatchObject({
    outcome: "healthy",
  });
  expect(kept).toHaveLength(1);
});

test("F: a refresh token is good again until its successor was used, and then never more", async () => {
  const secrets = await connected();
  bench.clock.advance(3_600_000);
  const first = openWith(secrets);
  expect(await first.health()).toMatchObject({ outcome: "healthy" });
  const second = openWith(secrets);
  expect(await second.health(), "its answer may have been lost").toMatchObject({
    outcome: "healthy",
  });
  bench.clock.advance(3_600_000);
  expect(await second.health()).toMatchObject({ outcome: "healthy" });
  expect(await openWith(secrets).health()).toMatchObject({ outcome: "unauthorized" });
});

test("F: nothing renewed for 90 days is expired; an app that was removed is revoked", async () => {
  const secrets = await connected();
  const session = openWith(secrets);
  bench.sandbox.setFaults({ revoked: true });
  expect(await session.health()).toMatchObject({ outcome: "unauthorized", cause: "revoked" });
  bench.sandbox.setFaults({ revoked: false });
  bench.clock.advance(91 * DAY_MS);
  expect(await openWith(secrets).health()).toMatchObject({
    outcome: "unauthorized",
    cause: "expired",
  });
});

test("F: a token that ends early is worth one renewal", async () => {
  const secrets = await connected();
  const session = openWith({ ...secrets, accessToken: "shpat_unknown" });
  expect(await session.health()).toMatchObject({ outcome: "healthy" });
});

test("F: a custom app's token without an end works as it is, and is revoked when refused", async () => {
  const account: Partial<Account> = {
    secrets: { accessToken: bench.account.secrets.accessToken ?? "" },
  };
  const session = bench.connect(account);
  bench.clock.advance(400 * DAY_MS);
  expect(await session.health()).toEqual({ outcome: "healthy", reconnectBy: null });
  bench.sandbox.setFaults({ revoked: true });
  expect(await session.health()).toMatchObject({ outcome: "unauthorized", cause: "revoked" });
});

test("F: a shop without a location that ships is told so", async () => {
  MAIN.fulfillsOnlineOrders = false;
  const consented = await complete(await clicked("allow"));
  MAIN.fulfillsOnlineOrders = true;
  expect(consented).toEqual({ outcome: "declined", why: expect.stringContaining("location") });
});
