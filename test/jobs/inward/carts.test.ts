import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CartActivity, OrderActivity } from "../../../inventory/activity.ts";
import { DEFAULT_HOLD_TERMS } from "../../../inventory/hold-terms.ts";
import { applyMessage } from "../../../jobs/handlers/inbox-apply.ts";
import type { Persister } from "../../../jobs/persister.ts";
import { saveHoldTerms } from "../../../prisma/hold-settings.ts";
import { drained, expectBalances, persisterOf, stockUp } from "./balances.ts";
import { activity } from "./fake-connector.ts";
import { hear, message, openShop, openWorld, SKUS, type World } from "./world.ts";

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

type Lines = Partial<Record<(typeof SKUS)[number], number>>;

const HOUR = { ttlMs: 3_600_000, longestMs: 3_600_000 };

/** The storefront says what is in a cart. */
function follow(of: World, cart: string, revision: number, lines: Lines, ttlMs = HOUR.ttlMs) {
  const held = Object.entries(lines).map(([sku, quantity]) => {
    return { item: of.items[sku] ?? "", quantity };
  });
  return of.deps.carts.follow({
    ...{ shop: of.shop, cart, revision, lines: held, channel: "fake", actor: "storefront" },
    ...{ source: "storefront", terms: { ...HOUR, ttlMs } },
  });
}

const told = (fact: OrderActivity["fact"], order: string, lines: Lines, cart: string) =>
  Object.entries(lines).map(([sku, quantity]) => {
    return { ...activity(fact, order, `L-${sku}`, quantity), cart };
  });

async function heldUnits({ ledger, shop, items }: World, sku: string): Promise<number> {
  const stock = await ledger.stock(shop, items[sku] ?? "");
  if ("outcome" in stock) throw new Error(stock.why);
  return stock.held;
}

/** A shop of its own, with stock. */
async function ownShop(): Promise<World> {
  runs += 1;
  const own = { ...world, ...(await openShop(world.db, `cart-run-${runs}.example`)) };
  await stockUp(own);
  return own;
}

const some = (minKeys: number): fc.Arbitrary<Lines> =>
  fc.dictionary(fc.constantFrom(...SKUS), fc.integer({ min: 1, max: 4 }), { minKeys });

/** What happens to one cart: how it changed, and whether an order came of it. */
const story = fc.record({
  changes: fc.array(some(0), { minLength: 1, maxLength: 4 }),
  /** Nobody extended it: it has expired by the end. */
  expires: fc.boolean(),
  extended: fc.boolean(),
  order: fc.option(fc.record({ lines: some(1), cancelled: fc.boolean() }), { nil: undefined }),
});

