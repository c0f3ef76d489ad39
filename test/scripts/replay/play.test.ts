import { expect, test } from "vitest";
import type { Ledger } from "../../../ledger/contract.ts";
import type { Database } from "../../../prisma/client.ts";
import { balancesOf, expectedBalances } from "../../../scripts/replay/check.ts";
import type { DayScript, Step } from "../../../scripts/replay/day-script.ts";
import { drained, type Lag } from "../../../scripts/replay/drain.ts";
import { placeOpening, playDay } from "../../../scripts/replay/play.ts";

const counts = { orders: 1, cancellations: 1, lines: 1, units: 5 };
const order = { id: "1", channel: "shopify", lines: [{ sku: "A", quantity: 5 }] };
const earlier = { ...order, id: "0" };
const nine = Date.UTC(2011, 8, 22, 9);

test("a day is played in order, as the marketplaces and the warehouse would tell it", async () => {
  const steps: Step[] = [
    { at: nine, type: "order", order },
    { at: nine + 3_600_000, type: "cancel", order, lines: [{ sku: "A", quantity: 1 }] },
    {
      at: nine + 7_200_000,
      type: "adjust",
      sku: "A",
      bucket: "sellable",
      quantity: -2,
      why: "lost",
    },
  ];
  const script: DayScript = { opening: [earlier], steps, counts };
  const heard: string[] = [];
  const doors = {
    order: async (one: typeof order) => void heard.push(`order ${one.id}`),
    cancel: async ({ id }: { id: string }) => void heard.push(`cancel ${id}`),
    report: async (key: string, { reason }: { reason: string }) =>
      void heard.push(`${key} ${reason}`),
  };
  await placeOpening(doors, script);
  const shown: number[] = [];
  await playDay(doors, script, {
    speed: 100_000,
    location: "main",
    run: "r",
    progress: ({ done, of }) => shown.push(done / of),
  });
  expect(heard).toEqual(["order 0", "order 1", "cancel 1", "r/adjust/2 replay r: lost"]);
  expect(shown.at(-1)).toBe(2 / 3);
});

/** A pipeline whose stages show these lags, one look after the other; the last one for ever. */
function pipeline(...lags: Lag[]) {
  let at = 0;
  const now = () => lags[Math.min(at, lags.length - 1)] ?? { messages: 0, inbox: 0, movements: 0 };
  const seq = () => now().movements + 10;
  return {
    shop: "s",
    doors: { messagesWaiting: async () => now().messages },
    ledger: {
      health: async () => {
        const partitions = [{ partition: 0, seq: seq(), verified: true }];
        return { connected: true, epoch: "e", partitions };
      },
    } as Partial<Ledger> as Ledger,
    db: {
      inboxMessage: { count: async () => now().inbox },
      partitionMark: {
        findMany: async () => {
          at += 1;
          return [{ partition: 0, seq: 10n, at: new Date(0) }];
        },
      },
    } as unknown as Database,
  };
}

test("waiting ends when every stage is empty", async () => {
  const lags: Lag[] = [];
  const one = pipeline(
    { messages: 2, inbox: 1, movements: 0 },
    { messages: 0, inbox: 1, movements: 0 },
    { messages: 0, inbox: 0, movements: 0 },
  );
  expect(await drained(one, 60_000, (lag) => lags.push(lag))).toBe(true);
  expect(lags).toHaveLength(3);
});

test("waiting gives up when nothing moves any more", async () => {
  const stuck = pipeline({ messages: 0, inbox: 3, movements: 0 });
  expect(await drained(stuck, 300, () => {})).toBe(false);
});

test("a day's balances are those before it, what it received and what it did", () => {
  const before = balancesOf({
    physical: { sellable: { main: 10, shop: 2 }, inspection: { main: 1 } },
    committed: 4,
    held: 1,
    allocated: { amazon: 2 },
    version: 9,
  });
  expect(before).toEqual({ sellable: 12, committed: 4, inspection: 1, ats: 5 });
  expect(expectedBalances(before, 6, { committed: 5, sellable: -2, inspection: 3 })).toEqual({
    sellable: 16,
    committed: 9,
    inspection: 4,
    ats: 4,
  });
});
