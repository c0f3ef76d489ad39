import { expect, test } from "vitest";
import { readEvent } from "../../../connectors/walmart/event.ts";
import { hintOf, translateMessage } from "../../../connectors/walmart/translate.ts";

const AT = "2026-11-24T12:00:00.000Z";

const event = (eventType: string, payload: object) => ({
  source: { eventType, eventTime: AT, eventId: "04d868a0-d1a2-11ea-a710-459752d002e8" },
  payload: { partnerId: "10020302332", ...payload },
});

/** What an event comes to: its outcome, or what it says and where it points. */
function meaning(body: object) {
  const read = readEvent(body);
  if (read.outcome !== "verified") return read.outcome;
  expect(read.message.externalId).toBe("04d868a0-d1a2-11ea-a710-459752d002e8");
  const facts = translateMessage(read.message).map(
    (one) => `${one.fact} ${one.quantity} ${one.sku}`,
  );
  return [...facts, ...hintOf(read.message).map((id) => `look at ${id}`)];
}

const line = (sku: string, units: unknown, more: object = {}) => ({
  ...{ lineNumber: "1", sku, quantity: { unitOfMeasure: "EACH", measurementValue: units } },
  ...{ status: "Created", statusDate: AT, "shippingProgramType ": "TWO_DAY", ...more },
});

const order = (orderLines: unknown, more: object = {}) => ({
  ...{ purchaseOrderId: "2802123876439", customerOrderId: "4822046869501", orderDate: AT },
  ...{ orderLines, shipNodeType: "SellerFulfilled", ...more },
});

const rows: [title: string, body: object, expected: string | string[]][] = [
  ["a new order", event("PO_CREATED", order([line("S", "1")])), ["sell 1 S"]],
  [
    "a line per unit",
    event("PO_CREATED", order([line("S", "1"), line("S", "1"), line("T", "1")])),
    ["sell 2 S", "sell 1 T"],
  ],
  ["numbers as numbers", event("PO_CREATED", order([line("S", 2)])), ["sell 2 S"]],
  ["a single line without brackets", event("PO_CREATED", order(line("S", "1"))), ["sell 1 S"]],
  [
    "an order id as a number",
    event("PO_CREATED", order([line("S", "1")], { purchaseOrderId: 2802123876439 })),
    ["sell 1 S"],
  ],
  [
    "lines in a way nobody has seen",
    event("PO_CREATED", order([{ item: "S" }])),
    ["look at 2802123876439"],
  ],
  [
    "a new order of which something has happened already",
    event("PO_CREATED", order([line("S", "1", { status: "Cancelled" })])),
    ["look at 2802123876439"],
  ],
  [
    "shipped by Walmart",
    event("PO_CREATED", order([line("S", "1")], { shipNodeType: "WFSFulfilled" })),
    "ignored",
  ],
  [
    "lines that Walmart cancelled",
    event("PO_LINE_AUTOCANCELLED", order([line("S", "1", { status: "Cancelled" })])),
    ["look at 2802123876439"],
  ],
  [
    "a cancellation that is only asked for",
    event("INTENT_TO_CANCEL", order([line("S", "1")])),
    "ignored",
  ],
  [
    "the umbrella over a new order",
    event("ORDER_UPDATES", { subEventType: "PO_CREATED", order: order([line("S", "3")]) }),
    ["sell 3 S"],
  ],
  [
    "the umbrella over a fraud",
    event("ORDER_UPDATES", { subEventType: "FRAUD_CANCEL", order: order([]) }),
    ["look at 2802123876439"],
  ],
  [
    "the umbrella over a wish",
    event("ORDER_UPDATES", { subEventType: "INTENT_TO_CANCEL", order: order([]) }),
    "ignored",
  ],
  [
    "the umbrella, with the order's id beside it",
    event("ORDER_UPDATES", { subEventType: "SOMETHING_NEW", purchaseOrderId: "1" }),
    ["look at 1"],
  ],
  [
    "a return of two products, told without their SKUs",
    event("RETURN_CREATED", {
      returnOrders: [
        { purchaseOrderId: "1", returnOrderId: "156275470377404264", quantity: "1" },
        { purchaseOrderId: "1", returnOrderId: "156275470377404264", quantity: "2" },
      ],
    }),
    ["look at return/156275470377404264"],
  ],
  ["a buy box that changed", event("BUY_BOX_CHANGED", {}), "ignored"],
  ["a driver on his way", event("DRIVER_STATUS", {}), "ignored"],
];

test.each(rows)("F: %s", (_title, body, expected) => {
  expect(meaning(body)).toEqual(expected);
});

test("H5: an item that is out of stock says what it shows, over all of its nodes", () => {
  const node = (availToSellQty: unknown) => ({ availToSellQty, shipNode: "1", shipNodeName: "N" });
  expect(readEvent(event("INVENTORY_OOS", { sku: "S", shipNodes: [node(0)] }))).toEqual({
    outcome: "levels",
    levels: [{ stockId: "S", quantity: 0, at: Date.parse(AT) }],
  });
  const two = readEvent(event("INVENTORY_OOS", { sku: "S", shipNodes: [node(0), node("4")] }));
  expect(two).toMatchObject({ levels: [{ quantity: 4 }] });
});
