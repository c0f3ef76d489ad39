import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { type ApiOrder, apiOrderSchema, keepOrder } from "../../../connectors/ebay/order.ts";
import { hint, translate } from "../../../connectors/ebay/translate.ts";
import { API, craftedSession, NOW } from "./crafted.ts";

const CREATED = "2026-11-24T10:00:00.000Z";
const CHANGED = "2026-11-24T11:00:00.000Z";

const line = {
  ...{ lineItemId: "1", legacyItemId: "110", sku: "TEA", quantity: 3 },
  ...{ lineItemFulfillmentStatus: "NOT_STARTED", total: { value: "30.00" }, refunds: [] },
};
const order = {
  ...{ orderId: "27-1", creationDate: CREATED, lastModifiedDate: CHANGED },
  ...{ orderPaymentStatus: "PAID", cancelStatus: { cancelState: "NONE_REQUESTED" } },
  buyer: { username: "ada.buyer" },
};

const parsed = (given: object, lines: object[]): ApiOrder =>
  apiOrderSchema.parse({ ...order, ...given, lineItems: lines });

function factsOf(given: object, lines: object[], shipped: Record<string, number> = {}) {
  const payload = keepOrder(parsed(given, lines), new Map(Object.entries(shipped)));
  if (!payload) return null;
  expect(JSON.stringify(payload)).not.toContain("ada");
  const message = { externalId: "x", topic: "order/swept", payload };
  return translate(message).map((one) => (one.fact === "return" ? [] : [one.fact, one.quantity]));
}

const refund = (value: string) => ({ refunds: [{ amount: { value } }] });
const FULFILLED = { lineItemFulfillmentStatus: "FULFILLED" };
const IN_PROGRESS = { lineItemFulfillmentStatus: "IN_PROGRESS" };
const CANCELED = { cancelStatus: { cancelState: "CANCELED" } };
const sold = ["sell", 3];

test.each([
  ["a paid order is owed", {}, {}, {}, [sold]],
  ["an unpaid one is owed at first sight", { orderPaymentStatus: "PENDING" }, {}, {}, [sold]],
  ["shipped", {}, FULFILLED, {}, [sold, ["ship", 3]]],
  ["shipped in part", {}, IN_PROGRESS, { "1": 2 }, [sold, ["ship", 2]]],
  ["marked as shipped twice", {}, IN_PROGRESS, { "1": 7 }, [sold, ["ship", 3]]],
  ["cancelled", CANCELED, {}, {}, [sold, ["cancel", 3]]],
  [
    "cancelled after a part was shipped",
    CANCELED,
    IN_PROGRESS,
    { "1": 1 },
    [sold, ["cancel", 2], ["ship", 1]],
  ],
  ["asked to cancel", { cancelStatus: { cancelState: "IN_PROGRESS" } }, {}, {}, [sold]],
  ["refunded in full, never shipped", {}, refund("30.00"), {}, [sold, ["cancel", 3]]],
  ["refunded in part: no units are told", {}, refund("10.00"), {}, [sold]],
  [
    "refunded after it was shipped",
    {},
    { ...FULFILLED, ...refund("30.00") },
    {},
    [sold, ["ship", 3]],
  ],
  [
    "the whole order refunded",
    { orderPaymentStatus: "FULLY_REFUNDED" },
    {},
    {},
    [sold, ["cancel", 3]],
  ],
  ["no word of refunds or totals", {}, { refunds: null, total: null }, {}, [sold]],
])("F: %s", (_what, given, own, shipped, facts) => {
  expect(factsOf(given, [{ ...line, ...own }], shipped)).toEqual(facts);
});

test("B8: what eBay ships from its own centres takes nothing from the merchant's shelf", () => {
  const program = { fulfillmentProgram: { fulfilledBy: "EBAY" } };
  expect(factsOf({ program }, [line])).toBeNull();
});

const aspects = [
  { name: "Size", value: "M" },
  { name: "Colour", value: "Blue & red" },
];

