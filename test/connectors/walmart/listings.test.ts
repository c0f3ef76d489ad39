import { afterEach, beforeEach, expect, test } from "vitest";
import type { ListingRecord, Session } from "../../../connectors/connector.ts";
import type { WalmartState } from "../../../connectors/walmart/sandbox/state.ts";
import { allListings, type Bench, KEPT_ELSEWHERE, openChannel, paced } from "../harness.ts";

const EXPIRED_MS = 3 * 60_000;

let bench: Bench;
beforeEach(() => {
  bench = openChannel("walmart");
});
afterEach(() => bench.close());

const stock = (count: number) =>
  bench.sandbox.stock(
    Array.from({ length: count }, (_, n) => ({
      sku: `SKU-${n}`,
      title: `Item ${n}`,
      quantity: n,
      barcode: String(4_006_381_000_000 + n),
    })),
  );

async function page(session: Session, cursor: string | null) {
  const answer = await session.listings(cursor);
  if (answer.outcome !== "page") throw new Error(JSON.stringify(answer));
  return answer;
}

/** Reads on from a cursor; every listing by its id, as whoever takes them over keeps them. */
async function rest(session: Session, from: string | null): Promise<Map<string, ListingRecord>> {
  const found = new Map<string, ListingRecord>();
  for (let cursor = from; ; ) {
    const { rows, next } = await page(session, cursor);
    for (const row of rows) found.set(row.externalId, row);
    if (next === null) return found;
    cursor = next;
  }
}

test("F: a listing has what it takes to match it, and what buyers can buy", async () => {
  bench.sandbox.stock([
    { sku: "A", title: "Thing A", quantity: 4, barcode: "4006381333931" },
    { sku: "B", title: "Thing B", quantity: 5 },
  ]);
  const [first, second] = await allListings(bench.session);
  expect(first).toEqual({
    externalId: "A",
    sku: "A",
    title: "Thing A",
    quantity: 4,
    barcode: "04006381333931",
    merchantFulfilled: true,
    unpushable: null,
    group: null,
    stockId: null,
    handle: { sku: "A", wpid: expect.stringMatching(/^5/) },
  });
  expect(second?.barcode).toBeNull();
});

test("F: a cursor that is used days later is expired, and the catalogue is read again", async () => {
  stock(90);
  const first = await page(bench.session, null);
  expect(first).toMatchObject({ total: 90 });
  expect(first.rows).toHaveLength(50);
  bench.clock.advance(EXPIRED_MS);
  const found = await rest(bench.connect(), first.next);
  expect(found.size).toBe(90);
  expect(found.get("SKU-77")?.quantity).toBe(77);
});

test("F: a page whose answer was lost is missing at the end, and all is read again", async () => {
  stock(90);
  const first = await page(bench.session, null);
  expect(first.rows).toHaveLength(50);
  bench.sandbox.setFaults({ hangUpNext: 1 });
  expect(await bench.session.listings(first.next)).toMatchObject({ outcome: "unavailable" });
  const found = await rest(bench.session, first.next);
  expect([...found.keys()].sort()).toEqual(Array.from({ length: 90 }, (_, n) => `SKU-${n}`).sort());
});

test("F: quantities whose answer was lost cannot be read on, and are read again", async () => {
  stock(250);
  const first = await page(bench.session, null);
  expect(first.rows, "the shelf is read first, three pages at a time").toEqual([]);
  bench.sandbox.setFaults({ hangUpNext: 1 });
  expect(await bench.session.listings(first.next)).toMatchObject({ outcome: "unavailable" });
  const found = await rest(bench.session, first.next);
  expect(found.size).toBe(250);
  for (const [sku, { quantity }] of found) expect(`SKU-${quantity}`).toBe(sku);
  const refused = bench.calls.filter(({ response }) => response.status === 404);
  expect(refused.map(({ request }) => new URL(request.url).pathname)).toEqual(["/v3/inventories"]);
});

test("F: a catalogue that ends too early again and again is given up, not read for ever", async () => {
  stock(90);
  let cursor = (await page(bench.session, null)).next;
  const outcomes: string[] = [];
  for (let n = 0; n < 40 && cursor !== null; n += 1) {
    bench.clock.advance(EXPIRED_MS);
    const answer = await bench.session.listings(cursor);
    outcomes.push(answer.outcome);
    if (answer.outcome !== "page") break;
    cursor = answer.next;
  }
  expect(outcomes.at(-1)).toBe("unavailable");
});

test("F: a seller without items has none", async () => {
  expect(await page(bench.session, null)).toMatchObject({ rows: [], next: null });
});

test("B8: what Walmart keeps is known by its own list, however long that is", async () => {
  const kept = Array.from({ length: 320 }, (_, n) => ({ ...KEPT_ELSEWHERE, sku: `WFS-${n}` }));
  bench.sandbox.stock([...kept, { sku: "OWN", title: "Own", quantity: 3 }]);
  const rows = await allListings(paced(bench));
  expect(rows).toHaveLength(321);
  expect(rows.filter((row) => row.merchantFulfilled).map((row) => row.sku)).toEqual(["OWN"]);
});

test("F: a retired item is told as what nothing can be pushed to", async () => {
  bench.sandbox.stock([
    { sku: "OLD", title: "Old", quantity: 0 },
    { sku: "HIDDEN", title: "Hidden", quantity: 2 },
  ]);
  const { lifecycles } = bench.sandbox.save() as WalmartState;
  lifecycles.OLD = "RETIRED";
  lifecycles.HIDDEN = "ARCHIVED";
  const rows = await allListings(bench.session);
  expect(rows.map((row) => row.unpushable)).toEqual(["retired on Walmart", "archived on Walmart"]);
});
