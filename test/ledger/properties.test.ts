import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertBalanced } from "../../inventory/movement.ts";
import type { Stock } from "../../inventory/stock.ts";
import { checkLedger } from "../../ledger/inspect.ts";
import { history } from "../../ledger/stream.ts";
import { ModelItem } from "./model.ts";
import type { TestLedger } from "./open-ledger.ts";
import { applied, fresh, itemOn, type LooseCommand, numbers, openLedger } from "./open-ledger.ts";

let now = 1_700_000_000_000;
let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openLedger({ now: () => now, partitions: 3 });
});
afterAll(() => ledger.close());

const units = fc.integer({ min: 1, max: 5 });
const id = (kind: string, count: number) =>
  fc.integer({ min: 1, max: count }).map((n) => `${kind}${n}`);
const channel = fc.constantFrom("shopify", "amazon", undefined);
const location = fc.constantFrom("main", "store");
const ttlMs = fc.integer({ min: 1, max: 5_000 });
const order = id("o", 4);
const connection = fc.constant("c1");

const command: fc.Arbitrary<LooseCommand> = fc.oneof(
  fc.record({ type: fc.constant("hold"), hold: id("h", 12), quantity: units, channel, ttlMs }),
  fc.record({
    type: fc.constant("set-hold"),
    hold: id("cart", 3),
    quantity: fc.nat(5),
    revision: fc.integer({ min: 1, max: 12 }),
    share: fc.constantFrom(undefined, { percent: 60, below: 8 }),
    channel: fc.constant("shopify"),
    ttlMs,
  }),
  fc.record({ type: fc.constant("close-hold"), hold: id("cart", 3) }),
  fc.record({
    type: fc.constant("sell"),
    ...{ order, connection, quantity: units, hold: id("cart", 3) },
    channel: fc.constant("shopify"),
  }),
  fc.record({ type: fc.constant("extend"), hold: fc.oneof(id("h", 12), id("cart", 3)), ttlMs }),
  fc.record({ type: fc.constant("release"), hold: id("h", 12) }),
  fc.record({ type: fc.constant("commit"), hold: id("h", 12), order, connection, channel }),
  fc.record({
    type: fc.constantFrom("sell", "cancel"),
    order,
    connection,
    quantity: units,
    channel,
  }),
  fc.record({
    type: fc.constantFrom("ship", "unship"),
    ...{ order, connection, quantity: units, channel, location },
  }),
  fc.record({ type: fc.constant("receive"), location, quantity: units }),
  fc.record({
    type: fc.constant("adjust"),
    bucket: fc.constantFrom("sellable", "damaged", "inspection"),
    location,
    delta: fc.integer({ min: -4, max: 4 }).filter((delta) => delta !== 0),
  }),
  fc.record({
    type: fc.constant("transfer"),
    bucket: fc.constantFrom("sellable", "damaged"),
    ...{ from: fc.constant("main"), to: fc.constant("store"), quantity: units },
  }),
  fc.record({
    type: fc.constant("transfer"),
    bucket: fc.constant("sellable"),
    ...{ from: fc.constant("store"), to: fc.constant("main"), quantity: units },
  }),
  fc.record({
    type: fc.constant("allocate"),
    channel: fc.constantFrom("shopify", "amazon"),
    quantity: fc.integer({ min: -3, max: 6 }).filter((quantity) => quantity !== 0),
  }),
) as fc.Arbitrary<LooseCommand>;

/** Few holds that are taken, extended and given back again and again. */
const claim = fc.oneof(
  fc.record({ type: fc.constant("hold"), hold: id("h", 3), quantity: fc.constant(1), ttlMs }),
  fc.record({ type: fc.constant("extend"), hold: id("h", 3), ttlMs }),
  fc.record({ type: fc.constantFrom("release", "extend"), hold: id("h", 3), ttlMs }),
) as fc.Arbitrary<LooseCommand>;

/** A command, and how long nothing happened before it. */
const step = fc.record({ command, pauseMs: fc.integer({ min: 0, max: 2_000 }) });

const plain = (stock: Stock) => ({ ...stock, version: 0 });

