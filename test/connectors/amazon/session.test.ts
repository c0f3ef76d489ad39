import { afterEach, beforeEach, expect, test } from "vitest";
import type { AmazonState } from "../../../connectors/amazon/sandbox/state.ts";
import type { World } from "../../../connectors/connector.ts";
import {
  allListings,
  type Bench,
  JACKET,
  lineFor,
  listingOf,
  openChannel,
  SOCKS,
} from "../harness.ts";

const HOUR_MS = 3_600_000;

let bench: Bench;
let tokens: { accessToken: string; expiresAt: number }[];

beforeEach(() => {
  bench = openChannel("amazon");
  bench.sandbox.stock([JACKET, SOCKS]);
  tokens = [];
});
afterEach(() => bench.close());

/** Keeps what is renewed, as the record would. */
const renewing: World["renewing"] = async (renew) => {
  const renewed = await renew({});
  if (renewed.outcome !== "renewed") throw new Error(JSON.stringify(renewed));
  const { accessToken = "", accessTokenExpiresAt } = renewed.secrets;
  tokens.push({ accessToken, expiresAt: Number(accessTokenExpiresAt) });
  return { outcome: "kept", secrets: renewed.secrets };
};

const remembering = () => bench.connect({}, { renewing });
const stateOf = () => bench.sandbox.save() as AmazonState;

test("F: calls at the same time share one token, which is handed out to be kept", async () => {
  const session = remembering();
  const answers = await Promise.all([1, 2, 3].map(() => session.listings(null)));
  expect(answers.map((one) => one.outcome)).toEqual(["page", "page", "page"]);
  expect(tokens).toEqual([
    { accessToken: expect.stringMatching(/^Atza/), expiresAt: bench.clock.now() + HOUR_MS },
  ]);
});

test("F: a kept token is used until shortly before its end, then a new one is bought", async () => {
  await remembering().listings(null);
  const [kept] = tokens.splice(0);
  const secrets = {
    ...bench.account.secrets,
    accessToken: kept?.accessToken ?? "",
    accessTokenExpiresAt: String(kept?.expiresAt),
  };
  const session = bench.connect({ secrets }, { renewing });
  expect(await session.listings(null)).toMatchObject({ outcome: "page" });
  expect(tokens, "no new one").toEqual([]);
  bench.clock.advance(HOUR_MS - 30_000);
  expect(await session.listings(null)).toMatchObject({ outcome: "page" });
  expect(tokens).toHaveLength(1);
});

test("F: a token refused before its time is renewed once, and the call repeated", async () => {
  const session = remembering();
  await session.listings(null);
  for (const token of Object.keys(stateOf().tokens)) stateOf().tokens[token] = 0;
  expect(await session.listings(null)).toMatchObject({ outcome: "page" });
  expect(tokens).toHaveLength(2);
});

test("F: a refresh token that is no longer good is unauthorized", async () => {
  const secrets = { ...bench.account.secrets, refreshToken: "Atzr|withdrawn" };
  expect(await bench.connect({ secrets }).listings(null)).toEqual({
    outcome: "unauthorized",
    why: "invalid_grant",
    cause: "revoked",
  });
});

test("F: after its burst a push is throttled until the rate allows one more", async () => {
  const row = await listingOf(bench, JACKET.sku);
  const outcomes = [];
  for (let n = 0; n < 6; n += 1) outcomes.push((await bench.session.push([lineFor(row, n)]))[0]);
  expect(outcomes.slice(0, 5)).toEqual(Array(5).fill({ outcome: "accepted" }));
  expect(outcomes[5]).toMatchObject({
    outcome: "throttled",
    retryAt: bench.clock.now() + 200,
    why: expect.stringContaining("QuotaExceeded"),
  });
});

test("F: a verdict of INVALID is a rejection although the call was a success", async () => {
  const row = await listingOf(bench, JACKET.sku);
  expect(await bench.session.push([lineFor(row, -1)])).toEqual([
    { outcome: "rejected", why: expect.stringContaining("90000900") },
  ]);
});

test("F: pushes of one listing land in the order in which they were made", async () => {
  const row = await listingOf(bench, JACKET.sku);
  for (const quantity of [9, 8, 7, 6]) await bench.session.push([lineFor(row, quantity)]);
  bench.clock.advance(1_000);
  expect(bench.sandbox.describe().listings[0]).toMatchObject({ displayed: 6, landing: 0 });
});

