import { afterEach, beforeEach, expect, test } from "vitest";
import {
  allListings,
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
import { ebayModel } from "./model.ts";

const check = ebayModel();

let bench: Bench;
beforeEach(() => {
  bench = openChannel("ebay");
  bench.sandbox.stock([JACKET, SOCKS]);
});
afterEach(() => bench.close());

const REST = /\/(sell|commerce\/notification|post-order)\//;

/** What the models have against the REST calls so far. */
async function troubles(): Promise<string[]> {
  const found: string[] = [];
  for (const { request, response } of bench.calls.filter((one) => REST.test(one.request.url))) {
    const wrong = (await check?.(request, response)) ?? [];
    found.push(...wrong.map((one) => `${request.method} ${request.url}: ${one}`));
  }
  return found;
}

test("F: every call of ours and every answer of the sandbox keep eBay's models", async () => {
  const rows = await allListings(bench.session);
  const lines = rows.map((row) => lineFor(row, 3));
  await bench.session.push(lines);
  const [first] = lines;
  if (!first) throw new Error("no listing");
  // A row that fares badly makes it a 207.
  await bench.session.push([{ ...first, quantity: -1 }, ...lines.slice(1)]);
  await bench.session.readBack(rows);
  const bought = bench.sandbox.order({ lines: [{ sku: JACKET.sku, quantity: 2 }] });
  const other = bench.sandbox.order({ lines: [{ sku: SOCKS.sku, quantity: 2 }] });
  if (bought.outcome !== "sold" || other.outcome !== "sold") throw new Error("not sold");
  bench.sandbox.cancel(bought.order.id, null);
  bench.sandbox.ship(other.order.id, [{ sku: SOCKS.sku, quantity: 1 }]);
  bench.sandbox.announceReturn(other.order.id, null);
  await bench.news();
  bench.clock.advance(SWEEPABLE_MS);
  expect(await sweepAll(bench.session, START - 1)).toHaveLength(2);
  await bench.session.orders?.([bought.order.id, other.order.id]);
  await bench.session.returnsSince?.(START - 1, null);
  await bench.session.health();
  const statuses = bench.calls.map(({ response }) => response.status);
  expect(statuses).toEqual(expect.arrayContaining([200, 207]));
  expect(await troubles()).toEqual([]);
});

test("F: so do all that make eBay send its messages, and make it stop", async () => {
  const door = "http://door.test/webhooks/ebay/c";
  expect(await bench.session.subscribe?.(door)).toEqual({ outcome: "subscribed" });
  expect(await bench.session.subscribe?.(door)).toEqual({ outcome: "subscribed" });
  expect(await bench.session.unsubscribe?.(door)).toEqual({ outcome: "unsubscribed" });
  const statuses = bench.calls.map(({ response }) => response.status);
  expect(statuses).toEqual(expect.arrayContaining([200, 201, 204, 404]));
  expect(await troubles()).toEqual([]);
});

test("F: so is every refusal of the sandbox", async () => {
  const row = await listingOf(bench, JACKET.sku);
  for (const fault of ["failNext", "throttleNext"] as const) {
    bench.sandbox.setFaults({ [fault]: 1 });
    await bench.session.push([lineFor(row, 3)]);
  }
  await bench.session.readBack([{ ...row, handle: { ...row.handle, sku: "GONE" } }]);
  for (const fault of ["outage", "revoked"] as const) {
    bench.sandbox.setFaults({ [fault]: true });
    await bench.session.readBack([row]);
    bench.sandbox.setFaults({ [fault]: false });
  }
  const statuses = bench.calls.map(({ response }) => response.status);
  expect(statuses).toEqual(expect.arrayContaining([200, 401, 404, 429, 500, 503]));
  expect(await troubles()).toEqual([]);
});

test("F: the model check notices what is wrong", async () => {
  if (!check) return expect(check).toBeNull();
  const url = "https://api.ebay.com/sell/inventory/v1/bulk_update_price_quantity?x=1";
  const body = JSON.stringify({ requests: [{ sku: 5 }] });
  const wrong = new Request(url, { method: "POST", body });
  const found = (await check(wrong, Response.json({ responses: [{ statusCode: "no" }] }))).join(
    "\n",
  );
  expect(found).toMatch(/query x is not known/);
  expect(found).toMatch(/request \/requests\/0\/sku must be string/);
  expect(found).toMatch(/response 200 \/responses\/0\/statusCode/);
});
