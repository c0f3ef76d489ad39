import { setImmediate } from "node:timers/promises";
import { expect } from "vitest";
import type { ListingRecord, PushResult } from "../../../connectors/connector.ts";
import type { Faults } from "../../../connectors/sandbox/faults.ts";
import {
  allListings,
  type Bench,
  type BenchTest,
  buyOne,
  inBatches,
  JACKET,
  lineFor,
  listingOf,
  PUSH_SEEN_MS,
  SOCKS,
  START,
  SWEEPABLE_MS,
  shownOf,
} from "../harness.ts";

/** Bad luck on the way, each with the outcome that the jobs act on. */
export function faultsBattery(test: BenchTest): void {
  answersBattery(test);
  throttlesBattery(test);
  rowsBattery(test);
  othersBattery(test);
}

function answersBattery(test: BenchTest): void {
  test.for([["truncateNext"], ["misshapeNext"]] as const)(
    "F: after %s a write is unknown and had counted, and a read is repeated",
    async ([fault], { rig }) => {
      const row = await listingOf(rig, JACKET.sku);
      rig.sandbox.setFaults({ [fault]: 1 });
      expect(await rig.session.push([lineFor(row, 7, 10)])).toMatchObject([{ outcome: "unknown" }]);
      rig.clock.advance(PUSH_SEEN_MS);
      expect(await shownOf(rig.session, row), "it had counted").toBe(7);
      buyOne(rig);
      rig.clock.advance(SWEEPABLE_MS);
      for (const [name, read] of Object.entries(readsOf(rig, row))) {
        rig.clock.advance(1_000);
        rig.sandbox.setFaults({ [fault]: 1 });
        expect(await read(), name).toMatchObject({ outcome: "unavailable" });
      }
    },
  );

  test("F: an answer that comes late is an answer", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ slowNext: 1, slowMs: 5_000 });
    const results = await whileTimePasses(rig, rig.session.push([lineFor(row, 7, 10)]));
    expect(results).toEqual([{ outcome: "accepted" }]);
  });

  test("F: one that does not come is given up: a write is unknown, a read repeated", async ({
    rig,
  }) => {
    const row = await listingOf(rig, JACKET.sku);
    const hasty = rig.connect({}, { timeoutMs: 60 });
    rig.sandbox.setFaults({ slowNext: 1 });
    expect(await hasty.push([lineFor(row, 7, 10)])).toMatchObject([{ outcome: "unknown" }]);
    rig.clock.advance(PUSH_SEEN_MS);
    expect(await shownOf(rig.session, row), "it had counted").toBe(7);
    rig.sandbox.setFaults({ slowNext: 1 });
    expect(await hasty.readBack([row])).toMatchObject({ outcome: "unavailable" });
    expect(await shownOf(rig.session, row)).toBe(7);
  });

  test("F: a token that ended early is renewed once, and the call made again", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ expireNext: 1 });
    const results = await rig.session.push([lineFor(row, 7, 10)]);
    if (rig.account.secrets.refreshToken === undefined) {
      expect(results, "a key for ever").toMatchObject([{ outcome: "unauthorized" }]);
      return;
    }
    expect(results).toEqual([{ outcome: "accepted" }]);
    rig.sandbox.setFaults({ expireNext: 1 });
    expect(await rig.session.readBack([row])).toMatchObject({ outcome: "read" });
    rig.sandbox.setFaults({ expireNext: 2 });
    const twice = await rig.session.readBack([row]);
    expect(twice, "no third try").toMatchObject({ outcome: "unauthorized" });
  });
}

/** Every kind of call that only asks. */
function readsOf({ session }: Bench, row: ListingRecord) {
  return {
    readBack: () => session.readBack([row]),
    listings: () => session.listings(null),
    orders: () => session.ordersSince(START - SWEEPABLE_MS, null),
    health: () => session.health(),
  };
}

async function whileTimePasses<T>(rig: Bench, work: Promise<T>): Promise<T> {
  let open = true;
  const done = work.finally(() => {
    open = false;
  });
  while (open) {
    rig.clock.advance(100);
    await setImmediate();
  }
  return done;
}

const RETRY_AFTER_MS = 7_000;

function throttlesBattery(test: BenchTest): void {
  test("F: a 429 with Retry-After is heeded to the second", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ retryAfterNext: 2 });
    const retryAt = rig.clock.now() + RETRY_AFTER_MS;
    const throttled = { outcome: "throttled", retryAt };
    if (rig.connector.channel === "corner-shop") return;
    expect(await rig.session.push([lineFor(row, 7)])).toMatchObject([throttled]);
    expect(await rig.session.readBack([row])).toMatchObject(throttled);
    expect(await rig.session.push([lineFor(row, 7)])).toEqual([{ outcome: "accepted" }]);
  });

  test("F: a bare 429 is waited for as long as the connector sees fit", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ bare429Next: 1 });
    const [result] = await rig.session.push([lineFor(row, 7)]);
    if (result?.outcome !== "throttled") throw new Error(JSON.stringify(result));
    expect(result.retryAt).toBeGreaterThan(rig.clock.now());
    expect(result.retryAt - rig.clock.now()).toBeLessThanOrEqual(60_000);
    rig.clock.advance(result.retryAt - rig.clock.now());
    expect(await rig.session.push([lineFor(row, 7)])).toEqual([{ outcome: "accepted" }]);
  });
}

