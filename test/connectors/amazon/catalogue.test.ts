import { afterEach, beforeEach, expect, test } from "vitest";
import type { AmazonState } from "../../../connectors/amazon/sandbox/state.ts";
import type { ListingRecord, Session } from "../../../connectors/connector.ts";
import { type Bench, JACKET, KEPT_ELSEWHERE, listingOf, openChannel, SOCKS } from "../harness.ts";
import { modelTroubles, pathsOf } from "./checked.ts";

let bench: Bench;
beforeEach(() => {
  bench = openChannel("amazon");
});
afterEach(() => bench.close());

const stateOf = () => bench.sandbox.save() as AmazonState;

function stockMany(count: number, kept = 0): void {
  bench.sandbox.stock([
    JACKET,
    ...Array.from({ length: count - 1 }, (_, n) => ({
      sku: `MANY-${n}`,
      title: `Item ${n} "in quotes"`,
      quantity: n % 7,
      ...(n < kept ? { merchantFulfilled: false } : {}),
    })),
  ]);
}

/** Reads to the end as a job would: no sooner than told, and from the cursor it has. */
async function readAll(open: () => Session): Promise<{ rows: ListingRecord[]; totals: unknown[] }> {
  const rows: ListingRecord[] = [];
  const totals = new Set<unknown>();
  let cursor: string | null = null;
  for (let calls = 0; calls < 500; calls += 1) {
    const page = await open().listings(cursor);
    if (page.outcome === "preparing") {
      bench.clock.advance(Math.max(0, page.againAt - bench.clock.now()));
      cursor = page.cursor;
    } else if (page.outcome === "throttled") {
      bench.clock.advance(page.retryAt - bench.clock.now());
    } else if (page.outcome === "page") {
      rows.push(...page.rows);
      totals.add(page.total);
      cursor = page.next;
      if (cursor === null) return { rows, totals: [...totals] };
      bench.clock.advance(200);
    } else throw new Error(JSON.stringify(page));
  }
  throw new Error("no end");
}

test("F: a catalogue beyond the thousand that a search can page through comes as a report", async () => {
  stockMany(1_030);
  const { rows, totals } = await readAll(() => bench.session);
  expect(new Set(rows.map((row) => row.externalId)).size).toBe(1_030);
  expect(rows).toHaveLength(1_030);
  expect(totals).toEqual([1_030]);
  expect(rows[0]).toMatchObject({ sku: JACKET.sku, quantity: 10, merchantFulfilled: true });
  expect(rows[6]).toMatchObject({ title: 'Item 5 "in quotes"', quantity: 5 });
  const documents = pathsOf(bench).filter((path) => path.includes("/documents/"));
  expect(documents, "one session fetches it once").toHaveLength(1);
  expect(await modelTroubles(bench)).toEqual([]);
});

test("F: an import goes on in another process where it was, also from a report", async () => {
  stockMany(1_030);
  let pages = 0;
  const later = bench.connect();
  const open = () => {
    pages += 1;
    return pages > 12 ? later : bench.session;
  };
  const { rows } = await readAll(open);
  expect(rows).toHaveLength(1_030);
  expect(new Set(rows.map((row) => row.externalId)).size).toBe(1_030);
});

test("F: where Amazon fails at the report, the catalogue is searched in slices", async () => {
  stockMany(1_030);
  const first = await bench.session.listings(null);
  if (first.outcome !== "preparing") throw new Error(JSON.stringify(first));
  for (const report of Object.values(stateOf().reports)) report.ending = "FATAL";
  bench.clock.advance(first.againAt - bench.clock.now());
  const rows: ListingRecord[] = [];
  let cursor: string | null = first.cursor;
  while (cursor !== null) {
    const page: Awaited<ReturnType<Session["listings"]>> = await bench.session.listings(cursor);
    if (page.outcome === "page") rows.push(...page.rows);
    else if (page.outcome !== "preparing") throw new Error(JSON.stringify(page));
    cursor = page.outcome === "page" ? page.next : page.cursor;
    bench.clock.advance(200);
  }
  // The first of a slice may be the last of the one before it.
  expect(new Set(rows.map((row) => row.externalId)).size).toBe(1_030);
  expect(rows.length).toBeLessThanOrEqual(1_031);
});

test("F: a report that Amazon has forgotten is ordered again", async () => {
  stockMany(1_030);
  const cursor = JSON.stringify({ by: "report", id: "1", from: 500 });
  expect(await bench.session.listings(cursor)).toMatchObject({ outcome: "preparing" });
  expect(Object.keys(stateOf().reports)).toHaveLength(1);
});

test("B8: what Amazon keeps is counted by what it can ship, 50 SKUs a call, within its rate", async () => {
  stockMany(1_030, 300);
  const { rows } = await readAll(() => bench.session);
  const kept = rows.filter((row) => !row.merchantFulfilled);
  expect(kept).toHaveLength(300);
  expect(kept.slice(0, 9).map((row) => row.quantity)).toEqual([0, 1, 2, 3, 4, 5, 6, 0, 1]);
  const counts = bench.calls.filter(({ request }) => request.url.includes("/fba/inventory"));
  expect(counts).toHaveLength(7);
  expect(counts.every(({ response }) => response.status === 200)).toBe(true);
});

test("B8: where counting must wait, nothing is asked for twice", async () => {
  const commas = Array.from({ length: 4 }, (_, n) => ({ ...KEPT_ELSEWHERE, sku: `KEPT,${n}` }));
  bench.sandbox.stock([SOCKS, ...commas]);
  const throttled = await bench.session.listings(null);
  expect(throttled).toMatchObject({ outcome: "throttled", retryAt: bench.clock.now() + 500 });
  bench.clock.advance(1_000);
  const page = await bench.session.listings(null);
  expect(page).toMatchObject({
    outcome: "page",
    rows: [{}, ...commas.map(() => ({ quantity: 5 }))],
  });
  const searches = pathsOf(bench).filter((path) => path.includes("/listings/"));
  expect(searches).toHaveLength(1);
  expect(pathsOf(bench).filter((path) => path.includes("/fba/"))).toHaveLength(4);
});

test("F: a listing's barcode is read where Amazon has one", async () => {
  bench.sandbox.stock([{ ...SOCKS, barcode: "4006381333931" }, JACKET]);
  expect((await listingOf(bench, SOCKS.sku)).barcode).toBe("4006381333931");
  expect((await listingOf(bench, JACKET.sku)).barcode).toBeNull();
});
