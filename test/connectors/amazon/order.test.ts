import { expect, test } from "vitest";
import { apiOrderSchema, keepApiOrder } from "../../../connectors/amazon/order.ts";
import { translateOrder } from "../../../connectors/amazon/translate.ts";

interface Told {
  status?: string;
  by?: string;
  channel?: string;
  item?: object;
}

function facts({ status = "UNSHIPPED", by = "MERCHANT", channel = "AMAZON", item = {} }: Told) {
  const order = apiOrderSchema.parse({
    orderId: "902-1",
    createdTime: "2026-11-24T12:00:00Z",
    lastUpdatedTime: "2026-11-24T12:30:00Z",
    salesChannel: { channelName: channel },
    fulfillment: { fulfillmentStatus: status, fulfilledBy: by },
    orderItems: [{ orderItemId: "1", quantityOrdered: 3, product: { sellerSku: "S" }, ...item }],
  });
  const kept = keepApiOrder(order);
  if (!kept) return null;
  const activities = translateOrder({ externalId: "x", topic: "ORDER_SWEPT", payload: kept });
  return activities.map((one) => `${one.fact} ${one.quantity} of ${one.listing}`);
}

const units = (quantityFulfilled: number, quantityUnfulfilled: number) => ({
  fulfillment: { quantityFulfilled, quantityUnfulfilled },
});
const cancelled = { cancellation: { cancellationExecution: { cancelledBy: "BUYER" } } };
const asked = { cancellation: { cancellationRequest: { requester: "BUYER" } } };

const rows: [title: string, told: Told, expected: string[] | null][] = [
  ["pending", { status: "PENDING" }, ["sell 3 of S"]],
  [
    "pending, and nothing said to be unfulfilled",
    { status: "PENDING", item: units(0, 0) },
    ["sell 3 of S"],
  ],
  ["unshipped", { item: units(0, 3) }, ["sell 3 of S"]],
  [
    "partly shipped",
    { status: "PARTIALLY_SHIPPED", item: units(1, 2) },
    ["sell 3 of S", "ship 1 of S"],
  ],
  ["shipped, units not said", { status: "SHIPPED" }, ["sell 3 of S", "ship 3 of S"]],
  ["cancelled", { status: "CANCELLED", item: units(0, 0) }, ["sell 3 of S", "cancel 3 of S"]],
  [
    "one item cancelled",
    { item: { ...units(1, 0), ...cancelled } },
    ["sell 3 of S", "cancel 2 of S", "ship 1 of S"],
  ],
  [
    "a cancellation that is only asked for",
    { item: { ...units(0, 3), ...asked } },
    ["sell 3 of S"],
  ],
  [
    "some units of an item cancelled, others still owed",
    { item: { ...units(1, 1), ...cancelled } },
    ["sell 3 of S", "cancel 1 of S", "ship 1 of S"],
  ],
  [
    "cancelled, and Amazon does not say what is left",
    { item: cancelled },
    ["sell 3 of S", "cancel 3 of S"],
  ],
  ["an item without a SKU", { item: { product: {} } }, ["sell 3 of order item 1"]],
  ["fulfilled by Amazon", { by: "AMAZON" }, null],
  ["placed elsewhere", { channel: "NON_AMAZON" }, null],
];

test.each(rows)("F: %s", (_title, told, expected) => {
  expect(facts(told)).toEqual(expected);
});
