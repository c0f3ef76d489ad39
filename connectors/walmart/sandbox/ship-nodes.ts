import { HttpResponse, http, type RequestHandler } from "msw";
import { isOpened } from "../../sandbox/elsewhere.ts";
import { SHIP_NODE, WFS_NODE } from "./account.ts";
import { guarded } from "./guard.ts";
import { placeOf } from "./shelf.ts";
import type { WalmartMoment, WalmartState } from "./state.ts";

const NODES = "https://marketplace.walmartapis.com/v3/settings/shipping/shipnodes";

/** The seller's fulfilment centres: the virtual one that everybody has, and what was opened. */
export function shipNodeHandlers(moment: () => WalmartMoment): RequestHandler[] {
  return [
    http.get(NODES, ({ request }) => {
      const now = moment();
      return guarded(now, "shipNodes", request, () => HttpResponse.json(shipNodes(now.state)));
    }),
  ];
}

function shipNodes({ market }: WalmartState) {
  const node = (shipNode: string, shipNodeName: string, nodeType: string) => {
    return { shipNode, shipNodeName, nodeType, status: "ACTIVE", timeZone: "America/New_York" };
  };
  const kept = Object.values(market.listings).some((one) => !one.merchantFulfilled);
  return [
    node(SHIP_NODE, "Virtual node", "VIRTUAL"),
    ...(market.places ?? []).map(({ id, name }) => node(id, name, "PHYSICAL")),
    ...(kept ? [node(WFS_NODE, "Walmart Fulfillment Services", "WFS")] : []),
  ];
}

/** Whether the seller has such a node. */
export function isNode({ market }: WalmartState, shipNode: string): boolean {
  return placeOf(shipNode) === null || isOpened(market, shipNode);
}
