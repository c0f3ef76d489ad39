import { expect, test } from "vitest";
import { readNotification } from "../../../connectors/amazon/notification.ts";
import { translateOrder } from "../../../connectors/amazon/translate.ts";

interface Told {
  status?: string;
  items?: { sku?: string | null; id?: string; quantity: number; shipped?: number; asked?: true }[];
  fulfillment?: string;
  seller?: string;
  type?: string;
}

function notification(told: Told): object {
  return {
    NotificationType: told.type ?? "ORDER_CHANGE",
    EventTime: "2026-11-24T12:30:00Z",
    Payload: {
      OrderChangeNotification: {
        SellerId: told.seller ?? "A1",
        AmazonOrderId: "902-1",
        Summary: {
          OrderStatus: told.status ?? "Unshipped",
          PurchaseDate: "2026-11-24T12:00:00Z",
          DestinationPostalCode: "20001",
          FulfillmentType: told.fulfillment ?? "MFN",
          OrderItems: (told.items ?? [{ quantity: 2 }]).map((item) => ({
            ...(item.id === undefined ? {} : { OrderItemId: item.id }),
            ...(item.sku === null ? {} : { SellerSKU: item.sku ?? "S" }),
            Quantity: item.quantity,
            IsBuyerRequestedCancel: item.asked ?? false,
            ...(item.shipped === undefined ? {} : { QuantityShipped: item.shipped }),
          })),
        },
      },
    },
    NotificationMetadata: { NotificationId: "n-1" },
  };
}

const facts: [title: string, told: Told, expected: string[]][] = [
  ["a pending order counts from first sight", { status: "Pending" }, ["sell 2 of S"]],
  ["so does a pre-order", { status: "PendingAvailability" }, ["sell 2 of S"]],
  ["unshipped", {}, ["sell 2 of S"]],
  ["canceled", { status: "Canceled" }, ["sell 2 of S", "cancel 2 of S"]],
  [
    "canceled after a part was shipped",
    { status: "Canceled", items: [{ quantity: 3, shipped: 1 }] },
    ["sell 3 of S", "cancel 2 of S", "ship 1 of S"],
  ],
  [
    "a part shipped",
    { status: "PartiallyShipped", items: [{ quantity: 3, shipped: 1 }] },
    ["sell 3 of S", "ship 1 of S"],
  ],
  ["shipped, the units not said", { status: "Shipped" }, ["sell 2 of S", "ship 2 of S"]],
  [
    "two items of one SKU are one",
    { items: [{ quantity: 1 }, { sku: "T", quantity: 4 }, { quantity: 2 }] },
    ["sell 3 of S", "sell 4 of T"],
  ],
  [
    "a cancellation that the buyer only asks for",
    { items: [{ quantity: 2, asked: true }] },
    ["sell 2 of S"],
  ],
  [
    "an item without a SKU is named after itself",
    { items: [{ sku: null, id: "77", quantity: 1 }] },
    ["sell 1 of order item 77"],
  ],
  [
    "canceled, and the units withdrawn: the sweep tells them",
    { status: "Canceled", items: [{ quantity: 0 }] },
    [],
  ],
];

test.each(facts)("F: %s", (_title, told, expected) => {
  const { verification: read } = readNotification(JSON.stringify(notification(told)));
  if (read.outcome !== "verified") throw new Error(JSON.stringify(read));
  const activities = translateOrder(read.message);
  expect(activities.map((one) => `${one.fact} ${one.quantity} of ${one.listing}`)).toEqual(
    expected,
  );
});

const outcomes: [title: string, body: string, outcome: string][] = [
  ["an order change", JSON.stringify(notification({})), "verified"],
  ["the same in camelCase", JSON.stringify(camelCased(notification({}))), "verified"],
  ["fulfilled by Amazon", JSON.stringify(notification({ fulfillment: "AFN" })), "ignored"],
  ["another type", JSON.stringify(notification({ type: "FEED_PROCESSING_FINISHED" })), "ignored"],
  ["no order in it", JSON.stringify({ ...notification({}), Payload: {} }), "malformed"],
  ["no notification", "{}", "malformed"],
  ["not JSON", "Ada Buyer", "malformed"],
];

test.each(outcomes)("F: %s", (_title, body, outcome) => {
  const { verification: read } = readNotification(body);
  expect(read.outcome).toBe(outcome);
  expect(JSON.stringify(read)).not.toMatch(/20001|Ada/);
});

const quantityChange = (more: object = {}) => ({
  NotificationVersion: "1.0",
  NotificationType: "LISTINGS_ITEM_MFN_QUANTITY_CHANGE",
  EventTime: "2026-11-24T12:30:00Z",
  Payload: { SellerId: "A1", FulfillmentChannelCode: "DEFAULT", Sku: "S", Quantity: 9, ...more },
  NotificationMetadata: { NotificationId: "n-2" },
});

const inEvent = (detail: object) => ({
  version: "0",
  "detail-type": "LISTINGS_ITEM_MFN_QUANTITY_CHANGE",
  source: "aws.partner/sellingpartnerapi.amazon.com/x",
  detail,
});

const quantities: [title: string, body: object, outcome: string][] = [
  ["bare", quantityChange(), "levels"],
  ["in camelCase", camelCased(quantityChange()) as object, "levels"],
  ["as an event", inEvent(quantityChange()), "levels"],
  ["as an event in camelCase", inEvent(camelCased(quantityChange()) as object), "levels"],
  ["kept by Amazon", quantityChange({ FulfillmentChannelCode: "AMAZON_NA" }), "ignored"],
  ["without a quantity", quantityChange({ Quantity: null }), "malformed"],
  ["an event about something else", inEvent({ hello: "world" }), "malformed"],
];

test.each(quantities)("H5: a changed quantity, %s", (_title, body, outcome) => {
  const { verification: read } = readNotification(JSON.stringify(body));
  expect(read.outcome).toBe(outcome);
  if (read.outcome !== "levels") return;
  const at = Date.parse("2026-11-24T12:30:00Z");
  expect(read.levels).toEqual([{ stockId: "S", quantity: 9, at }]);
});

test.each([
  ["an order", notification({ seller: "A2" })],
  ["an order that Amazon ships", notification({ seller: "A2", fulfillment: "AFN" })],
  ["a quantity", quantityChange({ SellerId: "A2" })],
  ["a quantity by way of an event", inEvent(quantityChange({ SellerId: "A2" }))],
])("F: %s says which seller it is for", (_title, body) => {
  expect(readNotification(JSON.stringify(body)).seller).toBe("A2");
});

test("D8: both spellings say the same", () => {
  const told = { status: "PartiallyShipped", items: [{ quantity: 3, shipped: 1 }] };
  const one = readNotification(JSON.stringify(notification(told)));
  const other = readNotification(JSON.stringify(camelCased(notification(told))));
  expect(other).toEqual(one);
});

function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, content]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    camelCased(content),
  ]);
  return Object.fromEntries(entries);
}
