import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertBalanced } from "../../inventory/movement.ts";
import { availableToSell, type Stock } from "../../inventory/stock.ts";
import { checkLedger } from "../../ledger/inspect.ts";
import {
  itemOn,
  type LooseCommand,
  numbers,
  openLedger,
  type TestItem,
  type TestLedger,
} from "./open-ledger.ts";
import { adjust, allocate, CASES, type Case, fact, hold, receive, ship } from "./rule-cases.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

function figures(stock: Stock): Case["leaves"] {
  const sellable = stock.physical.sellable?.main ?? 0;
  return [sellable, stock.committed, stock.held, availableToSell(stock)];
}

async function settle(item: TestItem, given: LooseCommand[]): Promise<void> {
  for (const command of given) await item.do(command);
}

describe("D1, D2: what the ledger decides", () => {
  test.each(CASES)("$rule", async ({ given, when, answers, leaves }) => {
    const item = itemOn(ledger);
    await settle(item, given);
    expect(await item.ask(when)).toMatchObject(answers);
    expect(figures(await item.stock())).toEqual(leaves);
  });

  test("D3: a stale version is refused with the stock there is, and nothing moves", async () => {
    const item = itemOn(ledger);
    const { seq } = await item.do(receive(5));
    const { stock } = await item.do(adjust(1));
    const answer = await item.ask({ ...adjust(1), expectedVersion: seq } as LooseCommand);
    expect(answer).toEqual({ outcome: "version-conflict", stock });
    expect(
      await item.do({ ...adjust(1), expectedVersion: stock.version } as LooseCommand),
    ).toBeDefined();
  });

  test("an activity has one effect and one answer, whatever happened since", async () => {
    const item = itemOn(ledger);
    const first = await item.do({ ...receive(5), activity: "once" });
    await item.do(adjust(-1));
    expect(await item.ask({ ...receive(5), activity: "once" })).toEqual({
      ...first,
      repeated: true,
    });
    expect(await item.ask({ ...receive(6), activity: "once" })).toEqual({
      outcome: "reused-activity",
    });
    expect(figures(await item.stock())).toEqual([4, 0, 0, 4]);
  });

  test("the same activity told by a webhook and by a poll collides", async () => {
    const item = itemOn(ledger);
    await item.do({ ...fact("sell", 2), activity: "f", actor: "webhook", occurredAt: 1 });
    const answer = await item.ask({ ...fact("sell", 2), activity: "f", actor: "poll" });
    expect(answer).toMatchObject({ outcome: "applied", repeated: true });
  });

  test("so does a shipment told once with its location and once from where the shop ships", async () => {
    const item = itemOn(ledger);
    await item.do(receive(5));
    await item.do(fact("sell", 2));
    await item.do({ ...ship(2), activity: "s" });
    const again = { ...ship(2), location: "store", activity: "s" } as LooseCommand;
    expect(await item.ask(again)).toMatchObject({ outcome: "applied", repeated: true });
    expect(figures(await item.stock())).toEqual([3, 0, 0, 3]);
  });

  test("a fact that changes the line but no balance is a movement without legs", async () => {
    const item = itemOn(ledger);
    await item.do(fact("cancel", 2));
    const [event] = await item.events();
    expect(event).toMatchObject({ type: "cancel", legs: [], line: { cancelled: 2, ordered: 0 } });
  });

  test("D6: an event says who, what, and everything the item is after it", async () => {
    const item = itemOn(ledger);
    await item.do(receive(3));
    const context = { activity: 'a"/ü', actor: "api:wärehouse", reason: "count", reference: "#1" };
    const { seq, stock, partition } = await item.do({ ...hold("h", 2, "shopify"), ...context });
    const event = (await item.events()).at(-1);
    expect(event).toMatchObject({ ...context, type: "hold", seq, stock, partition, oversold: 0 });
    expect(event?.legs).toEqual([
      { bucket: "held", location: "", quantity: 2 },
      { bucket: "unclaimed", location: "", quantity: -2 },
    ]);
  });

  test("what no caller may ask is a broken rule, not an answer", async () => {
    const item = itemOn(ledger);
    await expect(item.ask(receive(0))).rejects.toThrow("whole number");
    await expect(item.ask(receive(1.5))).rejects.toThrow("whole number");
    await expect(item.ask({ ...hold("h", 1), hold: 'a"b' } as LooseCommand)).rejects.toThrow("id");
    await expect(itemOn(ledger, "a/b").ask(receive(1))).rejects.toThrow("slash");
  });

  test("tenants with the same item, order and hold never meet (invariant 11)", async () => {
    const [a, b] = [itemOn(ledger, "shop-a", "SKU"), itemOn(ledger, "shop-b", "SKU")];
    await a.do({ ...receive(5), activity: "r" });
    await b.do({ ...receive(1), activity: "r" });
    await a.do(hold("h", 5));
    expect(await b.ask({ type: "release", hold: "h" })).toEqual({ outcome: "unknown-hold" });
    expect(figures(await b.stock())).toEqual([1, 0, 0, 1]);
  });

  test("invariant 6: all that these tests did is balanced, numbered and adds up", async () => {
    expect(await checkLedger(ledger)).toEqual([]);
    for (const seqs of await numbers(ledger)) {
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    const item = itemOn(ledger);
    await settle(item, [receive(3), fact("sell", 2), ship(1), allocate("amazon", 1)]);
    for (const { legs } of await item.events()) assertBalanced(legs);
  });
});
