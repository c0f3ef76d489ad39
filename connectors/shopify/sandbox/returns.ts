import type { MarketReturn } from "../../sandbox/market.ts";
import type { ShopifyMoment } from "./state.ts";

export const returnGid = (back: MarketReturn) => `gid://shopify/Return/${back.id}`;

/** The goods on their way back have a number of their own: the return's behind an 8. */
export const reverseGid = (back: MarketReturn) =>
  `gid://shopify/ReverseFulfillmentOrder/8${back.id}`;

/** The return that a gid of either kind names. */
export function returnOf({ state }: ShopifyMoment, gid: string): MarketReturn | null {
  const found = Object.values(state.market.returns);
  return found.find((one) => returnGid(one) === gid || reverseGid(one) === gid) ?? null;
}

export function returnsOfOrder({ state }: ShopifyMoment, order: string): MarketReturn[] {
  return Object.values(state.market.returns).filter((back) => back.order === order);
}

/** Shopify's word for how all of an order's returns stand. */
export function returnStatus(moment: ShopifyMoment, order: string): string {
  const returns = returnsOfOrder(moment, order);
  if (returns.length === 0) return "NO_RETURN";
  return returns.every((back) => back.stage === "closed") ? "RETURNED" : "IN_PROGRESS";
}
