import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Baskets, createBaskets } from "../../ledger/baskets.ts";
import type { LedgerClient } from "../../ledger/client.ts";
import type { Command } from "../../ledger/contract.ts";
import { fresh, itemOn, openLedger, type TestItem, type TestLedger } from "./open-ledger.ts";

let ledger: TestLedger;
let baskets: Baskets;
let shop: string;
let hat: TestItem;
let coat: TestItem;
let shoe: TestItem;

beforeAll(async () => {
  ledger = await openLedger();
  baskets = createBaskets(ledger);
});
afterAll(() => ledger.close());

beforeEach(async () => {
  shop = fresh("shop");
  [hat, coat, shoe] = ["hat", "coat", "shoe"].map((item) => itemOn(ledger, shop, item)) as [
    TestItem,
    TestItem,
    TestItem,
  ];
  for (const item of [hat, coat, shoe]) {
    await item.do({ type: "receive", location: "main", quantity: 2 });
  }
});

const lines = (hats: number, coats: number, shoes: number) =>
  [
    { item: "hat", quantity: hats },
    { item: "coat", quantity: coats },
    { item: "shoe", quantity: shoes },
  ].filter(({ quantity }) => quantity > 0);
const held = async () =>
  Promise.all([hat, coat, shoe].map(async (item) => (await item.stock()).held));
const hold = async (wish: ReturnType<typeof lines>, key?: string) =>
  baskets.hold({ shop, lines: wish, ttlMs: 60_000, key });

/** Holds what must be held. */
async function taken(wish: ReturnType<typeof lines>, key?: string) {
  const answer = await hold(wish, key);
  if (answer.outcome !== "held") throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer;
}

test("C1: a basket holds every line, in item order, lines of one item added up", async () => {
  const basket = await taken([...lines(1, 1, 0), { item: "hat", quantity: 1 }]);
  expect(basket.lines).toEqual([
    { item: "coat", quantity: 1 },
    { item: "hat", quantity: 2 },
  ]);
  expect(await held()).toEqual([2, 1, 0]);
  expect(basket.id).toMatch(/^b_[0-9a-f]{32}$/);
});

test("when one line is short nothing is held, and all short lines are told together", async () => {
  await taken(lines(0, 0, 1));
  expect(await hold(lines(3, 1, 2))).toEqual({
    outcome: "insufficient",
    lines: [
      { item: "hat", requested: 3, available: 2 },
      { item: "shoe", requested: 2, available: 1 },
    ],
  });
  expect(await held()).toEqual([0, 0, 1]);
});

test("the same key and lines are one basket; other lines under it are refused", async () => {
  const first = await taken(lines(1, 1, 0), "cart-7");
  expect(await hold(lines(1, 1, 0), "cart-7")).toEqual({ ...first, repeated: true });
  expect(await hold(lines(1, 0, 0), "cart-7")).toEqual({ outcome: "reused-key" });
  expect(await held()).toEqual([1, 1, 0]);
  const other = itemOn(ledger, fresh("shop"), "hat");
  await other.do({ type: "receive", location: "main", quantity: 1 });
  const theirs = await baskets.hold({
    shop: other.shop,
    lines: lines(1, 0, 0),
    ttlMs: 60_000,
    key: "cart-7",
  });
  expect(theirs).toMatchObject({ outcome: "held", repeated: false });
});

test("the same key asked at the same time by two processes is one basket", async () => {
  const elsewhere = createBaskets(await ledger.another());
  const request = { shop, lines: lines(2, 2, 2), ttlMs: 60_000, key: "twice" };
  const [a, b] = await Promise.all([baskets.hold(request), elsewhere.hold(request)]);
  expect(a.outcome === "held" && b.outcome === "held" && a.id === b.id).toBe(true);
  expect(await held()).toEqual([2, 2, 2]);
});

test("a refused key may be tried again, and is then decided anew", async () => {
  const blocking = await taken(lines(0, 0, 2));
  expect(await hold(lines(1, 1, 1), "retry")).toMatchObject({ outcome: "insufficient" });
  await baskets.release(shop, blocking.id);
  expect(await hold(lines(1, 1, 1), "retry")).toMatchObject({ outcome: "held", repeated: false });
  expect(await held()).toEqual([1, 1, 1]);
});

test("one item's basket is one for its key, at the same time or later, whatever became of it", async () => {
  const elsewhere = createBaskets(await ledger.another());
  const request = { shop, lines: lines(1, 0, 0), ttlMs: 60_000, key: "one" };
  const [a, b] = await Promise.all([baskets.hold(request), elsewhere.hold(request)]);
  if (a.outcome !== "held" || b.outcome !== "held") throw new Error("both are held");
  expect([b.id, b.expiresAt]).toEqual([a.id, a.expiresAt]);
  expect(await held()).toEqual([1, 0, 0]);
  await baskets.extend(shop, a.id, 120_000);
  expect((await taken(lines(1, 0, 0), "one")).expiresAt).toBeGreaterThan(a.expiresAt);
  await baskets.release(shop, a.id);
  expect(await hold(lines(1, 0, 0), "one")).toEqual({ outcome: "hold-over", state: "released" });
  expect(await held()).toEqual([0, 0, 0]);
});

