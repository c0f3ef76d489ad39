import { expect, test } from "vitest";
import { orderMessage } from "../../../connectors/tiktok/message.ts";
import { type ApiOrder, apiOrderSchema, keepOrder } from "../../../connectors/tiktok/order.ts";
import { readJson } from "../../../connectors/tiktok/read-json.ts";
import { translate } from "../../../connectors/tiktok/translate.ts";

type Unit = NonNullable<ApiOrder["line_items"]>[number];

const unit = (display_status: string | null, sku = "S"): Unit => ({
  sku_id: `17293883249878978${sku}`,
  seller_sku: sku,
  display_status,
});

const order = (status: string, units: Unit[], more: Partial<ApiOrder> = {}): ApiOrder => ({
  id: "576653688135258178",
  status,
  create_time: 1_000,
  update_time: 2_000,
  line_items: units,
  ...more,
});

const factsOf = (told: ApiOrder) =>
  orderMessage(keepOrder(told))
    .flatMap(translate)
    .map(({ fact, sku, quantity }) => `${fact} ${quantity} ${sku}`);

const two = (status: string | null) => [unit(status), unit(status)];

const rows: [title: string, told: ApiOrder, facts: string[]][] = [
  ["unpaid counts at first sight", order("UNPAID", two("UNPAID")), ["sell 2 S"]],
  ["so does what its buyer may still regret", order("ON_HOLD", two("ON_HOLD")), ["sell 2 S"]],
  ["packed is still here", order("AWAITING_COLLECTION", two("AWAITING_COLLECTION")), ["sell 2 S"]],
  ["on its way", order("IN_TRANSIT", two("IN_TRANSIT")), ["sell 2 S", "ship 2 S"]],
  ["delivered was shipped", order("DELIVERED", two("DELIVERED")), ["sell 2 S", "ship 2 S"]],
  ["completed was shipped", order("COMPLETED", two("COMPLETED")), ["sell 2 S", "ship 2 S"]],
  ["cancelled", order("CANCELLED", two("CANCELLED")), ["sell 2 S", "cancel 2 S"]],
  ["cancelled, as messages spell it", order("CANCEL", two(null)), ["sell 2 S", "cancel 2 S"]],
  [
    "cancelled while its units lag behind",
    order("CANCELLED", two("UNPAID")),
    ["sell 2 S", "cancel 2 S"],
  ],
  [
    "cancelled on its way: not on the shelf until it is back",
    order("CANCELLED", two("CANCELLED"), { collection_time: 1_500 }),
    ["sell 2 S", "ship 2 S"],
  ],
  [
    "one unit cancelled, one shipped, one open",
    order("PARTIALLY_SHIPPING", [unit("CANCELLED"), unit("IN_TRANSIT"), unit("AWAITING_SHIPMENT")]),
    ["sell 3 S", "cancel 1 S", "ship 1 S"],
  ],
  [
    "units without a status have the order's",
    order("IN_TRANSIT", two(null)),
    ["sell 2 S", "ship 2 S"],
  ],
  ["a status nobody knows is owed", order("NEW_STATUS", two("NEW_STATUS")), ["sell 2 S"]],
  [
    "SKUs are counted apart",
    order("UNPAID", [unit("UNPAID", "A"), unit("UNPAID", "B"), unit("UNPAID", "A")]),
    ["sell 2 A", "sell 1 B"],
  ],
  [
    "a SKU without a code",
    order("UNPAID", [{ sku_id: "1729388324987897824", seller_sku: null }]),
    ["sell 1 "],
  ],
  [
    "a combined listing sells what it is made of",
    order("UNPAID", [
      {
        ...unit("UNPAID", "SET"),
        combined_listing_skus: [{ sku_id: "1729388324987897824", sku_count: 2, seller_sku: "A" }],
      },
    ]),
    ["sell 2 A"],
  ],
];

test.each(rows)("F: %s", (_title, told, facts) => {
  expect(factsOf(told)).toEqual(facts);
});

test.each(["FULFILLMENT_BY_TIKTOK", "FULFILLMENT_BY_DILAYANI_TOKOPEDIA"])(
  "B8: what is shipped from the platform's shelves (%s) takes nothing from ours",
  (fulfillment_type) => {
    expect(orderMessage(keepOrder(order("UNPAID", two("UNPAID"), { fulfillment_type })))).toEqual(
      [],
    );
  },
);

test.each(["is_sample_order", "is_replacement_order", "is_exchange_order"])(
  "F: an order that is one by %s leaves our shelf like any other",
  (flag) => {
    const told = { ...order("AWAITING_SHIPMENT", [unit("AWAITING_SHIPMENT")]), [flag]: true };
    expect(factsOf(apiOrderSchema.parse(told))).toEqual(["sell 1 S"]);
  },
);

test("F: listings and orders are named to their last digit", () => {
  const text = `{"id": 5766536881352581789, "status": "UNPAID", "create_time": 1,
    "line_items": [{"sku_id": 1729388324987897824, "seller_sku": "a \\" 12345678901234567"}]}`;
  const [activity] = orderMessage(keepOrder(apiOrderSchema.parse(readJson(text)))).flatMap(
    translate,
  );
  expect(activity).toMatchObject({
    order: "5766536881352581789",
    listing: "1729388324987897824",
    sku: 'a " 12345678901234567',
  });
});

test.each([
  ['{"a":1234567890123456789}', { a: "1234567890123456789" }],
  ["[12345678901234567890,-1234567890123456]", ["12345678901234567890", "-1234567890123456"]],
  ['{"a":0.12345678901234567890}', { a: 0.12345678901234568 }],
  ['{"a":1234567890123456.5}', { a: 1234567890123456.5 }],
  ['{"a":1700000000,"b":"1234567890123456789"}', { a: 1_700_000_000, b: "1234567890123456789" }],
])("F: %s is read without a loss", (text, value) => {
  expect(readJson(text)).toEqual(value);
});

test("D8: an order that says the same has the same name, and another when it changed", () => {
  const [first] = orderMessage(keepOrder(order("UNPAID", two("UNPAID"))));
  const [same] = orderMessage(keepOrder(order("ON_HOLD", two("ON_HOLD"))));
  const [changed] = orderMessage(keepOrder(order("CANCELLED", two("CANCELLED"))));
  expect(same?.externalId).toBe(first?.externalId);
  expect(changed?.externalId).not.toBe(first?.externalId);
});
