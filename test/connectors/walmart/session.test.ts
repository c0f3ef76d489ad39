import { afterEach, beforeEach, expect, test } from "vitest";
import type { CallName, ToldRate } from "../../../connectors/connector.ts";
import type { WalmartState } from "../../../connectors/walmart/sandbox/state.ts";
import {
  type Bench,
  JACKET,
  lineFor,
  listingOf,
  openChannel,
  SOCKS,
  START,
  SWEEPABLE_MS,
  sweepAll,
} from "../harness.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("walmart");
  bench.sandbox.stock([JACKET, SOCKS]);
});
afterEach(() => bench.close());

const stateOf = () => bench.sandbox.save() as WalmartState;
const pathsCalled = () => bench.calls.map(({ request }) => new URL(request.url).pathname);
const tokensBought = () => pathsCalled().filter((path) => path === "/v3/token").length;

test("F: every call carries what Walmart wants of it, with a trace id of its own", async () => {
  await listingOf(bench, JACKET.sku);
  const calls = bench.calls.filter(({ request }) => !request.url.endsWith("/token"));
  expect(calls.length).toBeGreaterThan(1);
  const ids = calls.map(({ request }) => request.headers.get("WM_QOS.CORRELATION_ID"));
  expect(new Set(ids).size).toBe(calls.length);
  for (const { request } of calls) {
    expect(request.headers.get("WM_SVC.NAME")).toBe("Walmart Marketplace");
    expect(request.headers.get("WM_CONSUMER.CHANNEL.TYPE")).toBe("walmart-sandbox-channel");
    expect(request.headers.get("WM_SEC.ACCESS_TOKEN")).toMatch(/^eyJ/);
    expect(request.headers.get("accept")).toBe("application/json");
    expect(request.headers.get("authorization")).toBeNull();
  }
  const token = bench.calls.find(({ request }) => request.url.endsWith("/token"));
  expect(token?.request.headers.get("WM_PARTNER.ID")).toBe("10001234567");
});

test("F: a token lives 15 minutes, and is renewed a minute before", async () => {
  const row = await listingOf(bench, JACKET.sku);
  bench.clock.advance(13 * 60_000);
  await bench.session.readBack([row]);
  expect(tokensBought()).toBe(1);
  bench.clock.advance(90_000);
  expect(await bench.session.readBack([row])).toMatchObject({ outcome: "read" });
  expect(tokensBought()).toBe(2);
});

test("F: a token refused before its time is renewed once, and the call repeated once", async () => {
  const row = await listingOf(bench, JACKET.sku);
  stateOf().tokens = {};
  expect(await bench.session.push([lineFor(row, 4)])).toEqual([{ outcome: "accepted" }]);
  expect(tokensBought()).toBe(2);
  expect(pathsCalled().filter((path) => path === "/v3/inventory")).toHaveLength(2);
});

test("F: a fresh token that is refused too is not tried for ever", async () => {
  const row = await listingOf(bench, JACKET.sku);
  const state = stateOf();
  Object.defineProperty(state, "tokens", { get: () => ({}), set: () => {} });
  expect(await bench.session.push([lineFor(row, 4)])).toEqual([
    { outcome: "unauthorized", why: "a fresh token was refused", cause: "revoked" },
  ]);
  expect(pathsCalled().filter((path) => path === "/v3/inventory")).toHaveLength(2);
});

test("F: what is left of a limit is told as the calls are made", async () => {
  const told: [CallName, ToldRate][] = [];
  const session = bench.connect({}, { onRate: (call, rate) => told.push([call, rate]) });
  const row = await listingOf(bench, JACKET.sku);
  await session.push([lineFor(row, 4)]);
  await session.push([lineFor(row, 5)]);
  expect(told).toEqual([
    ["push", { left: 199, moreAt: START + 300 }],
    ["push", { left: 198, moreAt: START + 300 }],
  ]);
});

test("F: the 201st push of a minute is told when to come again", async () => {
  const row = await listingOf(bench, JACKET.sku);
  const outcomes: string[] = [];
  for (let n = 0; n < 200; n += 1) {
    const [one] = await bench.session.push([lineFor(row, n)]);
    outcomes.push(one?.outcome ?? "");
  }
  expect(new Set(outcomes)).toEqual(new Set(["accepted"]));
  expect(await bench.session.push([lineFor(row, 1)])).toEqual([
    {
      outcome: "throttled",
      retryAt: START + 300,
      why: expect.stringContaining("REQUEST_THRESHOLD_VIOLATED"),
    },
  ]);
  bench.clock.advance(300);
  expect(await bench.session.push([lineFor(row, 1)])).toEqual([{ outcome: "accepted" }]);
});

test("F: a sweep of several pages sends Walmart's cursor back as it came", async () => {
  for (let n = 0; n < 230; n += 1)
    bench.sandbox.order({ lines: [{ sku: SOCKS.sku, quantity: 1 }] });
  bench.clock.advance(SWEEPABLE_MS);
  const messages = await sweepAll(bench.session, START - 1_000);
  expect(new Set(messages.map((one) => one.externalId)).size).toBe(230);
  const searches = bench.calls
    .map(({ request }) => new URL(request.url))
    .filter(({ pathname }) => pathname === "/v3/orders")
    .map(({ searchParams }) => [searchParams.get("shipNodeType"), searchParams.get("soIndex")]);
  expect(searches).toEqual([
    ["SellerFulfilled", null],
    ["SellerFulfilled", "100"],
    ["SellerFulfilled", "200"],
    ["3PLFulfilled", null],
  ]);
});

test("F: an order that is shipped on its ninth day is found, however long we were away", async () => {
  const lines = [{ sku: SOCKS.sku, quantity: 1 }];
  const old = bench.sandbox.order({ lines, at: START - 9 * 24 * 3_600_000 });
  if (old.outcome !== "sold") throw new Error(JSON.stringify(old));
  bench.sandbox.ship(old.order.id, null);
  bench.clock.advance(SWEEPABLE_MS);
  const facts = (await sweepAll(bench.session, 0)).flatMap(bench.connector.translate);
  expect(facts.map((one) => one.fact)).toEqual(["sell", "ship"]);
});

test("F: an order that is not there any more says nothing, and stops nobody", async () => {
  expect(await bench.session.orders?.(["1", "2"])).toEqual({ outcome: "orders", messages: [] });
});

test("F: an access that may not set stock is told before the first push is", async () => {
  expect(await bench.session.health()).toEqual({ outcome: "healthy", reconnectBy: null });
  bench.sandbox.setFaults({ outage: true });
  expect(await bench.session.health()).toMatchObject({ outcome: "unavailable" });
});