test("a key that stands for another wish is refused, and what it asked for is left alone", async () => {
  await taken(lines(1, 0, 0), "mine");
  for (const wish of [lines(2, 0, 0), lines(0, 1, 0), lines(0, 0, 1)]) {
    expect(await hold(wish, "mine")).toEqual({ outcome: "reused-key" });
    expect(await hold(wish, "mine")).toEqual({ outcome: "reused-key" });
  }
  expect(await held()).toEqual([1, 0, 0]);
});

test("a refused key stands for nothing: it may ask for less, or for something else", async () => {
  expect(await hold(lines(3, 0, 0), "wants")).toEqual({
    outcome: "insufficient",
    lines: [{ item: "hat", requested: 3, available: 2 }],
  });
  const less = await taken(lines(2, 0, 0), "wants");
  expect(less.repeated).toBe(false);
  expect(await hold(lines(0, 1, 0), "wants")).toEqual({ outcome: "reused-key" });
  expect(await baskets.release(shop, less.id)).toEqual({ outcome: "released" });
});

test("D5: a hold that could not be named is in doubt, and found again by its key", async () => {
  const nameless = createBaskets({
    ...ledger,
    name: async () => ({ outcome: "unavailable", why: "unverified" }),
  });
  const request = { shop, lines: lines(1, 0, 0), ttlMs: 60_000, key: "doubt" };
  expect(await nameless.hold(request)).toEqual({ outcome: "unavailable", why: "timeout" });
  const found = await taken(lines(1, 0, 0), "doubt");
  expect(found.repeated).toBe(true);
  expect(await held()).toEqual([1, 0, 0]);
  expect(await baskets.release(shop, found.id)).toEqual({ outcome: "released" });
});

test("a basket is committed as a whole, by any process, and twice is the same as once", async () => {
  const { id } = await taken(lines(1, 2, 0), "k");
  const elsewhere = createBaskets(await ledger.another());
  const order = { order: "o1", connection: "c1" };
  const committed = { outcome: "committed", lines: expect.arrayContaining(lines(1, 2, 0)) };
  expect(await elsewhere.commit(shop, id, order)).toEqual(committed);
  expect(await baskets.commit(shop, id, order)).toEqual(committed);
  expect(await held()).toEqual([0, 0, 0]);
  expect(await coat.stock()).toMatchObject({ committed: 2 });
  const over = { outcome: "hold-over", state: "committed" };
  expect(await baskets.commit(shop, id, { ...order, order: "o2" })).toEqual(over);
  expect(await baskets.release(shop, id)).toEqual(over);
  expect(await hold(lines(1, 2, 0), "k")).toEqual(over);
});

test("a basket is released as a whole, and twice is the same as once", async () => {
  const { id } = await taken(lines(1, 1, 1));
  expect(await baskets.release(shop, id)).toEqual({ outcome: "released" });
  expect(await baskets.release(shop, id)).toEqual({ outcome: "released" });
  expect(await held()).toEqual([0, 0, 0]);
  expect(await baskets.extend(shop, id, 1_000)).toEqual({
    outcome: "hold-over",
    state: "released",
  });
});

test("extending tells the new end, and nobody else's basket can be touched", async () => {
  const { id, expiresAt } = await taken(lines(1, 1, 0));
  const extended = await baskets.extend(shop, id, 120_000);
  expect(extended).toMatchObject({ outcome: "extended" });
  expect(extended.outcome === "extended" && extended.expiresAt > expiresAt).toBe(true);
  for (const stranger of [baskets.extend("other", id, 1), baskets.release("other", id)]) {
    expect(await stranger).toEqual({ outcome: "unknown-hold" });
  }
});

test("D5: when the ledger fails midway, what was taken is given back", async () => {
  let calls = 0;
  const failing: LedgerClient = {
    ...ledger,
    apply: async (command: Command) => {
      if (command.type === "hold" && ++calls === 3) {
        return { outcome: "unavailable", why: "unverified" };
      }
      return ledger.apply(command);
    },
  };
  const broken = createBaskets(failing);
  const answer = await broken.hold({ shop, lines: lines(1, 1, 1), ttlMs: 60_000, key: "f" });
  expect(answer).toEqual({ outcome: "unavailable", why: "unverified" });
  expect(await held()).toEqual([0, 0, 0]);
  expect(await hold(lines(1, 1, 1), "f")).toMatchObject({ outcome: "held", repeated: false });
});
