import { createHmac } from "node:crypto";
import type { OrderNews } from "../../sandbox/definition.ts";
import type { MarketOrder, MarketReturn, Outgoing } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { doorSecret } from "../door-secret.ts";
import { WALMART_SANDBOX } from "./account.ts";
import { customerOrderId, shipNodeType } from "./order-json.ts";
import type { Subscription, WalmartState } from "./state.ts";

type Event = Pick<Outgoing, "id" | "topic" | "body">;

/** An order that is shipped has no event, and neither has one that its merchant cancelled. */
const ORDER_EVENTS = {
  created: "PO_CREATED",
  cancelled: "PO_LINE_AUTOCANCELLED",
  shipped: null,
  changed: null,
} satisfies Record<OrderNews, string | null>;

const RETURN_EVENTS = {
  announced: "RETURN_CREATED",
  arrived: "RETURN_DELIVERED",
  closed: "RETURN_INVOICED",
} as const;

/**
 * What Walmart says of an order; null where it says nothing, or nobody asked. The umbrella event
 * is for those who have not subscribed to the single ones.
 */
export function orderEvent(
  state: WalmartState,
  order: MarketOrder,
  news: OrderNews,
  now: number,
): Event | null {
  const topic = ORDER_EVENTS[news];
  if (topic === null) return null;
  const payload = orderPayload(state, order, topic, now);
  if (isWanted(state, topic)) return event(state, topic, now, payload);
  if (!isWanted(state, "ORDER_UPDATES")) return null;
  return event(state, "ORDER_UPDATES", now, { subEventType: topic, order: payload });
}

function orderPayload(state: WalmartState, order: MarketOrder, topic: string, now: number) {
  return {
    purchaseOrderId: order.id,
    customerOrderId: customerOrderId(order),
    orderDate: new Date(order.createdAt).toISOString(),
    customer: { name: "Ada Buyer", email: "ada.buyer@example.com" },
    orderLines: order.lines.map((line, n) => ({
      lineNumber: String(n + 1),
      sku: line.sku,
      quantity: { unitOfMeasure: "EACH", measurementValue: String(line.quantity) },
      status: topic === "PO_CREATED" ? "Created" : "Cancelled",
      statusDate: new Date(now).toISOString(),
      shippingMethod: "STANDARD",
      // With the space: it is in their own sample.
      "shippingProgramType ": "TWO_DAY",
    })),
    shipNodeType: shipNodeType(state, order),
  };
}

export function returnEvent(state: WalmartState, back: MarketReturn, now: number): Event | null {
  const topic = RETURN_EVENTS[back.stage];
  if (!isWanted(state, topic)) return null;
  return event(state, topic, now, {
    partnerName: "Sandbox seller",
    returnOrders: back.lines.map((line) => ({
      purchaseOrderId: back.order,
      returnOrderId: back.id,
      productName: state.market.listings[line.sku]?.title ?? "",
      quantity: String(line.quantity),
      returnReason: "No longer wanted",
      refundStatus: "Non Refunded",
    })),
  });
}

function event(state: WalmartState, topic: string, now: number, payload: object): Event {
  const id = uuid(state.market);
  const source = { eventType: topic, eventTime: new Date(now).toISOString(), eventId: id };
  const partnerId = WALMART_SANDBOX.account;
  const body = JSON.stringify({ source, payload: { partnerId, ...payload } });
  return { id, topic, body };
}

/** Before anybody has subscribed, everything is sent: the sandbox's merchant has just come. */
const isWanted = (state: WalmartState, topic: string) =>
  !state.subscribed || state.subscriptions.some((one) => isActiveFor(one, topic));

const isActiveFor = (one: Subscription, topic: string) =>
  one.eventType === topic && one.status === "ACTIVE";

/** The headers that were subscribed with: a signature of the body, or a password. */
export function eventHeaders(message: Outgoing, state: WalmartState): Record<string, string> {
  const type = { "content-type": "application/json" };
  const auth = state.subscriptions.find((one) => isActiveFor(one, message.topic))?.authDetails;
  if (auth?.authMethod === "BASIC_AUTH") {
    const user = Buffer.from(`${auth.userName}:${auth.password}`).toString("base64");
    return { ...type, authorization: `Basic ${user}` };
  }
  const { clientSecret } = WALMART_SANDBOX.app;
  const secret =
    auth?.clientSecret ?? doorSecret(clientSecret, state.market.connection ?? "") ?? "";
  const signature = createHmac("sha256", secret).update(message.body).digest("base64");
  return { ...type, [auth?.authHeaderName ?? "Authorization"]: signature };
}
