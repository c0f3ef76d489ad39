import { expect } from "vitest";
import { type BenchTest, buyOne, factsOf, heardOf, JACKET } from "../harness.ts";

/** What a connector hears of an order that changes. */
export function changesBattery(test: BenchTest): void {
  test("D8: a held back message is overtaken, and says the same when it comes", async ({ rig }) => {
    rig.sandbox.setFaults({ delayMs: 60_000 });
    const { order } = buyOne(rig);
    rig.sandbox.setFaults({ delayMs: 0 });
    rig.sandbox.cancel(order.id, null);
    const now = [
      ["sell", 1],
      ["cancel", 1],
    ];
    expect(await heardOf(rig)).toEqual(now);
    rig.clock.advance(60_000);
    const late = await factsOf(rig, await rig.news());
    // A message that only points at its order says what the order says by then.
    expect(late[0]).toEqual(["sell", 1]);
    expect(now, "nothing new").toEqual(expect.arrayContaining(late));
  });

  test("F: a cancelled order takes its units back", async ({ rig }) => {
    const { order } = buyOne(rig, 3);
    await rig.news();
    rig.sandbox.cancel(order.id, null);
    expect(await heardOf(rig)).toEqual([
      ["sell", 3],
      ["cancel", 3],
    ]);
  });

  test("F: a part of an order is cancelled where the marketplace allows it", async ({ rig }) => {
    const { order } = buyOne(rig, 3);
    await rig.news();
    const result = rig.sandbox.cancel(order.id, [{ sku: JACKET.sku, quantity: 1 }]);
    if (result.outcome === "not-supported") {
      expect(["amazon", "ebay"], "the only ones that refuse").toContain(rig.connector.channel);
      expect(await rig.news()).toEqual([]);
      return;
    }
    expect(await heardOf(rig)).toEqual([
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
