import { expect } from "vitest";
import { type BenchTest, buyOne, factsOf, heardOf, JACKET } from "../harness.ts";

/** What a connector hears of an order that changes. */
export function changesBattery(test: BenchTest): void {
  test("D8: a held back message is overtaken, and says the same when it comes", async ({ rig }) => {
    rig.sandbox.setFaults({ delayMs: 60_000 });
    const { order } = buyOne(rig);
    rig.sandbox.setFaults({ delayMs: 0 });
    rig.sandbox.cancel(order.id, null);
    const first = await factsOf(rig, await rig.news());
    expect(first).toEqual([
      ["sell", 1],
      ["cancel", 1],
    ]);
    rig.clock.advance(60_000);
    expect(await factsOf(rig, await rig.news())).toEqual([["sell", 1]]);
  });

  test("F: a cancelled order takes its units back", async ({ rig }) => {
    const { order } = buyOne(rig, 3);
    await rig.news();
    rig.sandbox.cancel(order.id, null);
    expect(await factsOf(rig, await rig.news())).toEqual([
      ["sell", 3],
      ["cancel", 3],
    ]);
  });

  test("F: a part of an order is cancelled where the marketplace allows it", async ({ rig }) => {
    const { order } = buyOne(rig, 3);
    await rig.news();
    const result = rig.sandbox.cancel(order.id, [{ sku: JACKET.sku, quantity: 1 }]);
    if (result.outcome === "not-supported") {
      expect(rig.connector.channel, "the only one that refuses").toBe("amazon");
      expect(await rig.news()).toEqual([]);
      return;
    }
    expect(await factsOf(rig, await rig.news())).toEqual([
      ["sell", 3],
      ["cancel", 1],
    ]);
  });

  test("F: what is shipped is told as it goes", async ({ rig }) => {
    const { order } = buyOne(rig, 3);
    await rig.news();
    rig.sandbox.ship(order.id, [{ sku: JACKET.sku, quantity: 2 }]);
    expect(await heardOf(rig)).toEqual([
      ["sell", 3],
      ["ship", 2],
    ]);
    rig.sandbox.ship(order.id, null);
    expect(await heardOf(rig)).toEqual([
      ["sell", 3],
      ["ship", 3],
    ]);
  });
}
