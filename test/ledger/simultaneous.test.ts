import { afterAll, beforeAll, expect, test } from "vitest";
import { checkLedger } from "../../ledger/inspect.ts";
import { itemOn, openLedger, type TestLedger } from "./open-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

test("D1: of 200 simultaneous holds on the last unit one wins, 199 are told 0, none errs", async () => {
  const clients = [ledger, ...(await Promise.all([1, 2, 3, 4].map(() => ledger.another())))];
  const { shop, item, ...last } = itemOn(ledger);
  await last.do({ type: "receive", location: "main", quantity: 1 });
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => {
      const mine = itemOn(clients[n % clients.length] ?? ledger, shop, item);
      return mine.ask({ type: "hold", hold: `h${n}`, quantity: 1, ttlMs: 60_000 });
    }),
  );
  expect(answers.filter(({ outcome }) => outcome === "applied")).toHaveLength(1);
  const refused = answers.filter(({ outcome }) => outcome !== "applied");
  expect(refused).toEqual(
    Array.from({ length: 199 }, () => ({ outcome: "insufficient", available: 0 })),
  );
  expect(await last.stock()).toMatchObject({ held: 1 });
  expect(await checkLedger(ledger)).toEqual([]);
});

test("D1: holds of one turn of the event loop are decided one after the other", async () => {
  const item = itemOn(ledger);
  await item.do({ type: "receive", location: "main", quantity: 100 });
  const answers = await Promise.all(
    Array.from({ length: 150 }, (_, n) =>
      item.ask({ type: "hold", hold: `h${n}`, quantity: 1, ttlMs: 60_000 }),
    ),
  );
  const outcomes = answers.map(({ outcome }) => outcome);
  expect(outcomes.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => "applied"));
  expect(outcomes.slice(100)).toEqual(Array.from({ length: 50 }, () => "insufficient"));
});

test("the same activity asked twice at once has one effect and one answer", async () => {
  const item = itemOn(ledger);
  const receive = { type: "receive", location: "main", quantity: 3, activity: "once" } as const;
  const [first, second] = await Promise.all([item.do(receive), item.do(receive)]);
  expect(second).toEqual({ ...first, repeated: true });
  expect(await item.events()).toHaveLength(1);
});

test("a hold taken and released in one turn leaves nothing held, and is known as released", async () => {
  const item = itemOn(ledger);
  await item.do({ type: "receive", location: "main", quantity: 3 });
  await Promise.all([
    item.do({ type: "hold", hold: "h", quantity: 2, ttlMs: 60_000 }),
    item.do({ type: "release", hold: "h" }),
  ]);
  expect(await item.stock()).toMatchObject({ held: 0 });
  expect(await item.ask({ type: "extend", hold: "h", ttlMs: 1 })).toEqual({
    outcome: "hold-over",
    state: "released",
  });
});
