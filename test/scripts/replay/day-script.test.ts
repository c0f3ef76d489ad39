import { describe, expect, test } from "vitest";
import type { SalesKind, SalesLine } from "../../../jobs/order-files/sales-line.ts";
import { scriptOf, stockNeeded } from "../../../scripts/replay/day-script.ts";

const CHANNELS = ["amazon", "shopify"];

/** Lines from rows like "sale 1 A 5 ann 09:00": kind, order, SKU, units, buyer, time. */
function lines(...rows: string[]): SalesLine[] {
  const places = new Map<string, number>();
  return rows.map((row) => {
    const [kind, order = "", sku = "", units, buyer = "", time = "00:00"] = row.split(" ");
    const line = (places.get(order) ?? 0) + 1;
    places.set(order, line);
    return {
      order,
      line,
      sku,
      title: sku,
      quantity: Number(units),
      unitPrice: 100,
      currency: "GBP",
      kind: kind as SalesKind,
      at: Date.parse(`2011-09-22T${time}:00Z`),
      country: null,
      buyer: buyer === "-" ? "" : buyer,
    };
  });
}

const script = (...rows: string[]) => scriptOf(lines(...rows), { run: "r", channels: CHANNELS });

/** The script's steps as "order 1: A 5" and the like. */
function told(...rows: string[]): string[] {
  const { opening, steps } = script(...rows);
  const wanted = (all: { sku: string; quantity: number }[]) =>
    all.map(({ sku, quantity }) => `${sku} ${quantity}`).join(", ");
  return [
    ...opening.map(({ id, lines: all }) => `before ${id}: ${wanted(all)}`),
    ...steps.map((step) => {
      if (step.type === "order") return `order ${step.order.id}: ${wanted(step.order.lines)}`;
      if (step.type === "cancel") return `cancel ${step.order.id}: ${wanted(step.lines)}`;
      return `${step.why} ${step.bucket}: ${step.sku} ${step.quantity}`;
    }),
  ];
}

describe("a day as a script for the marketplaces", () => {
  test.each<[string, string[], string[]]>([
    [
      "an order keeps its lines, also two of one item",
      ["sale 1 A 5 ann 09:00", "sale 1 B 1 ann 09:00", "sale 1 A 2 ann 09:01"],
      ["order 1-r: A 5, B 1, A 2"],
    ],
    [
      "a cancellation is of the customer's earlier order of the day",
      ["sale 1 A 5 ann 09:00", "sale 2 A 5 bob 09:01", "cancellation C3 A -5 ann 10:00"],
      ["order 1-r: A 5", "order 2-r: A 5", "cancel 1-r: A 5"],
    ],
    [
      "the newest order first, then the one before",
      ["sale 1 A 5 ann 09:00", "sale 2 A 5 ann 09:01", "cancellation C3 A -7 ann 10:00"],
      ["order 1-r: A 5", "order 2-r: A 5", "cancel 1-r: A 2", "cancel 2-r: A 5"],
    ],
    [
      "what the day does not explain cancels an order of an earlier day",
      ["sale 1 A 5 ann 09:00", "cancellation C3 A -7 ann 10:00", "cancellation C3 B -1 ann 10:00"],
      [
        "before C3-before-r: A 2, B 1",
        "order 1-r: A 5",
        "cancel 1-r: A 5",
        "cancel C3-before-r: A 2, B 1",
      ],
    ],
    [
      "a later order is never cancelled",
      ["cancellation C3 A -5 ann 09:00", "sale 1 A 5 ann 10:00"],
      ["before C3-before-r: A 5", "cancel C3-before-r: A 5", "order 1-r: A 5"],
    ],
    [
      "nothing is cancelled twice",
      ["sale 1 A 5 ann 09:00", "cancellation C2 A -5 ann 10:00", "cancellation C3 A -5 ann 11:00"],
      ["before C3-before-r: A 5", "order 1-r: A 5", "cancel 1-r: A 5", "cancel C3-before-r: A 5"],
    ],
    [
      "who is not known is nobody's other order",
      ["sale 1 A 5 - 09:00", "cancellation C3 A -5 - 10:00"],
      ["before C3-before-r: A 5", "order 1-r: A 5", "cancel C3-before-r: A 5"],
    ],
    [
      "the warehouse corrects what is sellable, and a return is inspected first",
      ["correction 7 A -3 - 09:00", "correction 8 A 2 - 10:00", "return 9 A -1 ann 11:00"],
      ["A sellable: A -3", "A sellable: A 2", "returned inspection: A 1"],
    ],
    ["no lines, no script", [], []],
  ])("%s", (_, rows, expected) => {
    expect(told(...rows)).toEqual(expected);
  });

  test("an order that names its own cancelled line is taken at its word", () => {
    const [sale, other] = lines("sale 1 A 5 - 09:00", "sale 1 A 5 - 09:00");
    if (!sale || !other) throw new Error("two lines");
    const back = { line: -1, quantity: -5, kind: "cancellation" as const, at: sale.at + 60_000 };
    const { steps, opening } = scriptOf([sale, other, { ...sale, ...back }], {
      run: "r",
      channels: CHANNELS,
    });
    expect(opening).toEqual([]);
    expect(steps.at(-1)).toMatchObject({ type: "cancel", lines: [{ sku: "A", quantity: 5 }] });
  });
});

describe("the channel of an order", () => {
  const channelsOf = (...rows: string[]) =>
    script(...rows).steps.flatMap((step) => (step.type === "order" ? [step.order.channel] : []));

  test("is the same in every run and file", () => {
    const rows = Array.from({ length: 200 }, (_, n) => `sale ${n} A 1 ann 09:00`);
    const channels = channelsOf(...rows);
    expect(channelsOf(...rows)).toEqual(channels);
    expect(new Set(channels)).toEqual(new Set(CHANNELS));
    expect(channelsOf("sale 77 B 9 bob 12:00")).toEqual([channels[77]]);
  });

  test("is one that cancels in part, where an order is cancelled in part", () => {
    for (let order = 0; order < 50; order += 1) {
      const sale = `sale ${order} A 5 ann 09:00`;
      expect(channelsOf(sale, "cancellation C A -1 ann 10:00")).toEqual(["shopify"]);
      const whole = channelsOf(sale, "cancellation C A -5 ann 10:00");
      expect(whole).toEqual(channelsOf(sale));
    }
  });
});

test("the day's counts are of what it sold and of its cancelling documents", () => {
  const { counts } = script(
    "sale 1 A 5 ann 09:00",
    "sale 1 B 5 ann 09:00",
    "cancellation C2 A -7 ann 10:00",
    "cancellation C2 B -1 ann 10:00",
    "correction 3 A -1 - 11:00",
  );
  expect(counts).toEqual({ orders: 1, cancellations: 1, lines: 2, units: 10 });
});

test("stock is needed for what is sold, owed from before, and lost", () => {
  const day = script(
    "sale 1 A 5 ann 09:00",
    "cancellation C2 A -7 ann 10:00",
    "correction 3 A -1 - 11:00",
    "correction 4 B 1 - 11:00",
  );
  expect([...stockNeeded(day, 100)]).toEqual([["A", 5 + 2 + 1]]);
  expect([...stockNeeded(day, 50)]).toEqual([["A", 3 + 2 + 1]]);
  expect([...stockNeeded(day, 0)]).toEqual([["A", 2 + 1]]);
});
