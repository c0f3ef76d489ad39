import { afterEach, beforeEach, expect, test } from "vitest";
import type { Renewed, World } from "../../../connectors/connector.ts";
import { ebay } from "../../../connectors/ebay/connector.ts";
import { ACCEPT_PATH } from "../../../connectors/ebay/sandbox/account.ts";
import { SCOPES } from "../../../connectors/ebay/scopes.ts";
import { type Bench, JACKET, lineFor, listingOf, openChannel, START } from "../harness.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("ebay");
  bench.sandbox.stock([JACKET]);
});
afterEach(() => bench.close());

const YEAR_MS = 365 * 24 * 60 * 60_000;
const returnUrl = "http://door.test/somewhere";

const request = () => ({ app: bench.sandbox.account.app, answers: {}, returnUrl });

/** Follows a link of the consent page, as the merchant's browser would. */
async function answered(link: "allow" | "deny") {
  const page = await fetch(ebay.consent.page({ ...request(), state: "s&t" }));
  const found = new RegExp(`class="${link}" href="([^"]+)"`).exec(await page.text())?.[1] ?? "";
  return new URL(found.replaceAll("&amp;", "&"));
}

const complete = (back: URL) => {
  const query = Object.fromEntries(back.searchParams);
  return ebay.consent.complete({ ...request(), query }, { now: bench.clock.now });
};

test("F: the merchant agrees on eBay's page, and his account is known by its id", async () => {
  const url = new URL(ebay.consent.page({ ...request(), state: "s&t" }));
  expect(url.origin + url.pathname).toBe("https://auth.ebay.com/oauth2/authorize");
  expect(url.searchParams.get("redirect_uri")).toBe(bench.sandbox.account.app.ruName);
  expect(url.searchParams.get("scope")?.split(" ")).toEqual(SCOPES);
  const back = await answered("allow");
  expect(back.origin + back.pathname).toBe(`http://door.test${ACCEPT_PATH}`);
  expect(back.searchParams.get("state")).toBe("s&t");
  const consented = await complete(back);
  if (consented.outcome !== "connected") throw new Error(JSON.stringify(consented));
  const [account] = consented.accounts;
  expect(account).toMatchObject({
    account: "sandboxSellerId01",
    name: "ballast-demo-merchant",
    settings: bench.account.settings,
    reconnectBy: START + 47_304_000_000,
  });
  const secrets = { ...bench.sandbox.account.app, ...account?.secrets };
  const health = await bench.connect({ secrets }).health();
  expect(health).toEqual({ outcome: "healthy", reconnectBy: START + 47_304_000_000 });
  expect(await complete(back), "a code works once").toMatchObject({ outcome: "declined" });
});

test("F: who declines, or comes with a code that is too old, is not connected", async () => {
  expect(await complete(await answered("deny"))).toEqual({
    outcome: "declined",
    why: "access_denied",
  });
  const late = await answered("allow");
  bench.clock.advance(300_000);
  expect(await complete(late)).toMatchObject({ outcome: "declined" });
  bench.sandbox.setFaults({ outage: true });
  expect(await complete(late)).toMatchObject({ outcome: "unavailable" });
});

test("F: a renewal names its scopes, or eBay would take all that sell from it", async () => {
  await listingOf(bench, JACKET.sku);
  const tokens = bench.calls.filter((one) => one.request.url.endsWith("/oauth2/token"));
  const forms = await Promise.all(tokens.map(({ request: one }) => one.text()));
  const [form] = forms.map((text) => new URLSearchParams(text));
  expect(form?.get("grant_type")).toBe("refresh_token");
  expect(form?.get("scope")?.split(" ")).toEqual(SCOPES);
  expect(forms, "one token for all calls").toHaveLength(1);
});

test("F: a token that has only the first scope may not sell", async () => {
  const secrets = { ...bench.account.secrets };
  const granted = await fetch("https://api.ebay.com/identity/v1/oauth2/token", {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${secrets.clientId}:${secrets.clientSecret}`)}` },
    body: new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: secrets.refreshToken ?? "",
    }),
  });
  const { access_token: accessToken } = (await granted.json()) as { access_token: string };
  const kept = { accessToken, accessTokenExpiresAt: String(START + 7_200_000) };
  const session = bench.connect({ secrets: { ...secrets, ...kept } });
  expect(await session.listings(null)).toMatchObject({
    outcome: "unauthorized",
    cause: "forbidden",
  });
});

test("F: access that was taken back and access that has ended are told apart", async () => {
  bench.sandbox.setFaults({ revoked: true });
  expect(await bench.connect().health()).toMatchObject({
    outcome: "unauthorized",
    cause: "revoked",
  });
  const secrets = { ...bench.account.secrets, refreshTokenExpiresAt: String(START - YEAR_MS) };
  expect(await bench.connect({ secrets }).health()).toMatchObject({
    outcome: "unauthorized",
    cause: "expired",
  });
});

test("F: a token that eBay forgot early is renewed once, by its one owner", async () => {
  const renewals: Renewed[] = [];
  const world: Partial<World> = {
    async renewing(renew) {
      const renewed = await renew({ accessToken: "forgotten", accessTokenExpiresAt: "0" });
      renewals.push(renewed);
      if (renewed.outcome !== "renewed") throw new Error(JSON.stringify(renewed));
      return { outcome: "kept", secrets: renewed.secrets };
    },
  };
  const kept = { accessToken: "forgotten", accessTokenExpiresAt: String(START + 7_200_000) };
  const secrets = { ...bench.account.secrets, ...kept };
  const session = bench.connect({ secrets }, world);
  const row = await listingOf(bench, JACKET.sku);
  expect(await session.push([lineFor(row, 4)])).toEqual([{ outcome: "accepted" }]);
  expect(await session.readBack([row])).toMatchObject({ outcome: "read" });
  expect(renewals).toHaveLength(1);
  expect(renewals[0], "the refresh token stays as it is").not.toHaveProperty(
    "secrets.refreshToken",
  );
});

test("F: the app's token stays with the app: what is renewed is the merchant's alone", async () => {
  let renewals = 0;
  const world: Partial<World> = {
    async renewing() {
      renewals += 1;
      return { outcome: "unavailable", why: "nobody renews here" };
    },
  };
  const kept = { accessToken: "any", accessTokenExpiresAt: String(START + 7_200_000) };
  const secrets = { ...bench.account.secrets, ...kept };
  bench.sandbox.order({ lines: [{ sku: JACKET.sku, quantity: 1 }] });
  const [news] = await bench.news();
  expect(news).toMatchObject({ outcome: "verified" });
  const session = bench.connect({ secrets }, world);
  expect(await session.health()).toMatchObject({ outcome: "unavailable" });
  expect(renewals).toBe(1);
});
