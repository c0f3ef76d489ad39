import { expect, test } from "vitest";
import { keepRestOrder } from "../../../connectors/shopify/order.ts";
import { translateMessage } from "../../../connectors/shopify/translate.ts";

interface Line {
  variant?: number | null;
  sku?: string;
  quantity: number;
  open: number;
  /** Not refunded and not removed; left out = all of them. */
  current?: number;
}

type Refund = [line: number, quantity: number, restock: string];

interface Shipment {
  status: string;
  /** Units by the place of their line. */
  units: Record<number, number>;
}

function facts(lines: Line[], shipments: Shipment[] = [], more: object = {}) {
  const payload = keepRestOrder({
    id: 1,
    created_at: "2026-11-24T10:00:00-05:00",
    updated_at: "2026-11-24T11:00:00-05:00",
    line_items: lines.map((line, at) => ({
      id: at,
      variant_id: line.variant === undefined ? 5 : line.variant,
      sku: line.sku ?? "S",
      quantity: line.quantity,
      fulfillable_quantity: line.open,
      ...(line.current === undefined ? {} : { current_quantity: line.current }),
    })),
    fulfillments: shipments.map(({ status, units }) => ({
      status,
      line_items: Object.entries(units).map(([id, quantity]) => ({ id: Number(id), quantity })),
    })),
    ...more,
  });
  const activities = translateMessage({ externalId: "w", topic: "orders/updated", payload });
  return activities.map((one) => `${one.fact} ${one.quantity} of ${one.listing || one.sku}`);
}

const shipped = (units: Record<number, number>, status = "success"): Shipment => ({
  status,
  units,
});
const refunds = (...rows: Refund[]) => ({
  refunds: rows.map(([line, quantity, restock]) => ({
    refund_line_items: [{ line_item_id: line, quantity, restock_type: restock }],
  })),
});
const cancelled = { cancelled_at: "2026-11-24T11:00:00-05:00" };

const rows: [title: string, told: string[], expected: string[]][] = [
  ["ordered", facts([{ quantity: 2, open: 2 }]), ["sell 2 of 5"]],
  ["one removed", facts([{ quantity: 2, open: 1 }]), ["sell 2 of 5", "cancel 1 of 5"]],
  [
    "one shipped",
    facts([{ quantity: 2, open: 1 }], [shipped({ 0: 1 })]),
    ["sell 2 of 5", "ship 1 of 5"],
  ],
  [
    "in two parcels",
    facts([{ quantity: 3, open: 0 }], [shipped({ 0: 1 }), shipped({ 0: 2 })]),
    ["sell 3 of 5", "ship 3 of 5"],
  ],
  [
    "two parcels that were taken back: counts only grow",
    facts(
      [{ quantity: 2, open: 2 }],
      [shipped({ 0: 2 }, "cancelled"), shipped({ 0: 1 }, "failure")],
    ),
    ["sell 2 of 5", "ship 3 of 5", "unship 3 of 5"],
  ],
  [
    "taken back, and shipped again",
    facts([{ quantity: 2, open: 0 }], [shipped({ 0: 2 }, "cancelled"), shipped({ 0: 2 })]),
    ["sell 2 of 5", "ship 4 of 5", "unship 2 of 5"],
  ],
  [
    "one shipped, the rest removed",
    facts([{ quantity: 3, open: 0 }], [shipped({ 0: 1 })]),
    ["sell 3 of 5", "cancel 2 of 5", "ship 1 of 5"],
  ],
  [
    "cancelled after a part was shipped",
    facts([{ quantity: 3, open: 2 }], [shipped({ 0: 1 })], cancelled),
    ["sell 3 of 5", "cancel 2 of 5", "ship 1 of 5"],
  ],
  ["cancelled", facts([{ quantity: 2, open: 0 }], [], cancelled), ["sell 2 of 5", "cancel 2 of 5"]],
  [
    "two lines of one variant",
    facts([
      { quantity: 2, open: 2 },
      { quantity: 1, open: 0 },
    ]),
    ["sell 3 of 5", "cancel 1 of 5"],
  ],
  [
    "a deleted product is named by its SKU",
    facts([
      { variant: null, sku: "GONE", quantity: 1, open: 1 },
      { variant: null, sku: "ALSO", quantity: 2, open: 2 },
    ]),
    ["sell 1 of GONE", "sell 2 of ALSO"],
  ],
  [
    "refunded before shipping, with restock",
    facts([{ quantity: 3, open: 2, current: 2 }]),
    ["sell 3 of 5", "cancel 1 of 5"],
  ],
  [
    "refunded before shipping, still fulfillable: nobody waits for it any more",
    facts([{ quantity: 3, open: 3, current: 2 }]),
    ["sell 3 of 5", "cancel 1 of 5"],
  ],
  [
    "refunded before shipping, with restock, as the refund says",
    facts([{ quantity: 3, open: 2, current: 2 }], [], refunds([0, 1, "cancel"])),
    ["sell 3 of 5", "cancel 1 of 5"],
  ],
  [
    "refunded before shipping, without restock: it is not there to be sold again",
    facts([{ quantity: 3, open: 3, current: 2 }], [], refunds([0, 1, "no_restock"])),
    ["sell 3 of 5", "ship 1 of 5"],
  ],
  [
    "one refunded without restock, one with, one shipped",
    facts(
      [{ quantity: 4, open: 1, current: 2 }],
      [shipped({ 0: 1 })],
      refunds([0, 1, "no_restock"], [0, 1, "cancel"]),
    ),
    ["sell 4 of 5", "cancel 1 of 5", "ship 2 of 5"],
  ],
  [
    "shipped, then refunded without restock: it left once",
    facts(
      [{ quantity: 3, open: 2, current: 2 }],
      [shipped({ 0: 1 })],
      refunds([0, 1, "no_restock"]),
    ),
    ["sell 3 of 5", "ship 1 of 5"],
  ],
  [
    "the whole order cancelled without restock",
    facts([{ quantity: 2, open: 0, current: 0 }], [], {
      ...cancelled,
      ...refunds([0, 2, "no_restock"]),
    }),
    ["sell 2 of 5", "ship 2 of 5"],
  ],
  [
    "refunded after shipping: it was shipped all the same",
    facts([{ quantity: 3, open: 0, current: 2 }], [shipped({ 0: 3 })]),
    ["sell 3 of 5", "ship 3 of 5"],
  ],
  [
    "one shipped and refunded, the others still to be shipped",
    facts([{ quantity: 3, open: 2, current: 2 }], [shipped({ 0: 1 })]),
    ["sell 3 of 5", "ship 1 of 5"],
  ],
  [
    "a line removed by an edit",
    facts([{ quantity: 2, open: 0, current: 0 }]),
    ["sell 2 of 5", "cancel 2 of 5"],
  ],
  ["a test order", facts([{ quantity: 2, open: 2 }], [], { test: true }), []],
];

test.each(rows)("F: %s", (_title, told, expected) => {
  expect(told).toEqual(expected);
});

test("F: a time with an offset is the moment it names", () => {
  const payload = keepRestOrder({
    id: 1,
    created_at: "2026-11-24T10:00:00-05:00",
    updated_at: "2026-11-24T10:00:00-05:00",
    line_items: [{ id: 1, variant_id: 5, quantity: 1, fulfillable_quantity: 1 }],
  });
  const [sold] = translateMessage({ externalId: "w", topic: "orders/create", payload });
  expect(sold?.at).toBe(Date.UTC(2026, 10, 24, 15));
});
