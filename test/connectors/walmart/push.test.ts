import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SHIP_NODE } from "../../../connectors/walmart/sandbox/account.ts";
import type { WalmartState } from "../../../connectors/walmart/sandbox/state.ts";
import {
  type Bench,
  buyOne,
  JACKET,
  lineFor,
  listingOf,
  openChannel,
  PUSH_SEEN_MS,
  SOCKS,
  START,
  SWEEPABLE_MS,
  shownOf,
  sweepAll,
} from "../harness.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("walmart");
  bench.sandbox.stock([JACKET, SOCKS]);
});
afterEach(() => bench.close());

const stateOf = () => bench.sandbox.save() as WalmartState;
const at = (shipNode: string) =>
  bench.connect({ settings: { ...bench.account.settings, shipNode } });

/** The last call's method, path and body. */
async function lastCall() {
  const { request } = bench.calls.at(-1) ?? {};
  if (!request) throw new Error("no call");
  const { pathname, search } = new URL(request.url);
  return { call: `${request.method} ${pathname}${search}`, body: await request.json() };
}

test("F: what is sold there and not yet shipped is part of the number, and is not shown", async () => {
  const row = await listingOf(bench, JACKET.sku);
  buyOne(bench, 3);
  const line = { ...lineFor(row, 7), openUnits: 3 };
  expect(await bench.session.push([line])).toEqual([{ outcome: "accepted" }]);
  expect(await lastCall()).toEqual({
    call: "PUT /v3/inventory?sku=JACKET%2FM%2C%20blue%20%C3%BC%2B",
    body: { sku: JACKET.sku, quantity: { unit: "EACH", amount: 10 } },
  });
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await shownOf(bench.session, row)).toBe(7);
});

test("F: a unit that is shipped is shown again until the number is pushed without it", async () => {
  const row = await listingOf(bench, JACKET.sku);
  const { order } = buyOne(bench, 3);
  expect(await shownOf(bench.session, row)).toBe(7);
  bench.sandbox.ship(order.id, null);
  expect(await shownOf(bench.session, row), "the trap").toBe(10);
  await bench.session.push([{ ...lineFor(row, 7), openUnits: 0 }]);
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await shownOf(bench.session, row)).toBe(7);
});

test("F: whoever cancels for want of stock is shown as having none, and a push puts it right", async () => {
  const row = await listingOf(bench, JACKET.sku);
  const { order } = buyOne(bench, 1);
  await bench.news();
  const [token = ""] = Object.keys(stateOf().tokens);
  const status = { status: "Cancelled", cancellationReason: "SELLER_CANCEL_OUT_OF_STOCK" };
  const orderLine = [{ lineNumber: "1", orderLineStatuses: { orderLineStatus: [status] } }];
  const url = `https://marketplace.walmartapis.com/v3/orders/${order.id}/cancel`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "wm_sec.access_token": token, "wm_qos.correlation_id": "1", "wm_svc.name": "x" },
    body: JSON.stringify({ orderCancellation: { orderLines: { orderLine } } }),
  });
  expect(answer.status).toBe(200);
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await shownOf(bench.session, row)).toBe(0);
  expect(await bench.news(), "a merchant's own cancellation has no event").toEqual([]);
  bench.clock.advance(SWEEPABLE_MS);
  const swept = (await sweepAll(bench.session, START)).flatMap(bench.connector.translate);
  expect(swept.map((one) => one.fact)).toEqual(["sell", "cancel"]);
  await bench.session.push([lineFor(row, 9)]);
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await shownOf(bench.session, row)).toBe(9);
});

test("F: a ship node that is named is set by itself, and read by itself", async () => {
  const row = await listingOf(bench, JACKET.sku);
  const session = at(SHIP_NODE);
  expect(await session.push([{ ...lineFor(row, 4), openUnits: 1 }])).toEqual([
    { outcome: "accepted" },
  ]);
  expect(await lastCall()).toEqual({
    call: "PUT /v3/inventories/JACKET%2FM%2C%20blue%20%C3%BC%2B",
    body: {
      inventories: { nodes: [{ shipNode: SHIP_NODE, inputQty: { unit: "EACH", amount: 5 } }] },
    },
  });
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await shownOf(session, row)).toBe(5);
  expect(await shownOf(at("1"), row), "another node's number is not ours").toBeNull();
});

test("D9: HTTP 200 with a node that failed is no success", async () => {
  const row = await listingOf(bench, JACKET.sku);
  expect(await at("1").push([lineFor(row, 4)])).toEqual([
    { outcome: "rejected", why: "ship node 1: INVALID_SHIP_NODE The ship node is not valid." },
  ]);
  expect(bench.calls.at(-1)?.response.status).toBe(200);
  stateOf().brokenNodes.push(SHIP_NODE);
  const [broken] = await at(SHIP_NODE).push([lineFor(row, 4)]);
  expect(broken).toMatchObject({
    outcome: "unknown",
    why: expect.stringContaining("SYSTEM_ERROR"),
  });
  bench.clock.advance(PUSH_SEEN_MS);
  expect(await shownOf(bench.session, row)).toBe(10);
});

const step = fc.record({
  what: fc.constantFrom("push", "buy", "ship", "cancel", "wait"),
  units: fc.integer({ min: 1, max: 8 }),
});

test("F: whatever happens, what is shown is what was set less what is open", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const rig = openChannel("walmart");
      rig.sandbox.stock([SOCKS]);
      const row = await listingOf(rig, SOCKS.sku);
      let set = SOCKS.quantity;
      for (const { what, units } of steps) {
        const [order = "none"] = Object.keys(rig.sandbox.market().orders).slice(-1);
        const wanted = { sku: SOCKS.sku, quantity: units };
        if (what === "buy") rig.sandbox.buy(wanted);
        if (what === "ship") rig.sandbox.ship(order, [wanted]);
        if (what === "cancel") rig.sandbox.cancel(order, [wanted]);
        if (what === "wait") rig.clock.advance(units * 100);
        if (what !== "push") continue;
        await rig.session.push([{ ...lineFor(row, units), openUnits: openOf(rig) }]);
        set = units + openOf(rig);
      }
      rig.clock.advance(PUSH_SEEN_MS * 10);
      expect(await shownOf(rig.session, row)).toBe(Math.max(0, set - openOf(rig)));
      rig.close();
    }),
    { numRuns: 30 },
  );
});

function openOf(rig: Bench): number {
  return Object.values(rig.sandbox.market().orders)
    .flatMap((order) => order.lines)
    .reduce((sum, line) => sum + line.quantity - line.shipped - line.cancelled, 0);
}
