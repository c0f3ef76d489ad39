import type { OrderNews } from "../../sandbox/definition.ts";
import type { MarketLine, MarketOrder, Outgoing } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { EBAY_SANDBOX } from "./account.ts";
import { signatureOf } from "./keys.ts";
import { itemIdOf } from "./shelf.ts";
import type { EbayState } from "./state.ts";

type Sent = Pick<Outgoing, "id" | "topic" | "body">;

/**
 * What eBay tells of an order: its confirmation, once per line, and that it was marked as shipped.
 * A cancellation it does not tell. A confirmation may come again, as after a failed payment; here
 * the first line of every order of several lines does.
 */
export function notificationsOf(
  state: EbayState,
  order: MarketOrder,
  news: OrderNews,
  now: number,
): Sent[] {
  const tell = (topic: string, lines: readonly MarketLine[]) =>
    notification(state, topic, dataOf(state, order, lines), now);
  switch (news) {
    case "created": {
      const once = order.lines.map((line) => tell("ORDER_CONFIRMATION", [line]));
      const again = order.lines.length > 1 ? order.lines.slice(0, 1) : [];
      return [...once, ...again.map((line) => tell("ORDER_CONFIRMATION", [line]))];
    }
    case "shipped":
      return [
        tell(
          "ITEM_MARKED_SHIPPED",
          order.lines.filter((line) => line.shipped > 0),
        ),
      ];
    case "changed":
    case "cancelled":
      return [];
  }
}

/** Neither SKU nor variation is in it. */
function dataOf({ market }: EbayState, order: MarketOrder, lines: readonly MarketLine[]) {
  const { userId, username } = EBAY_SANDBOX.settings;
  const orderLineItems = lines.map((line) => {
    const listing = market.listings[line.sku];
    const listingId = listing ? itemIdOf(listing) : "0";
    return { orderLineItemId: line.id, listingId, quantity: line.quantity };
  });
  return { user: { userId, username }, order: { orderId: order.id, orderLineItems } };
}

/** Any notification of eBay's, as it comes to a door. */
export function notification(state: EbayState, topic: string, data: unknown, now: number): Sent {
  const notificationId = uuid(state.market);
  const date = new Date(now).toISOString();
  const body = JSON.stringify({
    metadata: { topic, schemaVersion: "1.0", deprecated: false },
    notification: {
      notificationId,
      eventDate: date,
      publishDate: date,
      publishAttemptCount: 1,
      data,
    },
  });
  return { id: notificationId, topic, body };
}

export function notificationHeaders(message: Outgoing): Record<string, string> {
  return { "Content-Type": "application/json", "X-EBAY-SIGNATURE": signatureOf(message.body) };
}
