import { setRecorded } from "../../sandbox/elsewhere.ts";
import { rowFault } from "../../sandbox/faults.ts";
import { land, type ShelfListing } from "../../sandbox/market.ts";
import { uuid } from "../../sandbox/random.ts";
import { SHIP_NODE, WALMART_SANDBOX } from "./account.ts";
import { placeOf, reservedOf } from "./shelf.ts";
import type { WalmartMoment } from "./state.ts";

/**
 * A new number of a SKU at a node. What is sold and not yet shipped stays taken off whatever is set, so what
 * buyers see moves by the difference to the number before.
 */
export function setQuantity(
  moment: WalmartMoment,
  listing: ShelfListing,
  node: string,
  amount: number,
  lag = moment.lag,
): void {
  const { market } = moment.state;
  if (rowFault(market.faults, listing.sku) === "ignore") return;
  const difference = setRecorded(listing, placeOf(node), amount);
  const change = { sku: listing.sku, kind: "add", quantity: difference } as const;
  land(market, change, amount, lag, moment.now);
  if (listing.recorded - reservedOf(moment.state, listing.sku) <= 0)
    tellOutOfStock(moment, listing);
}

/** INVENTORY_OOS: the only event about a number, and so the only echo there is. */
function tellOutOfStock(moment: WalmartMoment, listing: ShelfListing): void {
  const id = uuid(moment.state.market);
  const topic = "INVENTORY_OOS";
  const body = {
    source: { eventType: topic, eventTime: new Date(moment.now).toISOString(), eventId: id },
    payload: {
      partnerId: WALMART_SANDBOX.account,
      itemId: String(listing.id),
      sku: listing.sku,
      productName: listing.title,
      shipNodes: [{ availToSellQty: 0, shipNode: SHIP_NODE, shipNodeName: "Warehouse" }],
    },
  };
  if (hears(moment, topic)) moment.emit({ id, topic, body: JSON.stringify(body) });
}

function hears({ state }: WalmartMoment, topic: string): boolean {
  return state.subscribed && state.subscriptions.some(({ eventType }) => eventType === topic);
}
