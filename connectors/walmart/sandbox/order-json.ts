import type { MarketLine, MarketOrder } from "../../sandbox/market.ts";
import { SHIP_NODE, WFS_NODE } from "./account.ts";
import type { WalmartState } from "./state.ts";

/** Lines of so few units are written as a line per unit, larger ones as one with several statuses. */
const UNIT_LINES_MAX = 3;

export function shipNodeType(state: WalmartState, order: MarketOrder): string {
  const own = order.lines.every(
    (line) => state.market.listings[line.sku]?.merchantFulfilled ?? true,
  );
  return own ? "SellerFulfilled" : "WFSFulfilled";
}

/** Invented, like the telephone number's 555. Only here so that a test can see it dropped. */
const PERSONAL_DATA = {
  customerEmailId: "ada.buyer@example.com",
  shippingInfo: {
    phone: "2025550143",
    estimatedShipDate: 0,
    methodCode: "Standard",
    postalAddress: {
      name: "Ada Buyer",
      address1: "12 Sample Street",
      city: "Sampletown",
      state: "DC",
      postalCode: "20001",
      country: "USA",
      addressType: "RESIDENTIAL",
    },
  },
};

/** A purchase order as GET /v3/orders tells it: times in ms, amounts as text. */
export function orderJson(state: WalmartState, order: MarketOrder) {
  const type = shipNodeType(state, order);
  const lines = order.lines.flatMap(linesOf);
  return {
    purchaseOrderId: order.id,
    customerOrderId: customerOrderId(order),
    ...PERSONAL_DATA,
    orderDate: order.createdAt,
    orderLines: {
      orderLine: lines.map((line, n) => ({
        lineNumber: String(n + 1),
        item: { productName: state.market.listings[line.sku]?.title ?? "", sku: line.sku },
        orderLineQuantity: amount(line.quantity),
        statusDate: order.updatedAt,
        orderLineStatuses: { orderLineStatus: statuses(line) },
      })),
    },
    shipNode: { type, id: type === "WFSFulfilled" ? WFS_NODE : SHIP_NODE },
  };
}

/** Orders of one buyer in one go share it. */
export const customerOrderId = (order: MarketOrder) => `2000${order.id.slice(4)}`;

const amount = (units: number) => ({ unitOfMeasurement: "EACH", amount: String(units) });

type Line = Omit<MarketLine, "id">;

/** The first units are the shipped ones, then come the cancelled ones. */
function linesOf(line: MarketLine): Line[] {
  if (line.quantity > UNIT_LINES_MAX) return [line];
  return Array.from({ length: line.quantity }, (_, unit) => ({
    sku: line.sku,
    quantity: 1,
    shipped: unit < line.shipped ? 1 : 0,
    cancelled: unit >= line.shipped && unit < line.shipped + line.cancelled ? 1 : 0,
  }));
}

function statuses({ quantity, shipped, cancelled }: Line) {
  const parts = [
    { status: "Shipped", units: shipped },
    { status: "Cancelled", units: cancelled },
    { status: "Created", units: quantity - shipped - cancelled },
  ];
  return parts
    .filter(({ units }) => units > 0)
    .map(({ status, units }) => ({ status, statusQuantity: amount(units) }));
}