test("F: a SKU with a comma is read back like any other", async () => {
  expect(JACKET.sku).toContain(",");
  const rows = await allListings(bench.session);
  const read = await bench.session.readBack(rows);
  expect(read).toMatchObject({ outcome: "read", rows: [{ quantity: 10 }, { quantity: 50 }] });
});

test("F: SKUs with commas are all read in the end, although each takes a call", async () => {
  const many = Array.from({ length: 20 }, (_, n) => ({ ...SOCKS, sku: `SOCKS, size ${n}` }));
  bench.sandbox.stock(many);
  const lines = many.map(({ sku }) => ({ externalId: sku, handle: {} }));
  const first = await bench.session.readBack(lines);
  if (first.outcome !== "throttled") throw new Error(JSON.stringify(first));
  bench.clock.advance(2_000);
  const second = await bench.session.readBack(lines);
  expect(second).toMatchObject({ outcome: "read", rows: many.map(() => ({ quantity: 50 })) });
});

test("F: batches that are read at the same time do not disturb each other", async () => {
  const many = Array.from({ length: 8 }, (_, n) => ({ ...SOCKS, sku: `SOCKS, size ${n}` }));
  bench.sandbox.stock(many);
  const lines = many.map(({ sku }) => ({ externalId: sku, handle: {} }));
  const read = (some: typeof lines) => bench.session.readBack(some);
  const answers = await Promise.all([read(lines.slice(0, 4)), read(lines.slice(2, 8))]);
  expect(answers).toMatchObject([
    { outcome: "read", rows: Array(4).fill({ quantity: 50 }) },
    { outcome: "read", rows: Array(6).fill({ quantity: 50 }) },
  ]);
});

test("F: sellers of one queue name it alike, and each message names its seller, whoever reads", async () => {
  const settings: Record<string, string> = { ...bench.account.settings, sellerId: "A2OTHER" };
  const other = bench.connect({ settings });
  expect(other.queue).toBe(bench.session.queue);
  const elsewhere = { ...settings, queueUrl: `${settings.queueUrl}-2` };
  expect(bench.connect({ settings: elsewhere }).queue).not.toBe(bench.session.queue);
  bench.sandbox.buy({ sku: SOCKS.sku, quantity: 1 });
  expect(await other.receive?.(0, new AbortController().signal)).toMatchObject({
    deliveries: [{ to: bench.account.settings.sellerId, verification: { outcome: "verified" } }],
  });
});

test("D8: a notification that nobody confirmed comes again", async () => {
  bench.sandbox.buy({ sku: SOCKS.sku, quantity: 1 });
  const receive = async () => {
    const answer = await bench.session.receive?.(0, new AbortController().signal);
    if (answer?.outcome !== "received") throw new Error(JSON.stringify(answer));
    return answer.deliveries;
  };
  const [first] = await receive();
  expect(await receive(), "hidden while somebody works on it").toEqual([]);
  bench.clock.advance(30_000);
  const [second] = await receive();
  expect(second?.verification).toEqual(first?.verification);
  await second?.done();
  bench.clock.advance(30_000);
  expect(await receive()).toEqual([]);
});

test("E4: whoever waits at the queue hears of a sale at once", async () => {
  const waiting = bench.session.receive?.(20_000, new AbortController().signal);
  // The call must have arrived before the sale does, or nothing is proved.
  await expect.poll(() => bench.clock.waiting(), { timeout: 20_000 }).toBe(1);
  bench.sandbox.buy({ sku: SOCKS.sku, quantity: 1 });
  expect(await waiting).toMatchObject({ deliveries: [{ verification: { outcome: "verified" } }] });
});

test("F: whoever stops waiting at the queue has received nothing", async () => {
  const stop = new AbortController();
  const waiting = bench.session.receive?.(20_000, stop.signal);
  stop.abort();
  expect(await waiting).toEqual({ outcome: "received", deliveries: [] });
});

test("F: the wrong keys to the queue are unauthorized", async () => {
  const secrets = { ...bench.account.secrets, awsAccessKeyId: "AKIAOTHER" };
  const session = bench.connect({ secrets });
  const answer = await session.receive?.(0, new AbortController().signal);
  expect(answer).toMatchObject({ outcome: "unauthorized" });
});

test("F: the youngest two minutes are not asked for, and not claimed to be known", async () => {
  const since = bench.clock.now() - 60_000;
  expect(await bench.session.ordersSince(since, null)).toMatchObject({
    outcome: "swept",
    messages: [],
    knownTo: bench.clock.now() - 125_000,
  });
});
