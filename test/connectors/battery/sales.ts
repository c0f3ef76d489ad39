import { expect } from "vitest";
import {
  activitiesOf,
  type BenchTest,
  JACKET,
  listingOf,
  messageOf,
  SOCKS,
  START,
  shownOf,
} from "../harness.ts";

/** What a connector hears of a sale. */
export function salesBattery(test: BenchTest): void {
  test("F: a purchase becomes a message, and the message what happened", async ({ rig }) => {
    const row = await listingOf(rig, JACKET.sku);
    const bought = rig.sandbox.buy({ sku: JACKET.sku, quantity: 2 });
    const activities = await activitiesOf(rig, await rig.news());
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

  test("F: shoppers buy what is displayed and nothing more", async ({ rig }) => {
    const sold = () => rig.sandbox.buy({ sku: JACKET.sku, quantity: 4 });
    expect(sold()).toMatchObject({ outcome: "sold" });
    expect(sold()).toMatchObject({ outcome: "sold" });
    expect(sold()).toEqual({ outcome: "refused", displayed: 2 });
    expect(await shownOf(rig.session, await listingOf(rig, JACKET.sku))).toBe(2);
    expect(await rig.news()).toHaveLength(2);
  });

  test("D8: a message that is delivered twice has one id", async ({ rig }) => {
    rig.sandbox.setFaults({ duplicate: 1 });
    rig.sandbox.buy({ sku: JACKET.sku, quantity: 1 });
    const ids = (await rig.news()).map((one) => messageOf(one).externalId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test("F: two lines of one listing are told as one", async ({ rig }) => {
    rig.sandbox.order({
      lines: [
        { sku: JACKET.sku, quantity: 1 },
        { sku: SOCKS.sku, quantity: 4 },
        { sku: JACKET.sku, quantity: 2 },
      ],
    });
    const activities = await activitiesOf(rig, await rig.news());
    expect(activities.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      [JACKET.sku, 3],
      [SOCKS.sku, 4],
    ]);
  });
}