describe("properties of the ledger", () => {
  test("any sequence of commands is answered, and ends, as the rules by the book say", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const item = itemOn(ledger);
        const model = new ModelItem();
        for (const { command, pauseMs } of steps) {
          now += pauseMs;
          const asked = { ...command, shop: item.shop, item: item.item, activity: "" };
          const expected = model.apply(asked as Parameters<ModelItem["apply"]>[0], now);
          expect(await item.ask(command)).toMatchObject(expected);
          expect(plain(await item.stock())).toEqual(model.stock());
        }
      }),
      { numRuns: 60 },
    );
  });

  test("commands that are decided together, on items that share a partition, end the same way", async () => {
    const ask = fc.record({ which: fc.nat(2), command: fc.oneof(claim, claim, command) });
    const burst = fc.record({
      pauseMs: fc.integer({ min: 0, max: 3_000 }),
      asks: fc.array(ask, { minLength: 1, maxLength: 8 }),
      swept: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { minLength: 2, maxLength: 10 }), async (bursts) => {
        const items = neighbours(3);
        const models = items.map(() => new ModelItem());
        const stocked = { type: "receive", location: "main", quantity: 9 } as const;
        for (const [which, item] of items.entries()) {
          await item.do(stocked);
          const asked = { ...stocked, shop: "", item: "", activity: "" };
          models[which]?.apply(asked, now);
        }
        const agree = async () => {
          for (const [which, item] of items.entries()) {
            models[which]?.expire(now);
            expect(plain(await item.stock())).toEqual(models[which]?.stock());
          }
        };
        for (const { pauseMs, asks, swept } of bursts) {
          now += pauseMs;
          if (swept) await ledger.expireDue();
          const expected = asks.map(({ which, command }) => {
            const asked = { ...command, shop: "", item: "", activity: "" };
            return models[which]?.apply(asked as Parameters<ModelItem["apply"]>[0], now);
          });
          const answers = asks.map(({ which, command }) => items[which]?.ask(command));
          expect(await Promise.all(answers)).toMatchObject(expected);
        }
        await agree();
        now += 60_000;
        await ledger.expireDue();
        await agree();
      }),
      { numRuns: 200 },
    );
  });

  test("D8: the same facts in any order, however often, end in the same balances", async () => {
    const fact = fc.record({
      type: fc.constantFrom("sell", "cancel", "ship", "unship"),
      order,
      connection,
      quantity: units,
      location: fc.constant("main"),
    });
    const plan = fc.array(fact, { minLength: 1, maxLength: 12 }).chain((facts) =>
      fc.record({
        facts: fc.constant(facts),
        // Every fact at least once, some again, in an order of their own.
        told: fc
          .array(fc.nat(facts.length - 1), { maxLength: 6 })
          .chain((again) => shuffled([...facts.keys(), ...again])),
        held: fc.uniqueArray(order, { maxLength: 3 }),
        carved: fc.integer({ min: 0, max: 4 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(plan, async ({ facts, told, held, carved }) => {
        const known = facts.map((fact) => ({
          ...fact,
          channel: fact.order === "o1" ? "amazon" : "shopify",
        }));
        const commits = held.map((order) => ({ order, hold: `for-${order}` }));
        const straight = [...known, ...commits];
        const turned = [...commits, ...told.map((index) => known[index])];
        const [a, b] = [
          await play(straight, held, carved),
          await play(turned.reverse(), held, carved),
        ];
        expect(a).toEqual(b);
      }),
      { numRuns: 60 },
    );
  });

  test("invariant 6: after all of it legs sum to balances, and no number is missing", async () => {
    expect(await checkLedger(ledger)).toEqual([]);
    for (const seqs of await numbers(ledger)) {
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    for (const partition of ledger.keys.all()) {
      for await (const entry of history(ledger, partition)) {
        if (entry.kind === "event") assertBalanced(entry.event.legs);
      }
    }
  });
});

function shuffled<T>(values: T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray(values, { minLength: values.length });
}

type Told = { order: string; hold: string } | Record<string, unknown> | undefined;

/** Stocks an item, holds units for some orders, then tells the facts in the order given. */
async function play(told: Told[], held: string[], carved: number): Promise<Stock> {
  const item = itemOn(ledger);
  await item.do({ type: "receive", location: "main", quantity: 50 });
  if (carved > 0) await item.do({ type: "allocate", channel: "amazon", quantity: carved });
  for (const order of held) {
    const channel = order === "o1" ? "amazon" : "shopify";
    const hold = {
      type: "hold",
      hold: `for-${order}`,
      quantity: 2,
      channel,
      ttlMs: 60_000,
    } as const;
    await item.do(hold);
  }
  for (const one of told) {
    const commit = { type: "commit", connection: "c1" };
    const command = one && "hold" in one ? { ...commit, ...one } : one;
    applied(await item.ask({ ...command, activity: fresh("told") } as LooseCommand));
  }
  return plain(await item.stock());
}

/** Items whose commands are decided in one call of the script. */
function neighbours(count: number) {
  const found = [itemOn(ledger)];
  const partition = ({ shop, item }: { shop: string; item: string }) => ledger.keys.of(shop, item);
  while (found.length < count) {
    const item = itemOn(ledger);
    if (found[0] && partition(item) === partition(found[0])) found.push(item);
  }
  return found;
}