describe("carts and the orders that come of them", () => {
  test("C1 D8: any order, repetition and delay of them ends in the same balances", async () => {
    const many = fc.array(story, { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(many, fc.infiniteStream(fc.nat(1_000)), async (all, dice) => {
      const roll = () => dice.next().value ?? 0;
      const own = await ownShop();
      const expected: Record<string, { committed: number; shipped: number }> = {};
      const held: Record<string, number> = {};
      const facts = all.flatMap(({ changes, expires, extended, order }, at) => {
        const cart = `cart_${runs}-${at}`;
        const name = `order-${at}`;
        const last = changes.at(-1) ?? {};
        for (const [sku, units] of Object.entries(order ? {} : last)) {
          if (!expires) held[sku] = (held[sku] ?? 0) + units;
        }
        for (const [sku, units] of Object.entries(order?.cancelled ? {} : (order?.lines ?? {}))) {
          expected[sku] = { committed: (expected[sku]?.committed ?? 0) + units, shipped: 0 };
        }
        const ttlMs = expires ? 1 : undefined;
        return [
          ...changes.map((one, n) => () => follow(own, cart, n + 1, one, ttlMs)),
          ...(extended && !expires ? [() => own.deps.carts.extend(own.shop, cart, HOUR)] : []),
          ...(order ? [() => hear(own, told("sell", name, order.lines, cart))] : []),
          ...(order?.cancelled ? [() => hear(own, told("cancel", name, order.lines, cart))] : []),
        ];
      });
      const again = facts.filter(() => roll() % 3 === 0);
      const shuffled = [...facts, ...again]
        .map((run) => ({ run, key: roll() }))
        .sort((a, b) => a.key - b.key);
      await Promise.all(
        shuffled.map(async ({ run }, at) => {
          // Some at once, some one after the other.
          await new Promise((done) => setTimeout(done, Math.floor(at / 3)));
          expect(["held", "ordered", "over", "applied"]).toContain((await run()).outcome);
        }),
      );
      await new Promise((done) => setTimeout(done, 5));
      await own.ledger.expireDue();
      await drained(own);
      await expectBalances(own, expected, held);
    });
    await fc.assert(property, { numRuns: 12, endOnFailure: true });
  }, 120_000);

  test("C1: an order takes over what its cart holds in one movement, and oversells nothing", async () => {
    const own = await ownShop();
    await follow(own, "cart_all", 1, { tea: 1_000, cup: 5 });
    const heard = await hear(own, told("sell", "o1", { tea: 1_000 }, "cart_all"));
    expect(heard).toMatchObject({ outcome: "applied", oversold: 0 });
    await drained(own);
    // The cups were not bought: their hold ends with the cart.
    await expectBalances(own, { tea: { committed: 1_000, shipped: 0 } });
    const tea = { shopId: own.shop, itemId: own.items.tea ?? "" };
    const sold = await own.db.movement.findFirstOrThrow({ where: { ...tea, type: "sell" } });
    expect(sold.holdId).toBe(`cart_all.${own.items.tea}`);
    expect(await own.db.hold.findFirstOrThrow({ where: tea })).toMatchObject({
      ...{ state: "committed", actor: "storefront", quantity: 1_000 },
    });
  });

  test("C1: an order after its hold expired is a plain sale, and says by how much it oversells", async () => {
    const own = await ownShop();
    await follow(own, "cart_late", 1, { pot: 600 }, 1);
    await new Promise((done) => setTimeout(done, 5));
    await follow(own, "cart_quick", 1, { pot: 1_000 });
    const heard = await hear(own, told("sell", "o2", { pot: 600 }, "cart_late"));
    expect(heard).toMatchObject({ outcome: "applied", oversold: 600 });
  });

  test("C1: a cart that became an order holds no more, whoever tells of it afterwards", async () => {
    const own = await ownShop();
    await hear(own, told("sell", "o3", { tea: 2 }, "cart_done"));
    expect(await follow(own, "cart_done", 9, { tea: 2 })).toEqual({ outcome: "ordered" });
    expect(await heldUnits(own, "tea")).toBe(0);
  });

  test("C1: what grows is held whole or not at all, what shrinks is given back all the same", async () => {
    const own = await ownShop();
    await follow(own, "cart_a", 1, { tea: 3, cup: 990 });
    await follow(own, "cart_b", 1, { tea: 2, pot: 1 });
    const wish = { tea: 1, cup: 11, pot: 1_001 };
    expect(await follow(own, "cart_b", 2, wish)).toEqual({
      outcome: "insufficient",
      lines: expect.arrayContaining([
        { item: own.items.cup, requested: 11, available: 10 },
        { item: own.items.pot, requested: 1_001, available: 1_000 },
      ]),
    });
    for (const [sku, units] of [
      ["tea", 4],
      ["cup", 990],
      ["pot", 1],
    ] as const) {
      expect(await heldUnits(own, sku), sku).toBe(units);
    }
  });

  test("C1: a cart holds for its longest time at most, and then lets others have their turn", async () => {
    const own = await ownShop();
    const terms = { ttlMs: 300, longestMs: 400 };
    const ask = (revision: number) =>
      own.deps.carts.follow({
        ...{ shop: own.shop, cart: "cart_keen", revision, source: "storefront", terms },
        lines: [{ item: own.items.tea ?? "", quantity: 1 }],
      });
    const first = await ask(1);
    if (first.outcome !== "held") throw new Error(first.outcome);
    await new Promise((done) => setTimeout(done, 200));
    const extended = await ask(2);
    if (extended.outcome !== "held") throw new Error(extended.outcome);
    expect(extended.expiresAt - first.expiresAt).toBeLessThan(200);
    await expect.poll(() => heldUnits(own, "tea")).toBe(0);
    expect(await ask(3)).toMatchObject({ outcome: "held-too-long" });
  });
});

describe("carts that only webhooks tell of", () => {
  const cart = (name: string, at: number, quantity: number): CartActivity[] => [
    { fact: "cart", cart: name, listing: "L-tea", sku: "tea", quantity, at },
  ];

  test("C1: are held where the shop wants it, and no more than once", async () => {
    const own = await ownShop();
    const tell = async (activities: CartActivity[]) =>
      applyMessage(own.deps, await message(own, activities));
    await tell(cart("cart_w", 1_000, 2));
    expect(await heldUnits(own, "tea"), "not asked for").toBe(0);
    await saveHoldTerms(own.db, own.shop, { ...DEFAULT_HOLD_TERMS, webhookCarts: true });
    await tell(cart("cart_w", 3_000, 2));
    await tell(cart("cart_w", 2_000, 7));
    expect(await heldUnits(own, "tea"), "an older word comes late").toBe(2);
    await follow(own, "cart_w", Date.now(), { tea: 3 });
    await tell(cart("cart_w", Date.now() + 60_000, 9));
    expect(await heldUnits(own, "tea"), "the storefront tells of it itself").toBe(3);
    await tell([{ ...cart("cart_v", 1, 0)[0], listing: "" } as CartActivity]);
    expect(await heldUnits(own, "tea")).toBe(3);
  });
});
