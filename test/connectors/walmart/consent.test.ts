import { afterEach, beforeEach, expect, test } from "vitest";
import { walmartConsent } from "../../../connectors/walmart/consent.ts";
import { WALMART_SANDBOX } from "../../../connectors/walmart/sandbox/account.ts";
import { type Bench, JACKET, openChannel, START } from "../harness.ts";

const YEAR_MS = 365 * 24 * 3_600_000;
const returnUrl = "https://app.example.com/connect/walmart/back";
const { app } = WALMART_SANDBOX;

let bench: Bench;
beforeEach(() => {
  bench = openChannel("walmart");
});
afterEach(() => bench.close());

const world = () => ({ now: bench.clock.now });

/** The merchant's two answers on the consent page, as addresses. */
async function answersOf(keys: Record<string, string> = app) {
  const url = walmartConsent.page({ app: keys, answers: {}, state: "s-1", returnUrl });
  const page = await fetch(url);
  const html = await page.text();
  const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = ""]) =>
    href.replaceAll("&amp;", "&"),
  );
  return { status: page.status, links };
}

const queryOf = (address: string) => Object.fromEntries(new URL(address).searchParams);

const complete = (query: Record<string, string>, url = returnUrl) =>
  walmartConsent.complete({ query, app, answers: {}, returnUrl: url }, world());

test("F: the merchant agrees, and his account works for a year", async () => {
  const { links } = await answersOf();
  const query = queryOf(links[0] ?? "");
  expect(query).toMatchObject({ state: "s-1", type: "auth", sellerId: "10001234567" });
  const consented = await complete(query);
  if (consented.outcome !== "connected") throw new Error(JSON.stringify(consented));
  const [account] = consented.accounts;
  expect(account).toMatchObject({
    account: "10001234567",
    settings: { sellerId: "10001234567" },
    reconnectBy: START + YEAR_MS,
  });
  bench.sandbox.stock([JACKET]);
  const secrets = { ...app, ...account?.secrets };
  const session = bench.connect({ settings: account?.settings ?? {}, secrets });
  expect(await session.listings(null)).toMatchObject({ outcome: "page" });
  expect(await session.health()).toEqual({ outcome: "healthy", reconnectBy: START + YEAR_MS });
});

test("F: a merchant with several fulfillment centers names one, and one with none leaves it", async () => {
  const [question] = walmartConsent.asks;
  const pattern = new RegExp(`^(?:${question?.pattern})$`, "u");
  expect(["", "721407632"].map((answer) => pattern.test(answer))).toEqual([true, true]);
  const { links } = await answersOf();
  const query = queryOf(links[0] ?? "");
  const answers = { shipNode: "721407632" };
  const consented = await walmartConsent.complete({ query, app, answers, returnUrl }, world());
  expect(consented).toMatchObject({
    accounts: [{ settings: { sellerId: "10001234567", shipNode: "721407632" } }],
  });
});

test("F: a code is good once", async () => {
  const { links } = await answersOf();
  const query = queryOf(links[0] ?? "");
  await complete(query);
  expect(await complete(query)).toEqual({
    outcome: "declined",
    why: "Walmart refused the code: invalid_grant",
  });
});

test("F: a code is good for minutes, and for the address it was sent to", async () => {
  const [old, other] = [await answersOf(), await answersOf()];
  const elsewhere = await complete(queryOf(other.links[0] ?? ""), "https://app.example.com/else");
  expect(elsewhere).toMatchObject({ outcome: "declined" });
  bench.clock.advance(10 * 60_000);
  expect(await complete(queryOf(old.links[0] ?? ""))).toMatchObject({ outcome: "declined" });
});

test("F: a merchant who says no, and a code for another app, connect nothing", async () => {
  const { links } = await answersOf();
  expect(await complete(queryOf(links[1] ?? ""))).toEqual({
    outcome: "declined",
    why: "Walmart sent no code",
  });
  const query = { ...queryOf(links[0] ?? ""), clientId: "somebody-else" };
  expect(await complete(query)).toMatchObject({ outcome: "declined" });
});

test("F: an app that Walmart does not know gets no page", async () => {
  expect(await answersOf({ ...app, clientId: "nobody" })).toEqual({ status: 400, links: [] });
});

test("D7: an outage while the code is traded is told as one", async () => {
  const { links } = await answersOf();
  bench.sandbox.setFaults({ outage: true });
  expect(await complete(queryOf(links[0] ?? ""))).toMatchObject({ outcome: "unavailable" });
});

test("F: after the year the access is expired, taken back before that it is revoked", async () => {
  const { links } = await answersOf();
  const consented = await complete(queryOf(links[0] ?? ""));
  if (consented.outcome !== "connected") throw new Error(JSON.stringify(consented));
  const secrets = { ...app, ...consented.accounts[0]?.secrets };
  bench.sandbox.setFaults({ revoked: true });
  const revoked = await bench.connect({ secrets }).listings(null);
  expect(revoked).toMatchObject({ outcome: "unauthorized", cause: "revoked" });
  bench.sandbox.setFaults({ revoked: false });
  bench.clock.advance(YEAR_MS);
  const expired = await bench.connect({ secrets }).listings(null);
  expect(expired).toMatchObject({ outcome: "unauthorized", cause: "expired" });
});
