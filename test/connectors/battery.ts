import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SandboxChannel } from "../../connectors/sandbox/sandboxes.ts";
import {
  activityIds,
  allListings,
  type Bench,
  JACKET,
  KEPT_ELSEWHERE,
  lineFor,
  listingOf,
  messageOf,
  openBench,
  PUSH_SEEN_MS,
  SOCKS,
  START,
  shownOf,
  sweepAll,
} from "./harness.ts";

/** Later than any marketplace's habit of answering nothing that is too young. */
const SWEEPABLE_MS = 5 * 60_000;

/** What every connector must do, run against its sandbox. */
export function batteryFor(channel: SandboxChannel): void {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench(channel);
    bench.sandbox.stock([JACKET, SOCKS, KEPT_ELSEWHERE]);
  });
  afterEach(() => bench.close());

  describe("listings", () => {
    test("F: a catalogue longer than a page is read to its end, each listing once", async () => {
      const more = Array.from({ length: 130 }, (_, n) => ({
        sku: `SKU-${n}`,
        title: `Item ${n}`,
        quantity: n,
      }));
      bench.sandbox.stock(more);
      const calls = paced(bench);
      const rows = await allListings(calls);
      expect(rows).toHaveLength(133);
      expect(new Set(rows.map((row) => row.externalId)).size).toBe(133);
      expect(rows.find((row) => row.sku === "SKU-77")).toMatchObject({
        title: "Item 77",
        quantity: 77,
        merchantFulfilled: true,
      });
    });

    test("B8: what the marketplace keeps itself is listed, but not as ours to push", async () => {
      const row = await listingOf(bench, KEPT_ELSEWHERE.sku);
      expect(row).toMatchObject({ merchantFulfilled: false, quantity: null });
    });
  });

  describe("pushing", () => {
    test("H5: an accepted push is seen by buyers after the marketplace's own delay", async () => {
      const row = await listingOf(bench, JACKET.sku);
      expect(await bench.session.push([lineFor(row, 7, 10)])).toEqual([{ outcome: "accepted" }]);
      expect(await shownOf(bench.session, row)).toBe(10);
      bench.clock.advance(PUSH_SEEN_MS);
      expect(await shownOf(bench.session, row)).toBe(7);
    });

    test("F: a batch is answered row by row, in its order", async () => {
      const rows = (await allListings(bench.session)).filter((row) => row.merchantFulfilled);
      const batch = rows.map((row, n) => lineFor(row, n + 1));
      for (const some of inBatches(bench, batch)) {
        const results = await bench.session.push(some);
        expect(results).toEqual(some.map(() => ({ outcome: "accepted" })));
      }
      bench.clock.advance(PUSH_SEEN_MS);
      const read = await bench.session.readBack([...rows].reverse());
      expect(read).toMatchObject({
        outcome: "read",
        rows: [...rows].reverse().map((row) => ({
          externalId: row.externalId,
          quantity: rows.indexOf(row) + 1,
        })),
      });
    });

    test("D9: a listing that is gone is rejected alone, with the reason", async () => {
      const row = await listingOf(bench, JACKET.sku);
      const gone = {
        ...row,
        externalId: "999",
        handle: { ...row.handle, sku: "GONE", inventoryItemId: "gid://shopify/InventoryItem/999" },
      };
      const results = [];
      for (const some of inBatches(bench, [lineFor(gone, 1), lineFor(row, 4)])) {
        results.push(...(await bench.session.push(some)));
      }
      expect(results[0]).toMatchObject({ outcome: "rejected", why: expect.stringMatching(/\w/) });
      expect(results[1]).toEqual({ outcome: "accepted" });
      const read = await bench.session.readBack([gone, row]);
      expect(read).toMatchObject({ outcome: "read", rows: [null, { externalId: row.externalId }] });
    });

    test("F: a sale the push did not know of", async () => {
      const row = await listingOf(bench, JACKET.sku);
      bench.sandbox.buy({ sku: JACKET.sku, quantity: 3 });
      const [result] = await bench.session.push([lineFor(row, 10, 10)]);
      bench.clock.advance(PUSH_SEEN_MS);
      const shown = await shownOf(bench.session, row);
      if (bench.connector.abilities.compareAndSet) {
        expect(result, "compared, and refused").toEqual({ outcome: "stale", current: 7 });
        expect(shown).toBe(7);
      } else {
        expect(result, "overwritten: the units are given back").toEqual({ outcome: "accepted" });
        expect(shown).toBe(10);
      }
    });
  });

  describe("trouble", () => {
    test("F: a throttled push says when to come again, and works then", async () => {
      const row = await listingOf(bench, JACKET.sku);
      bench.sandbox.setFaults({ throttleNext: 1 });
      const [result] = await bench.session.push([lineFor(row, 7)]);
      if (result?.outcome !== "throttled") throw new Error(JSON.stringify(result));
      expect(result.retryAt).toBeGreaterThan(bench.clock.now());
      bench.clock.advance(result.retryAt - bench.clock.now());
      expect(await bench.session.push([lineFor(row, 7)])).toEqual([{ outcome: "accepted" }]);
    });

    test("F: a revoked access is unauthorized, for every kind of call", async () => {
      const row = await listingOf(bench, JACKET.sku);
      bench.sandbox.setFaults({ revoked: true });
      const [push] = await bench.session.push([lineFor(row, 7)]);
      expect(push).toMatchObject({ outcome: "unauthorized" });
      expect(await bench.session.readBack([row])).toMatchObject({ outcome: "unauthorized" });
      expect(await bench.session.listings(null)).toMatchObject({ outcome: "unauthorized" });
      const sweep = await bench.session.ordersSince(START - SWEEPABLE_MS, null);
      expect(sweep).toMatchObject({ outcome: "unauthorized" });
    });

    test("D7: an outage is unavailable, and passes", async () => {
      const row = await listingOf(bench, JACKET.sku);
      bench.sandbox.setFaults({ outage: true });
      expect(await bench.session.push([lineFor(row, 7)])).toMatchObject([
        { outcome: "unavailable" },
      ]);
      expect(await bench.session.readBack([row])).toMatchObject({ outcome: "unavailable" });
      bench.sandbox.setFaults({ outage: false });
      expect(await bench.session.push([lineFor(row, 7)])).toEqual([{ outcome: "accepted" }]);
    });

    test("F: an error inside the marketplace leaves a write unknown and a read to be repeated", async () => {
      const row = await listingOf(bench, JACKET.sku);
      bench.sandbox.setFaults({ failNext: 1 });
      expect(await bench.session.push([lineFor(row, 7)])).toMatchObject([{ outcome: "unknown" }]);
      bench.sandbox.setFaults({ failNext: 1 });
      expect(await bench.session.readBack([row])).toMatchObject({ outcome: "unavailable" });
    });

    test("F: a line cut after the write is unknown; the same key again does it once", async () => {
      const row = await listingOf(bench, JACKET.sku);
      bench.sandbox.setFaults({ hangUpNext: 1 });
      const line = lineFor(row, 7, 10);
      expect(await bench.session.push([line])).toMatchObject([{ outcome: "unknown" }]);
      bench.clock.advance(PUSH_SEEN_MS);
      expect(await shownOf(bench.session, row), "it had counted").toBe(7);
      expect(await bench.session.push([line])).toEqual([{ outcome: "accepted" }]);
      bench.clock.advance(PUSH_SEEN_MS);
      expect(await shownOf(bench.session, row)).toBe(7);
    });
  });

  describe("orders", () => {
    test("F: a purchase becomes a message, and the message what happened", async () => {
      const row = await listingOf(bench, JACKET.sku);
      const bought = bench.sandbox.buy({ sku: JACKET.sku, quantity: 2 });
      const [verification] = await bench.news();
      const activities = bench.connector.translate(messageOf(verification));
      expect(activities).toEqual([
        {
          fact: "sell",
          order: bought.outcome === "sold" ? bought.order.id : "",
          listing: row.externalId,
          sku: JACKET.sku,
          quantity: 2,
          at: START,
        },
      ]);
    });

    test("F: shoppers buy what is displayed and nothing more", async () => {
      const sold = () => bench.sandbox.buy({ sku: JACKET.sku, quantity: 4 });
      expect(sold()).toMatchObject({ outcome: "sold" });
      expect(sold()).toMatchObject({ outcome: "sold" });
      expect(sold()).toEqual({ outcome: "refused", displayed: 2 });
      expect(await shownOf(bench.session, await listingOf(bench, JACKET.sku))).toBe(2);
      expect(await bench.news()).toHaveLength(2);
    });

    test("D8: a message that is delivered twice has one id", async () => {
      bench.sandbox.setFaults({ duplicate: 1 });
      bench.sandbox.buy({ sku: JACKET.sku, quantity: 1 });
      const ids = (await bench.news()).map((one) => messageOf(one).externalId);
      expect(ids).toHaveLength(2);
      expect(new Set(ids).size).toBe(1);
    });

    test("D8: a held back message is overtaken, and says the same when it comes", async () => {
      bench.sandbox.setFaults({ delayMs: 60_000 });
      const { order } = buyOne(bench);
      bench.sandbox.setFaults({ delayMs: 0 });
      bench.sandbox.cancel(order.id, null);
      const first = factsOf(bench, await bench.news());
      expect(first).toEqual([
        ["sell", 1],
        ["cancel", 1],
      ]);
      bench.clock.advance(60_000);
      expect(factsOf(bench, await bench.news())).toEqual([["sell", 1]]);
    });

    test("F: a cancelled order takes its units back", async () => {
      const { order } = buyOne(bench, 3);
      await bench.news();
      bench.sandbox.cancel(order.id, null);
      expect(factsOf(bench, await bench.news())).toEqual([
        ["sell", 3],
        ["cancel", 3],
      ]);
    });

    test("F: a part of an order is cancelled where the marketplace allows it", async () => {
      const { order } = buyOne(bench, 3);
      await bench.news();
      const result = bench.sandbox.cancel(order.id, [{ sku: JACKET.sku, quantity: 1 }]);
      if (result.outcome === "not-supported") {
        expect(channel, "the only one that refuses").toBe("amazon");
        expect(await bench.news()).toEqual([]);
        return;
      }
      expect(factsOf(bench, await bench.news())).toEqual([
        ["sell", 3],
        ["cancel", 1],
      ]);
    });

    test("F: what is shipped is told as it goes", async () => {
      const { order } = buyOne(bench, 3);
      bench.sandbox.ship(order.id, [{ sku: JACKET.sku, quantity: 2 }]);
      bench.sandbox.ship(order.id, null);
      const [, some, all] = (await bench.news()).map((one) => factsOf(bench, [one]));
      expect(some).toEqual([
        ["sell", 3],
        ["ship", 2],
      ]);
      expect(all).toEqual([
        ["sell", 3],
        ["ship", 3],
      ]);
    });

    test("F: two lines of one listing are told as one", async () => {
      bench.sandbox.order({
        lines: [
          { sku: JACKET.sku, quantity: 1 },
          { sku: SOCKS.sku, quantity: 4 },
          { sku: JACKET.sku, quantity: 2 },
        ],
      });
      const activities = bench.connector.translate(messageOf((await bench.news())[0]));
      expect(activities.map(({ sku, quantity }) => [sku, quantity])).toEqual([
        [JACKET.sku, 3],
        [SOCKS.sku, 4],
      ]);
    });

    test("F: a message that was lost is found by the sweep, under the same activity ids", async () => {
      bench.sandbox.setFaults({ dropNext: 1 });
      const lost = buyOne(bench, 2).order;
      expect(await bench.news()).toEqual([]);
      const heard = buyOne(bench, 1).order;
      bench.sandbox.ship(heard.id, null);
      const told = (await bench.news()).at(-1);
      bench.clock.advance(SWEEPABLE_MS);
      const swept = await sweepAll(bench.session, START - 1_000);
      const activities = swept.flatMap((message) => bench.connector.translate(message));
      const of = (id: string) =>
        activityIds(
          bench,
          activities.filter(({ order }) => order === id),
        );
      expect(of(lost.id)).toHaveLength(1);
      expect(of(heard.id)).toEqual(activityIds(bench, bench.connector.translate(messageOf(told))));
    });

    test("F: a sweep reads all pages, and the same window again has the same message ids", async () => {
      for (let n = 0; n < 130; n += 1) {
        bench.sandbox.order({ lines: [{ sku: SOCKS.sku, quantity: 1 }] });
        bench.clock.advance(1_000);
      }
      bench.clock.advance(SWEEPABLE_MS);
      const once = await sweepAll(paced(bench), START - 1_000);
      expect(once).toHaveLength(130);
      const again = await sweepAll(paced(bench), START - 1_000);
      expect(again.map((one) => one.externalId)).toEqual(once.map((one) => one.externalId));
      expect(new Set(again.map((one) => one.externalId)).size).toBe(130);
    });

    test("invariant 9: a sweep says up to when it knows, and never beyond now", async () => {
      const since = START - SWEEPABLE_MS;
      const sweep = await bench.session.ordersSince(since, null);
      if (sweep.outcome !== "swept") throw new Error(JSON.stringify(sweep));
      expect(sweep.knownTo).toBeGreaterThan(since);
      expect(sweep.knownTo).toBeLessThanOrEqual(bench.clock.now());
    });
  });

  describe("messages", () => {
    test("G: a message that the marketplace did not send is refused", () => {
      const body = Buffer.from(JSON.stringify({ id: 1, line_items: [] }));
      const headers = { "X-Shopify-Hmac-Sha256": "bm90IGl0", "X-Shopify-Topic": "orders/create" };
      expect(bench.connector.verify({ headers, body }, bench.account)).toMatchObject({
        outcome: "forged",
      });
      expect(bench.connector.verify({ headers: {}, body }, bench.account)).toMatchObject({
        outcome: "forged",
      });
    });

    test("G: no personal data is kept of an order, whoever tells of it", async () => {
      buyOne(bench);
      bench.clock.advance(SWEEPABLE_MS);
      const kept = JSON.stringify([
        await bench.news(),
        await sweepAll(bench.session, START - 1_000),
      ]);
      expect(kept).toContain(JACKET.sku);
      expect(kept).not.toMatch(/Ada|Buyer|example\.com|555|Sample Street|20001|[Pp]ostal/);
    });

    test("G: a payload that is not ours is a defect, not an empty order", () => {
      const message = { externalId: "x", topic: "x", payload: { hello: "world" } };
      expect(() => bench.connector.translate(message)).toThrow();
    });
  });
}

function buyOne(bench: Bench, quantity = 1) {
  const bought = bench.sandbox.buy({ sku: JACKET.sku, quantity });
  if (bought.outcome !== "sold") throw new Error(JSON.stringify(bought));
  return bought;
}

function factsOf(bench: Bench, news: Awaited<ReturnType<Bench["news"]>>) {
  return news
    .flatMap((one) => bench.connector.translate(messageOf(one)))
    .map(({ fact, quantity }) => [fact, quantity]);
}

function inBatches<T>(bench: Bench, lines: T[]): T[][] {
  const size = bench.connector.limits.pushBatch;
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, n) =>
    lines.slice(n * size, (n + 1) * size),
  );
}

/** The session, kept inside the marketplace's limits by letting time pass before each call. */
function paced(bench: Bench): Bench["session"] {
  const { session, clock, connector } = bench;
  const pass = (kind: "listings" | "orders") =>
    clock.advance(Math.ceil(1_000 / connector.limits.calls[kind].perSecond));
  return {
    ...session,
    listings(cursor) {
      pass("listings");
      return session.listings(cursor);
    },
    ordersSince(since, cursor) {
      pass("orders");
      return session.ordersSince(since, cursor);
    },
  };
}