/** Rows pushed as their marketplace takes them; the results in their order. */
async function pushAll(
  rig: Bench,
  quantity: number,
  skus: readonly string[],
): Promise<PushResult[]> {
  const all = (await allListings(rig.session)).filter((row) => skus.includes(row.sku));
  const rows = skus.flatMap((sku) => all.find((row) => row.sku === sku) ?? []);
  const results: PushResult[] = [];
  for (const some of inBatches(rig, rows)) {
    results.push(...(await rig.session.push(some.map((row) => lineFor(row, quantity)))));
  }
  return results;
}

function rowsBattery(test: BenchTest): void {
  test("D9: a row is refused in an otherwise fine batch, with its reason", async ({ rig }) => {
    // Variations of one product, so that they share a call wherever there are batches.
    const product = { product: "SHIRT", quantity: 10 };
    const sizes = ["SHIRT-S", "SHIRT-M", "SHIRT-L", "SHIRT-XL"];
    rig.sandbox.stock(sizes.map((sku) => ({ sku, title: sku, ...product })));
    rig.sandbox.setFaults({ refuseSkus: ["SHIRT-M"] });
    const [s, m, l, xl] = await pushAll(rig, 4, sizes);
    expect([s, l, xl]).toEqual(Array(3).fill({ outcome: "accepted" }));
    expect(m).toMatchObject({ outcome: "rejected", why: expect.stringMatching(/\w{4}/) });
    rig.clock.advance(PUSH_SEEN_MS);
    const shown = rig.sandbox.describe().listings.filter(({ sku }) => sizes.includes(sku));
    expect(shown.map(({ displayed }) => displayed)).toEqual([4, 10, 4, 4]);
    rig.sandbox.setFaults({ refuseSkus: [] });
    expect(await pushAll(rig, 4, ["SHIRT-M"])).toEqual([{ outcome: "accepted" }]);
  });

  test("F: a file tells row by row what became of it", async ({ rig }) => {
    const { bulk } = rig.session;
    if (!bulk) return expect(rig.connector.limits.bulk).toBeUndefined();
    rig.sandbox.setFaults({ refuseSkus: [SOCKS.sku] });
    const rows = [await listingOf(rig, JACKET.sku), await listingOf(rig, SOCKS.sku)];
    const gone = { externalId: "GONE", handle: { sku: "GONE" }, quantity: 1, expected: null };
    const lines = [...rows.map((row) => lineFor(row, 6)), { ...gone, key: "gone" }];
    const submitted = await bulk.submit(lines);
    if (submitted.outcome !== "submitted") throw new Error(JSON.stringify(submitted));
    const early = await bulk.result(submitted.file, lines);
    if (early.outcome !== "processing") throw new Error(JSON.stringify(early));
    expect(early.againAt).toBeGreaterThan(rig.clock.now());
    rig.clock.advance(60_000);
    expect(await bulk.result(submitted.file, lines)).toMatchObject({
      outcome: "processed",
      results: [
        { outcome: "accepted" },
        { outcome: "rejected", why: expect.stringMatching(/\w{4}/) },
        { outcome: "rejected" },
      ],
    });
    const shown = await Promise.all(rows.map((row) => shownOf(rig.session, row)));
    expect(shown).toEqual([6, SOCKS.quantity]);
  });

  test("H5: what is accepted and forgotten is not shown, and shown when pushed again", async ({
    rig,
  }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ ignoreSkus: [JACKET.sku] });
    expect(await rig.session.push([lineFor(row, 7, 10)])).toEqual([{ outcome: "accepted" }]);
    rig.clock.advance(PUSH_SEEN_MS);
    expect(await shownOf(rig.session, row)).toBe(10);
    rig.sandbox.setFaults({ ignoreSkus: [] });
    expect(await rig.session.push([lineFor(row, 7, 7)])).toMatchObject([{ outcome: "accepted" }]);
    rig.clock.advance(PUSH_SEEN_MS);
    expect(await shownOf(rig.session, row)).toBe(7);
  });
}

function othersBattery(test: BenchTest): void {
  test("H5: a number that another tool sets is read back, and overwritten by a push", async ({
    rig,
  }) => {
    const row = await listingOf(rig, JACKET.sku);
    await rig.session.subscribe?.("http://door.test/webhooks/x/y");
    rig.sandbox.edit(JACKET.sku, 25);
    expect(await shownOf(rig.session, row)).toBe(25);
    // Where the marketplace tells of numbers, it tells of this one.
    await rig.news();
    const tells = ["shopify", "amazon", "tiktok"].includes(rig.connector.channel);
    const level = { stockId: row.stockId ?? row.externalId, quantity: 25 };
    expect(rig.levels).toMatchObject(tells ? [level] : []);
    expect(await rig.session.push([lineFor(row, 10, 25)])).toEqual([{ outcome: "accepted" }]);
    rig.clock.advance(PUSH_SEEN_MS);
    expect(await shownOf(rig.session, row)).toBe(10);
  });

  test.for([["outage"], ["revoked"], ["lapsed"]] as const satisfies readonly (readonly [
    keyof Faults,
  ])[])("F: %s ends as it began", async ([fault], { rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.setFaults({ [fault]: true });
    const refused = await rig.connect().readBack([row]);
    expect(["unavailable", "unauthorized"]).toContain(refused.outcome);
    rig.sandbox.setFaults({ [fault]: false });
    expect(await rig.connect().readBack([row])).toMatchObject({ outcome: "read" });
  });
}
