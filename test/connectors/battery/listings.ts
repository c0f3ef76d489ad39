import { expect } from "vitest";
import { allListings, type BenchTest, KEPT_ELSEWHERE, listingOf, paced } from "../harness.ts";

/** What a connector reads of a catalogue. */
export function listingsBattery(test: BenchTest): void {
  test("F: a catalogue longer than a page is read to its end, each listing once", async ({
    rig,
  }) => {
    const more = Array.from({ length: 130 }, (_, n) => ({
      sku: `SKU-${n}`,
      title: `Item ${n}`,
      quantity: n,
    }));
    rig.sandbox.stock(more);
    const calls = paced(rig);
    const rows = await allListings(calls);
    expect(rows).toHaveLength(133);
    expect(new Set(rows.map((row) => row.externalId)).size).toBe(133);
    expect(rows.find((row) => row.sku === "SKU-77")).toMatchObject({
      title: "Item 77",
      quantity: 77,
      merchantFulfilled: true,
    });
  });

  test("B8: what the marketplace keeps itself is listed, but not as ours to push", async ({
    rig,
  }) => {
    const row = await listingOf(rig, KEPT_ELSEWHERE.sku);
    if (row.merchantFulfilled) {
      expect(rig.connector.channel, "the only one whose listings do not tell").toBe("ebay");
      return;
    }
    expect(row).toMatchObject({ merchantFulfilled: false, quantity: null });
  });
}