test.each([
  ["by its SKU", {}, "110/TEA"],
  ["a variation by its SKU too", { legacyVariationId: "9", variationAspects: aspects }, "110/TEA"],
  ["without a SKU by its listing", { sku: undefined }, "110"],
  [
    "a variation without one by what tells it apart",
    { sku: "", legacyVariationId: "9", variationAspects: aspects },
    "110/~Colour=Blue%20%26%20red&Size=M",
  ],
  ["or, where nothing does, by its id", { sku: null, legacyVariationId: "9" }, "110/#9"],
])("F: a line is called %s", (_what, own, listing) => {
  const kept = keepOrder(parsed({}, [{ ...line, ...own }]), new Map());
  expect(kept?.lines[0]?.listing).toBe(listing);
});

test("F: a topic that is not ours is a defect, and a return is no order", () => {
  expect(() => hint({ externalId: "x", topic: "ORDER_CONFIRMATION", payload: {} })).toThrow();
  expect(hint({ externalId: "x", topic: "order/swept", payload: {} })).toEqual([]);
  expect(() => translate({ externalId: "x", topic: "return/swept", payload: {} })).toThrow();
});

const ORDERS = `${API}/sell/fulfillment/v1/order`;
const orderNamed = (id: number) => ({ ...order, orderId: `27-${id}`, lineItems: [line] });

test("F: orders that change during a sweep leave its window, and none behind them is missed", async () => {
  let window = Array.from({ length: 450 }, (_, n) => orderNamed(n));
  const session = craftedSession([
    http.get(ORDERS, ({ request }) => {
      const query = new URL(request.url).searchParams;
      const offset = Number(query.get("offset"));
      const page = window.slice(offset, offset + Number(query.get("limit")));
      const total = window.length;
      // Ten orders of the first page change while it is on its way.
      if (offset === 0 && total === 450) window = window.slice(10);
      return HttpResponse.json({ total, orders: page });
    }),
  ]);
  const seen = new Set<string>();
  for (let cursor: string | null = null, first = true; first || cursor; first = false) {
    const page = await session.ordersSince(NOW - 3_600_000, cursor);
    if (page.outcome !== "swept") throw new Error(JSON.stringify(page));
    for (const { externalId } of page.messages) seen.add(externalId);
    cursor = page.next;
  }
  expect(seen.size).toBe(450);
});

test("F: the window is closed, in the past, and written as eBay reads it", async () => {
  const asked: string[] = [];
  const session = craftedSession([
    http.get(ORDERS, ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ total: 0, orders: [] });
    }),
  ]);
  const swept = await session.ordersSince(NOW - 3_600_000, null);
  expect(swept).toEqual({ outcome: "swept", messages: [], knownTo: NOW - 5_000, next: null });
  const [search = ""] = asked;
  expect(search).not.toMatch(/[[\]]/);
  expect(new URLSearchParams(search).get("filter")).toBe(
    "lastmodifieddate:[2026-11-24T11:00:00.000Z..2026-11-24T11:59:55.000Z]",
  );
  await session.ordersSince(Date.UTC(2020, 0, 1), null);
  expect(asked[1]).toContain("2024-11-25");
  expect(await session.ordersSince(NOW, null)).toMatchObject({
    messages: [],
    knownTo: NOW - 5_000,
  });
  expect(asked).toHaveLength(2);
});

test("F: orders are asked for 50 at a time, each once", async () => {
  const asked: string[][] = [];
  const session = craftedSession([
    http.get(ORDERS, ({ request }) => {
      const ids = new URL(request.url).searchParams.get("orderIds")?.split(",") ?? [];
      asked.push(ids);
      const orders = ids.map((id) => orderNamed(Number(id.slice(3))));
      return HttpResponse.json({ total: ids.length, orders });
    }),
  ]);
  const ids = Array.from({ length: 120 }, (_, n) => `27-${n}`);
  const found = await session.orders?.([...ids, ...ids]);
  expect(found?.outcome === "orders" && found.messages).toHaveLength(120);
  expect(asked.map((some) => some.length)).toEqual([50, 50, 20]);
});
