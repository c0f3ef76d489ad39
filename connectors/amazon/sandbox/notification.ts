import type { OrderNews } from "../../sandbox/definition.ts";
import type { MarketOrder } from "../../sandbox/market.ts";
import { AMAZON_SANDBOX, MARKETPLACE } from "./account.ts";
import { isMerchantFulfilled, orderStatus } from "./orders.ts";
import type { AmazonState } from "./state.ts";

const STATUS = {
  canceled: "Canceled",
  unshipped: "Unshipped",
  partially_shipped: "PartiallyShipped",
  shipped: "Shipped",
} as const;

/** The buyer's postal code is the one personal thing in it; the product must not keep it. */
export const POSTAL_CODE = "20001";

/** An ORDER_CHANGE notification, version 1.0, as Amazon puts it into the seller's queue. */
export function orderChange(
  state: AmazonState,
  order: MarketOrder,
  news: OrderNews,
  notificationId: string,
  now: number,
): string {
  const at = new Date(now).toISOString();
  // A buyer has chosen, and his payment is not yet authorized.
  const status = news === "created" ? "Pending" : STATUS[orderStatus(order)];
  return JSON.stringify({
    NotificationVersion: "1.0",
    NotificationType: "ORDER_CHANGE",
    PayloadVersion: "1.0",
    EventTime: at,
    Payload: {
      OrderChangeNotification: {
        NotificationLevel: "OrderLevel",
        SellerId: AMAZON_SANDBOX.account,
        AmazonOrderId: order.id,
        OrderChangeType: "OrderStatusChange",
        OrderChangeTrigger: { TimeOfOrderChange: at, ChangeReason: `Status is ${status}` },
        Summary: summary(state, order, status),
      },
    },
    NotificationMetadata: {
      ApplicationId: "amzn1.sp.solution.sandbox",
      SubscriptionId: "sandbox-subscription",
      PublishTime: at,
      NotificationId: notificationId,
    },
  });
}

function summary(state: AmazonState, order: MarketOrder, status: string) {
  const shipped = order.lines.reduce((sum, line) => sum + line.shipped, 0);
  const open = order.lines.reduce(
    (sum, line) => sum + line.quantity - line.cancelled - line.shipped,
    0,
  );
  return {
    MarketplaceId: MARKETPLACE,
    OrderStatus: status,
    PurchaseDate: new Date(order.createdAt).toISOString(),
    DestinationPostalCode: POSTAL_CODE,
    FulfillmentType: isMerchantFulfilled(state, order) ? "MFN" : "AFN",
    OrderType: "StandardOrder",
    NumberOfItemsShipped: shipped,
    NumberOfItemsUnshipped: open,
    OrderItems: order.lines.map((line) => ({
      OrderItemId: line.id,
      SellerSKU: line.sku,
      SupplySourceId: null,
      Quantity: line.quantity,
      QuantityShipped: line.shipped,
      IsBuyerRequestedCancel: false,
    })),
  };
}
