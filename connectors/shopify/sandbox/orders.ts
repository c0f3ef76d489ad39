import type { MarketLine, MarketOrder, MarketReturn } from "../../sandbox/market.ts";
import { type PageArgs, page } from "./page.ts";
import { refundsOf, type SandboxRefund } from "./refunds.ts";
import { returnGid, returnOf, returnStatus, returnsOfOrder } from "./returns.ts";
import { shipmentsOf, shippedOrder } from "./shipments.ts";
import type { ShopifyMoment } from "./state.ts";
import { variant } from "./variants.ts";

/** Understands the one filter that the connector uses: updated_at:>='...'. */
export function changedSince(orders: MarketOrder[], query = ""): MarketOrder[] {
  const since = Date.parse(/updated_at:>='([^']+)'/.exec(query)?.[1] ?? "1970-01-01T00:00:00Z");
  return orders
    .filter((order) => order.updatedAt >= since)
    .sort((a, b) => a.updatedAt - b.updatedAt || a.id.localeCompare(b.id));
}

const isoOf = (ms: number) => new Date(ms).toISOString();

export function orderOf(moment: ShopifyMoment) {
  return (order: MarketOrder) => ({
    __typename: "Order",
    id: `gid://shopify/Order/${order.id}`,
    legacyResourceId: order.id,
    test: false,
    createdAt: isoOf(order.createdAt),
    updatedAt: isoOf(order.updatedAt),
    cancelledAt: order.cancelledAt === null ? null : isoOf(order.cancelledAt),
    cartToken: order.cart ?? null,
    displayFulfillmentStatus: fulfillmentStatus(order),
    returnStatus: returnStatus(moment, order.id),
    returns: (args: PageArgs) =>
      page(returnsOfOrder(moment, order.id).map(returned(moment, order)), args),
    lineItems: (args: PageArgs) => page(order.lines.map(lineItem(moment)), args),
    fulfillments: () => fulfillments(moment, order),
    fulfillmentsCount: { count: fulfillments(moment, order).length },
    refunds: () => refundsOf(order).map(refunded(moment)),
  });
}

function refunded(moment: ShopifyMoment) {
  return ({ id, line, quantity, restocked }: SandboxRefund) => ({
    id: `gid://shopify/Refund/${id}`,
    refundLineItems: (args: PageArgs) => {
      const restockType = restocked ? "CANCEL" : "NO_RESTOCK";
      return page([{ quantity, restockType, lineItem: lineItem(moment)(line) }], args);
    },
  });
}

/** The refund that a gid names, of whichever order. */
export function refundNode(moment: ShopifyMoment, gid: string) {
  const id = gid.split("/").at(-1);
  const all = Object.values(moment.state.market.orders).flatMap(refundsOf);
  const found = all.find((refund) => refund.id === id);
  return found ? refunded(moment)(found) : null;
}

function fulfillmentStatus(order: MarketOrder): string {
  const shipped = order.lines.reduce((sum, line) => sum + line.shipped, 0);
  const open = order.lines.reduce((sum, line) => sum + openUnits(line), 0);
  if (shipped === 0) return "UNFULFILLED";
  return open === 0 ? "FULFILLED" : "PARTIALLY_FULFILLED";
}

const openUnits = (line: MarketLine) => line.quantity - line.cancelled - line.shipped;

function lineItem(moment: ShopifyMoment) {
  return (line: MarketLine) => {
    const { market } = moment.state;
    const listing = market.listings[line.sku];
    return {
      id: `gid://shopify/LineItem/${line.id}`,
      sku: line.sku,
      quantity: line.quantity,
      currentQuantity: line.quantity - line.cancelled,
      unfulfilledQuantity: openUnits(line),
      variant: listing ? variant(market, listing) : null,
    };
  };
}

function fulfillments(moment: ShopifyMoment, order: MarketOrder) {
  return shipmentsOf(order).map(({ id, status, units }) => ({
    id: `gid://shopify/Fulfillment/${id}`,
    status: status.toUpperCase(),
    fulfillmentLineItems: (args: PageArgs) =>
      page(
        units.map(({ line, quantity }) => ({
          id: `gid://shopify/FulfillmentLineItem/${line.id}`,
          quantity,
          lineItem: lineItem(moment)(line),
        })),
        args,
      ),
  }));
}

/** The shipment that a gid names, of whichever order. */
export function fulfillmentNode(moment: ShopifyMoment, gid: string) {
  const order = moment.state.market.orders[shippedOrder(gid.split("/").at(-1) ?? "")];
  return order ? (fulfillments(moment, order).find(({ id }) => id === gid) ?? null) : null;
}

const STATUSES = { announced: "OPEN", arrived: "OPEN", closed: "CLOSED" } as const;

/** A return: its lines name the shipment's, whose goods come back. */
function returned(moment: ShopifyMoment, order: MarketOrder) {
  return (back: MarketReturn) => ({
    __typename: "Return",
    id: returnGid(back),
    status: STATUSES[back.stage],
    createdAt: isoOf(back.createdAt),
    closedAt: back.stage === "closed" ? isoOf(back.updatedAt) : null,
    order: () => orderOf(moment)(order),
    returnLineItems: (args: PageArgs) =>
      page(
        back.lines.map(({ id, quantity }) => ({
          __typename: "ReturnLineItem",
          id: `gid://shopify/ReturnLineItem/${id}`,
          quantity,
          processedQuantity: back.stage === "announced" ? 0 : quantity,
          fulfillmentLineItem: { lineItem: lineOf(moment, order, id) },
        })),
        args,
      ),
  });
}

function lineOf(moment: ShopifyMoment, order: MarketOrder, id: string) {
  const line = order.lines.find((one) => one.id === id);
  return line ? lineItem(moment)(line) : null;
}

/** What is behind the gid of a return, or of the goods on their way back. */
export function returnNode(moment: ShopifyMoment, gid: string) {
  const back = returnOf(moment, gid);
  const order = back && moment.state.market.orders[back.order];
  if (!back || !order) return null;
  if (gid === returnGid(back)) return returned(moment, order)(back);
  return { __typename: "ReverseFulfillmentOrder", id: gid, order: () => orderOf(moment)(order) };
}
