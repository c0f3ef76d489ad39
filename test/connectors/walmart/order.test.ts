import fc from "fast-check";
import { expect, test } from "vitest";
import { orderMessage } from "../../../connectors/walmart/message.ts";
import { apiOrderSchema, keepApiOrder } from "../../../connectors/walmart/order.ts";
import { translateMessage } from "../../../connectors/walmart/translate.ts";

const ORDERED = 1_568_466_571_000;

type Status = [status: string, units: unknown];

/** An order line as the API writes it. */
const line = (sku: string, units: unknown, statuses: Status[]) => ({
  lineNumber: "4",
  item: { sku, productName: "Thing" },
  orderLineQuantity: { unitOfMeasurement: "EACH", amount: units },
  statusDate: ORDERED + 76_000,
  orderLineStatuses: {
    orderLineStatus: statuses.map(([status, amount]) => ({
      status,
      statusQuantity: { unitOfMeasurement: "EACH", amount },
    })),
  },
});

function facts(orderLine: unknown, more: object = {}) {
  const order = apiOrderSchema.parse({
    purchaseOrderId: "1796277083022",
    customerOrderId: "5281956426648",
    orderDate: ORDERED,
    orderLines: { orderLine },
    ...more,
  });
  const kept = keepApiOrder(order);
  if (!kept) return null;
  return translateMessage(orderMessage(kept)).map(
    (one) => `${one.fact} ${one.quantity} ${one.sku}`,
  );
}

const rows: [title: string, lines: unknown, expected: string[]][] = [
  ["created", [line("S", "3", [["Created", "3"]])], ["sell 3 S"]],
  ["acknowledged", [line("S", "3", [["Acknowledged", "3"]])], ["sell 3 S"]],
  ["shipped", [line("S", "3", [["Shipped", "3"]])], ["sell 3 S", "ship 3 S"]],
  ["delivered", [line("S", "3", [["Delivered", "3"]])], ["sell 3 S", "ship 3 S"]],
  ["cancelled", [line("S", "3", [["Cancelled", "3"]])], ["sell 3 S", "cancel 3 S"]],
  [
    "one line over three statuses",
    [
      line("S", "6", [
        ["Acknowledged", "1"],
        ["Shipped", "2"],
        ["Cancelled", "3"],
      ]),
    ],
    ["sell 6 S", "cancel 3 S", "ship 2 S"],
  ],
  [
    "shipped in two parcels, one of them delivered",
    [
      line("S", "4", [
        ["Shipped", "1"],
        ["Delivered", "3"],
      ]),
    ],
    ["sell 4 S", "ship 4 S"],
  ],
  [
    "a line per unit",
    [line("S", "1", [["Shipped", "1"]]), line("S", "1", [["Cancelled", "1"]]), line("T", "1", [])],
    ["sell 2 S", "cancel 1 S", "ship 1 S", "sell 1 T"],
  ],
  [
    "a line that is cancelled, and counts nothing any more",
    [line("S", "0", [["Cancelled", "2"]])],
    ["sell 2 S", "cancel 2 S"],
  ],
  ["amounts as numbers", [line("S", 2, [["Created", 2]])], ["sell 2 S"]],
  ["a single line without brackets", line("S", "1", [["Created", "1"]]), ["sell 1 S"]],
  ["a status nobody knows", [line("S", "1", [["Refund", "1"]])], ["sell 1 S"]],
];

test.each(rows)("F: %s", (_title, lines, expected) => {
  expect(facts(lines)).toEqual(expected);
});

test("B8: what Walmart ships takes nothing from the shelf; what a third party ships does", () => {
  const lines = [line("S", "1", [["Created", "1"]])];
  expect(facts(lines, { shipNode: { type: "WFSFulfilled" } })).toBeNull();
  expect(facts(lines, { shipNode: { type: "3PLFulfilled" } })).toEqual(["sell 1 S"]);
  expect(facts(lines, { shipNode: { type: "SellerFulfilled" } })).toEqual(["sell 1 S"]);
});

test("F: two purchase orders of one customer's order are two orders", () => {
  const of = (purchaseOrderId: string) => {
    const lines = [line("S", "1", [["Created", "1"]])];
    const told = { purchaseOrderId, orderDate: ORDERED, orderLines: { orderLine: lines } };
    const kept = keepApiOrder(apiOrderSchema.parse(told));
    return kept ? translateMessage(orderMessage(kept)) : [];
  };
  const ids = [...of("1796277083022"), ...of("1796277083023")].map(
    (one) => "order" in one && one.order,
  );
  expect(ids).toEqual(["1796277083022", "1796277083023"]);
});

test("F: an order of times in words is the same order", () => {
  const lines = [line("S", "1", [["Created", "1"]])];
  const of = (orderDate: unknown) => {
    const told = { purchaseOrderId: "1", orderDate, orderLines: { orderLine: lines } };
    return keepApiOrder(apiOrderSchema.parse(told));
  };
  expect(of(new Date(ORDERED).toISOString())).toEqual(of(ORDERED));
  expect(of(String(ORDERED))).toEqual(of(ORDERED));
});

const units = fc.record({
  shipped: fc.nat({ max: 4 }),
  cancelled: fc.nat({ max: 4 }),
  open: fc.nat({ max: 4 }),
});

test("F: however units are spread over lines and statuses, none is lost and none is told twice", () => {
  fc.assert(
    fc.property(fc.array(units, { minLength: 1, maxLength: 6 }), fc.boolean(), (parts, apart) => {
      const split = parts.flatMap(({ shipped, cancelled, open }) => {
        const statuses: Status[] = [
          ["Shipped", String(shipped)],
          ["Cancelled", cancelled],
          ["Created", String(open)],
        ];
        return apart
          ? statuses.map((status) => line("S", status[1], [status]))
          : [line("S", String(shipped + cancelled + open), statuses)];
      });
      const sum = (of: (one: (typeof parts)[number]) => number) =>
        parts.reduce((total, one) => total + of(one), 0);
      const ordered = sum((one) => one.shipped + one.cancelled + one.open);
      const expected: [string, number][] = [
        ["sell", ordered],
        ["cancel", sum((one) => one.cancelled)],
        ["ship", sum((one) => one.shipped)],
      ];
      expect(facts(split)).toEqual(
        expected.filter(([, n]) => n > 0).map(([fact, n]) => `${fact} ${n} S`),
      );
    }),
  );
});
