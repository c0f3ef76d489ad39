import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { eventsTrim } from "../../../jobs/handlers/events-trim.ts";
import { applyMessage } from "../../../jobs/handlers/inbox-apply.ts";
import type { Persister } from "../../../jobs/persister.ts";
import { drained, expectBalances, must, persisterOf, stockUp } from "./balances.ts";
import { scenarios } from "./scenario.ts";
import { message, openShop, openWorld, silent, type World } from "./world.ts";

let world: World;
let persister: Persister;
let runs = 0;

beforeAll(async () => {
  world = await openWorld();
  persister = persisterOf(world);
});

afterAll(async () => {
  await persister.stop();
  await world.close();
});

/** What becomes of a hold that is taken while the orders come in. */
type HoldFate = "live" | "released" | "committed" | "extended";

const holds = fc.array(
  fc.record({
    sku: fc.constantFrom("tea", "cup", "pot"),
    quantity: fc.integer({ min: 1, max: 5 }),
    fate: fc.constantFrom<HoldFate>("live", "released", "committed", "extended"),
  }),
  { maxLength: 6 },
);

/** Takes a hold and lets its fate happen, each step possibly asked for twice. */
async function live(
  of: World,
  { sku, quantity, fate }: { sku: string; quantity: number; fate: HoldFate },
  id: string,
): Promise<void> {
  const take = { type: "hold", hold: id, activity: `hold/${id}`, quantity } as const;
  await must(of, sku, { ...take, ttlMs: 3_600_000 });
  await must(of, sku, { ...take, ttlMs: 3_600_000 });
  const end = { hold: id, activity: `${fate}/${id}` };
  if (fate === "released") await must(of, sku, { ...end, type: "release" });
  if (fate === "extended") await must(of, sku, { ...end, type: "extend", ttlMs: 7_200_000 });
  if (fate !== "committed") return;
  const order = { order: `cart-${id}`, connection: of.connection.id };
  await must(of, sku, { ...end, ...order, type: "commit" });
}

describe("orders, cancellations, shipments and holds", () => {
  test("D8: any order, repetition and delay of them ends in the same balances", async () => {
    const delays = fc.infiniteStream(fc.nat(5));
    const scenario = scenarios({ min: 1, max: 8 });
    const property = fc.asyncProperty(scenario, holds, delays, async (told, taken, delay) => {
      runs += 1;
      const own = { ...world, ...(await openShop(world.db, `run-${runs}.example`)) };
      await stockUp(own);
      const work = told.messages.map((activities) => async () => {
        await new Promise((done) => setTimeout(done, delay.next().value));
        const id = await message(own, activities);
        const result = await applyMessage(own.deps, id);
        expect(result).toMatchObject({ outcome: "applied" });
      });
      const claims = taken.map((hold, i) => () => live(own, hold, `${runs}-${i}`));
      await Promise.all([...work, ...claims].map((start) => start()));
      const expected = structuredClone(told.expected);
      const held: Record<string, number> = {};
      for (const { sku, quantity, fate } of taken) {
        const line = expected[sku] ?? { committed: 0, shipped: 0 };
        if (fate === "committed") {
          expected[sku] = { ...line, committed: line.committed + quantity };
        } else if (fate !== "released") held[sku] = (held[sku] ?? 0) + quantity;
      }
      await drained(own);
      await expectBalances(own, expected, held);
    });
    await fc.assert(property, { numRuns: 8, endOnFailure: true });
  }, 120_000);

  test("D6: what is recorded and read by all may be trimmed, and changes no balance", async () => {
    await drained(world);
    const { db, ledger } = world;
    const before = await ledger.health();
    const numbered = before.partitions.reduce((sum, { seq }) => sum + seq, 0);
    let dropped = 0;
    // An event that is committed may be acknowledged a moment later.
    await vi.waitUntil(
      async () => {
        dropped += await eventsTrim({ db, ledger, log: silent });
        return dropped >= numbered;
      },
      { timeout: 20_000 },
    );
    expect(dropped).toBe(numbered);
    expect(await ledger.health()).toEqual(before);
    const own = { ...world, ...(await openShop(db, "after-trim.example")) };
    await stockUp(own);
    await drained(own);
    await expectBalances(own, {});
  });
});
