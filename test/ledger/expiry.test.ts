import { afterAll, beforeAll, expect, test } from "vitest";
import { REMEMBER_MS } from "../../ledger/script.ts";
import { itemOn, openLedger, type TestLedger } from "./open-ledger.ts";

let now = 1_700_000_000_000;
let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openLedger({ now: () => now });
});
afterAll(() => ledger.close());

const hold = (id: string, quantity: number, ttlMs: number) =>
  ({ type: "hold", hold: id, quantity, ttlMs, channel: "shopify" }) as const;
const receive = { type: "receive", location: "main", quantity: 5 } as const;

test("C1: a due hold's units are there for the next claim, before anybody has swept", async () => {
  const item = itemOn(ledger);
  await item.do(receive);
  await item.do(hold("old", 5, 1_000));
  now += 999;
  expect(await item.ask(hold("new", 5, 1_000))).toEqual({ outcome: "insufficient", available: 0 });
  now += 1;
  await item.do(hold("new", 5, 1_000));
  const types = (await item.events()).map(({ type }) => type);
  expect(types).toEqual(["receive", "hold", "expire", "hold"]);
});

test("D6: each expired hold is a movement of its own, with its event", async () => {
  const item = itemOn(ledger);
  await item.do(receive);
  for (const id of ["a", "b", "c"]) await item.do(hold(id, 1, 500));
  now += 500;
  expect(await item.stock()).toMatchObject({ held: 0 });
  const expired = (await item.events()).filter(({ type }) => type === "expire");
  expect(expired.map(({ activity }) => activity)).toEqual(["expire/a", "expire/b", "expire/c"]);
  expect(expired.at(-1)).toMatchObject({
    shop: item.shop,
    item: item.item,
    channel: "shopify",
    hold: { id: "c", state: "expired", quantity: 1 },
    stock: { held: 0 },
  });
});

test("C1: an extended hold lives on; a hold that is over says how it ended", async () => {
  const item = itemOn(ledger);
  await item.do(receive);
  await item.do(hold("kept", 1, 1_000));
  await item.do(hold("gone", 1, 1_000));
  now += 900;
  const { hold: extended } = await item.do({ type: "extend", hold: "kept", ttlMs: 1_000 });
  expect(extended).toMatchObject({ state: "live", expiresAt: now + 1_000 });
  now += 200;
  expect(await item.stock()).toMatchObject({ held: 1 });
  const over = { outcome: "hold-over", state: "expired" };
  expect(await item.ask({ type: "extend", hold: "gone", ttlMs: 1 })).toEqual(over);
  expect(await item.ask({ type: "commit", hold: "gone", order: "o", connection: "c" })).toEqual(
    over,
  );
});

test("C1: the sweeper frees what nobody asks about, over all partitions, and once", async () => {
  now += 60_000;
  await ledger.expireDue();
  const items = Array.from({ length: 30 }, () => itemOn(ledger));
  for (const item of items) {
    await item.do(receive);
    await item.do(hold(`of-${item.item}`, 2, 1_000));
  }
  now += 1_000;
  expect(await ledger.expireDue()).toBe(30);
  expect(await ledger.expireDue()).toBe(0);
  for (const item of items) {
    expect((await item.events()).map(({ type }) => type)).toEqual(["receive", "hold", "expire"]);
  }
});

test("a burst of expiries larger than one sweep is swept completely", async () => {
  const item = itemOn(ledger);
  await item.do({ ...receive, quantity: 2_000 });
  await Promise.all(Array.from({ length: 1_500 }, (_, n) => item.do(hold(`burst-${n}`, 1, 1_000))));
  now += 1_000;
  expect(await ledger.expireDue()).toBe(1_500);
  expect(await item.stock()).toMatchObject({ held: 0 });
});

test("C1: holds taken in one moment end one by one, whatever became of each meanwhile", async () => {
  const [one, other] = [itemOn(ledger), itemOn(ledger)];
  for (const item of [one, other]) await item.do({ ...receive, quantity: 10 });
  const taken = [one, other].flatMap((item) =>
    ["stays", "longer", "released", "sold"].map((what) =>
      item.do(hold(`${what}-${item.item}`, 1, 1_000)),
    ),
  );
  await Promise.all(taken);
  for (const item of [one, other]) {
    await item.do({ type: "extend", hold: `longer-${item.item}`, ttlMs: 3_000 });
    await item.do({ type: "release", hold: `released-${item.item}` });
    await item.do({ type: "commit", hold: `sold-${item.item}`, order: "o", connection: "c" });
  }
  now += 1_000;
  // One is asked for, which expires its own; the other is left to the sweeper.
  expect(await one.stock()).toMatchObject({ held: 1, committed: 1 });
  expect(await ledger.expireDue()).toBe(1);
  expect(await other.stock()).toMatchObject({ held: 1, committed: 1 });
  now += 2_000;
  expect(await ledger.expireDue()).toBe(2);
  for (const item of [one, other]) {
    expect(await item.stock()).toMatchObject({ held: 0, committed: 1 });
    const ended = (await item.events()).filter(({ type }) => type === "expire");
    const names = [`expire/stays-${item.item}`, `expire/longer-${item.item}`];
    expect(ended.map(({ activity }) => activity)).toEqual(names);
  }
});

test("C1: a hold extended alone is still due when its neighbour was asked for", async () => {
  // Two holds of one call; what the call noted of the second is noted again beside its extension.
  const [one, other] = twoOfOnePartition();
  for (const item of [one, other]) await item.do(receive);
  await Promise.all([one, other].map((item) => item.do(hold(`of-${item.item}`, 1, 1_000))));
  await other.do({ type: "extend", hold: `of-${other.item}`, ttlMs: 60_000 });
  now += 1_000;
  expect(await one.stock()).toMatchObject({ held: 0 });
  expect(await ledger.expireDue()).toBe(0);
  expect(await other.stock()).toMatchObject({ held: 1 });
  now += 59_000;
  expect(await ledger.expireDue()).toBe(1);
  expect(await other.stock()).toMatchObject({ held: 0 });
});

test.each([
  ["later", 2_000, 60_000],
  ["sooner", 60_000, 2_000],
])("C1: of two extensions in one call the last one counts, be it %s", async (_, first, last) => {
  const item = itemOn(ledger);
  await item.do(receive);
  const id = `twice-${item.item}`;
  await item.do(hold(id, 1, 1_000));
  const extensions = [first, last].map((ttlMs) => item.do({ type: "extend", hold: id, ttlMs }));
  await Promise.all(extensions);
  now += last - 1;
  await ledger.expireDue();
  expect(await item.stock()).toMatchObject({ held: 1 });
  now += 1;
  expect(await ledger.expireDue()).toBe(1);
  expect(await item.stock()).toMatchObject({ held: 0 });
});

/** Two items that live in the same partition, so that one call decides both. */
function twoOfOnePartition() {
  const one = itemOn(ledger);
  for (;;) {
    const other = itemOn(ledger);
    const [a, b] = [one, other].map(({ shop, item }) => ledger.keys.of(shop, item));
    if (a === b) return [one, other] as const;
  }
}

test("an answer is remembered for a week, then forgotten by the sweeper", async () => {
  const item = itemOn(ledger);
  const { activity } = { activity: "weekly" };
  await item.do({ ...receive, activity });
  now += REMEMBER_MS - 1;
  await ledger.expireDue();
  expect(await item.do({ ...receive, activity })).toMatchObject({ repeated: true });
  now += 1;
  await ledger.expireDue();
  expect(await item.do({ ...receive, activity })).toMatchObject({ repeated: false });
});
