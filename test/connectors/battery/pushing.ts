import { expect } from "vitest";
import {
  allListings,
  type BenchTest,
  inBatches,
  JACKET,
  lineFor,
  listingOf,
  PUSH_SEEN_MS,
  shownOf,
} from "../harness.ts";

/** What a connector does with quantities. */
export function pushingBattery(test: BenchTest): void {
  test("H5: an accepted push is seen by buyers after the marketplace's own delay", async ({
    rig,
  }) => {
    const row = await listingOf(rig, JACKET.sku);
    expect(await rig.session.push([lineFor(row, 7, 10)])).toEqual([{ outcome: "accepted" }]);
    expect(await shownOf(rig.session, row)).toBe(10);
    rig.clock.advance(PUSH_SEEN_MS);
    expect(await shownOf(rig.session, row)).toBe(7);
  });

  test("F: a batch is answered row by row, in its order", async ({ rig }) => {
    const rows = (await allListings(rig.session)).filter((row) => row.merchantFulfilled);
    for (const some of inBatches(rig, rows)) {
      const results = await rig.session.push(
        some.map((row) => lineFor(row, rows.indexOf(row) + 1)),
      );
      expect(results).toEqual(some.map(() => ({ outcome: "accepted" })));
    }
    rig.clock.advance(PUSH_SEEN_MS);
    const read = await rig.session.readBack([...rows].reverse());
    expect(read).toMatchObject({
      outcome: "read",
      rows: [...rows].reverse().map((row) => ({
        externalId: row.externalId,
        quantity: rows.indexOf(row) + 1,
      })),
    });
  });

  test("D9: a listing that is gone is rejected alone, with the reason", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    const gone = {
      ...row,
      externalId: "999",
      handle: { ...row.handle, sku: "GONE", inventoryItemId: "gid://shopify/InventoryItem/999" },
    };
    const results = [];
    for (const some of inBatches(rig, [gone, row])) {
      results.push(...(await rig.session.push(some.map((one) => lineFor(one, 4)))));
    }
    expect(results[0]).toMatchObject({ outcome: "rejected", why: expect.stringMatching(/\w/) });
    expect(results[1]).toEqual({ outcome: "accepted" });
    const read = await rig.session.readBack([gone, row]);
    expect(read).toMatchObject({ outcome: "read", rows: [null, { externalId: row.externalId }] });
  });

  test("F: a sale the push did not know of", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    rig.sandbox.buy({ sku: JACKET.sku, quantity: 3 });
    const [result] = await rig.session.push([lineFor(row, 10, 10)]);
    rig.clock.advance(PUSH_SEEN_MS);
    const shown = await shownOf(rig.session, row);
    if (rig.connector.abilities.compareAndSet) {
      expect(result, "found out, and not given back").toEqual({ outcome: "accepted", found: 7 });
      expect(shown).toBe(7);
    } else if (rig.connector.abilities.countsOpenUnits) {
      expect(result, "the marketplace takes it off what it is told").toEqual({
        outcome: "accepted",
      });
      expect(shown).toBe(7);
    } else {
      expect(result, "overwritten: the units are given back").toEqual({ outcome: "accepted" });
      expect(shown).toBe(10);
    }
  });
}
