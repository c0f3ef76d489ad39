import type { OrderFact } from "./order-line.ts";

/** Something that happened on a marketplace, in our words. */
export type Activity = OrderActivity | ReturnActivity | CartActivity;

export function isOrderActivity(activity: Activity): activity is OrderActivity {
  return activity.fact !== "return" && activity.fact !== "cart";
}

/**
 * A part of a shopper's cart, as its marketplace tells of it: late, and without saying when the
 * shopper has gone. All parts of one message are the whole cart at that time.
 */
export interface CartActivity {
  fact: "cart";
  /** Our name of the cart, made from its secret token: see connectors/shopify/cart.ts. */
  cart: string;
  /** The listing, "" in the one activity of an empty cart, whose quantity is 0. */
  listing: string;
  sku: string;
  quantity: number;
  at: number;
}

/**
 * A return, as far as its marketplace knows. It moves no stock: a unit that comes back is received
 * and inspected by a person before it can be sold again.
 */
export interface ReturnActivity {
  fact: "return";
  /** The marketplace's id of the return, unique within its connection. */
  id: string;
  order: string;
  listing: string;
  sku: string;
  /** Units of this listing in this return. */
  quantity: number;
  /** announced: the buyer may send it; arrived: the marketplace or carrier says it is here; closed: nothing more will come of it. Later ones win. */
  stage: "announced" | "arrived" | "closed";
  at: number;
}

/**
 * A part of an order. A marketplace's order is told as
 * cumulative facts per listing: "2 of L are ordered", "1 of L is cancelled by now".
 */
export interface OrderActivity {
  fact: OrderFact;
  /** The marketplace's id of the order, unique within its connection. */
  order: string;
  /** The connection's own id of what was sold: `Listing.externalId`. */
  listing: string;
  /** The seller SKU as the marketplace wrote it, to name the line when the listing is unknown. */
  sku: string;
  /** Units, cumulative over the order's lines of this listing. At least 1. */
  quantity: number;
  /** When it happened there, in ms since the epoch. */
  at: number;
  /** Our name of the cart it came from, where that is known. */
  cart?: string;
  /** Code of our location it leaves from, or comes back to: for "ship" and "unship", when it is said. */
  location?: string;
}

/**
 * The id of a business fact: which connection, order, item, what, and how far. It never contains
 * the delivery, so a webhook and a poll that report the same cancellation collide (invariant 4).
 */
export function orderActivityId(
  connection: string,
  order: string,
  item: string,
  fact: OrderFact,
  cumulative: number,
): string {
  return [connection, order, item, fact, cumulative].join("/");
}
