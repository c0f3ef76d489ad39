import { type GraphQLResolveInfo, valueFromASTUntyped } from "graphql";
import { settle } from "../../sandbox/market.ts";
import { itemGid, listingIdOf, variantGid } from "./account.ts";
import { bulkOperation, runBulkQuery } from "./bulk.ts";
import { changedSince, fulfillmentNode, orderOf, refundNode, returnNode } from "./orders.ts";
import { type PageArgs, page } from "./page.ts";
import { type SetInput, setQuantities } from "./set-quantities.ts";
import type { ShopifyMoment } from "./state.ts";
import { subscriptionRoot } from "./subscriptions.ts";
import { inventoryItem, locationsOf, variant } from "./variants.ts";

/** The root of the sandbox's schema. Objects answer their fields by themselves. */
export function rootOf(moment: ShopifyMoment) {
  const { market } = moment.state;
  settle(market, moment.now);
  const listings = () => Object.values(market.listings);
  return {
    shop: { id: "gid://shopify/Shop/1", ianaTimezone: "America/New_York", currencyCode: "USD" },
    locations: (args: PageArgs) => page(locationsOf(market), args),
    productVariantsCount: { count: listings().length, precision: "EXACT" },
    bulkOperation: ({ id }: { id: string }) => bulkOperation(moment, id),
    bulkOperationRunQuery: ({ query }: { query: string }) => runBulkQuery(moment, query),
    ...subscriptionRoot(moment),
    return: ({ id }: { id: string }) => returnNode(moment, id),
    productVariants: (args: PageArgs) =>
      page(
        listings().map((one) => variant(market, one)),
        args,
      ),
    nodes: ({ ids }: { ids: string[] }) => ids.map((gid) => nodeOf(moment, gid)),
    orders: (args: PageArgs & { query?: string }) =>
      page(changedSince(Object.values(market.orders), args.query).map(orderOf(moment)), args),
    order: ({ id }: { id: string }) => {
      const order = market.orders[id.split("/").at(-1) ?? ""];
      return order ? orderOf(moment)(order) : null;
    },
    fulfillment: ({ id }: { id: string }) => fulfillmentNode(moment, id),
    refund: ({ id }: { id: string }) => refundNode(moment, id),
    inventorySetQuantities: (
      { input }: { input: SetInput },
      _context: unknown,
      info: GraphQLResolveInfo,
    ) => setQuantities(moment, input, idempotencyKey(info)),
  };
}

/** What a gid names, of the few kinds that are asked for so. */
function nodeOf(moment: ShopifyMoment, gid: string) {
  const { market } = moment.state;
  const [kind = "", id = ""] = gid.split("/").slice(-2);
  const listing = Object.values(market.listings).find((one) => one.id === listingIdOf(gid));
  switch (kind) {
    case "ProductVariant":
      return listing && gid === variantGid(listing) ? variant(market, listing) : null;
    case "InventoryItem":
      return listing && gid === itemGid(listing) ? inventoryItem(market, listing) : null;
    case "Order": {
      const order = market.orders[id];
      return order ? orderOf(moment)(order) : null;
    }
    default:
      return returnNode(moment, gid);
  }
}

function idempotencyKey(info: GraphQLResolveInfo): string | null {
  const directives = info.fieldNodes.flatMap((node) => node.directives ?? []);
  const found = directives.find((directive) => directive.name.value === "idempotent");
  const key = found?.arguments?.find((argument) => argument.name.value === "key");
  const value = key ? valueFromASTUntyped(key.value, info.variableValues) : null;
  return typeof value === "string" && value.trim() !== "" ? value : null;
}
