import { type GraphQLResolveInfo, valueFromASTUntyped } from "graphql";
import {
  type MarketLine,
  type MarketOrder,
  type ShelfListing,
  settle,
} from "../../sandbox/market.ts";
import { itemGid, listingIdOf, SHOPIFY_SANDBOX, variantGid } from "./account.ts";
import { type SetInput, setQuantities } from "./set-quantities.ts";
import type { ShopifyMoment } from "./state.ts";

interface PageArgs {
  first?: number;
  after?: string | null;
}

/** The root of the sandbox's schema. Objects answer their fields by themselves. */
export function rootOf(moment: ShopifyMoment) {
  const { market } = moment.state;
  settle(market, moment.now);
  const listings = () => Object.values(market.listings);
  return {
    productVariants: (args: PageArgs) => page(listings().map(variant), args),
    nodes: ({ ids }: { ids: string[] }) =>
      ids.map((gid) => {
        const found = listings().find((listing) => listing.id === listingIdOf(gid));
        return found && gid === variantGid(found) ? variant(found) : null;
      }),
    orders: (args: PageArgs & { query?: string }) =>
      page(changedSince(Object.values(market.orders), args.query).map(orderOf(moment)), args),
    order: ({ id }: { id: string }) => {
      const order = market.orders[id.split("/").at(-1) ?? ""];
      return order ? orderOf(moment)(order) : null;
    },
    fulfillment: ({ id }: { id: string }) => {
      const order = market.orders[fulfilledOrder(id)];
      return order ? fulfillment(moment, order) : null;
    },
    inventorySetQuantities: (
      { input }: { input: SetInput },
      _context: unknown,
      info: GraphQLResolveInfo,
    ) => setQuantities(moment, input, idempotencyKey(info)),
  };
}

function page<T>(rows: T[], { first = 50, after }: PageArgs) {
  const from = after ? Number(after) : 0;
  const hasNextPage = rows.length > from + first;
  return {
    nodes: rows.slice(from, from + first),
    pageInfo: { hasNextPage, endCursor: String(Math.min(rows.length, from + first)) },
  };
}

function idempotencyKey(info: GraphQLResolveInfo): string | null {
  const directives = info.fieldNodes.flatMap((node) => node.directives ?? []);
  const found = directives.find((directive) => directive.name.value === "idempotent");
  const key = found?.arguments?.find((argument) => argument.name.value === "key");
  const value = key ? valueFromASTUntyped(key.value, info.variableValues) : null;
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function variant(listing: ShelfListing) {
  return {
    __typename: "ProductVariant",
    id: variantGid(listing),
    legacyResourceId: String(listing.id),
    sku: listing.sku,
    displayName: listing.title,
    requiresComponents: false,
    sellableOnlineQuantity: Math.max(0, listing.displayed),
    inventoryItem: inventoryItem(listing),
  };
}

function inventoryItem(listing: ShelfListing) {
  const location = SHOPIFY_SANDBOX.settings.locationId;
  const level = {
    id: `gid://shopify/InventoryLevel/${listing.id}`,
    quantities: ({ names }: { names: string[] }) =>
      names.map((name) => ({ name, quantity: name === "available" ? listing.recorded : 0 })),
  };
  return {
    id: itemGid(listing),
    tracked: listing.merchantFulfilled,
    inventoryLevel: (args: { locationId: string }) =>
      args.locationId === location && listing.merchantFulfilled ? level : null,
    inventoryLevels: () => ({ nodes: listing.merchantFulfilled ? [level] : [] }),
  };
}

/** Understands the one filter that the connector uses: updated_at:>='...'. */
function changedSince(orders: MarketOrder[], query = ""): MarketOrder[] {
  const since = Date.parse(/updated_at:>='([^']+)'/.exec(query)?.[1] ?? "1970-01-01T00:00:00Z");
  return orders
    .filter((order) => order.updatedAt >= since)
    .sort((a, b) => a.updatedAt - b.updatedAt || a.id.localeCompare(b.id));
}

const isoOf = (ms: number) => new Date(ms).toISOString();

function orderOf(moment: ShopifyMoment) {
  return (order: MarketOrder) => ({
    id: `gid://shopify/Order/${order.id}`,
    legacyResourceId: order.id,
    test: false,
    createdAt: isoOf(order.createdAt),
    updatedAt: isoOf(order.updatedAt),
    cancelledAt: order.cancelledAt === null ? null : isoOf(order.cancelledAt),
    displayFulfillmentStatus: fulfillmentStatus(order),
    lineItems: (args: PageArgs) => page(order.lines.map(lineItem(moment)), args),
    fulfillments: () =>
      order.lines.some((line) => line.shipped > 0) ? [fulfillment(moment, order)] : [],
  });
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
    const listing = moment.state.market.listings[line.sku];
    return {
      id: `gid://shopify/LineItem/${line.id}`,
      sku: line.sku,
      quantity: line.quantity,
      unfulfilledQuantity: openUnits(line),
      variant: listing ? variant(listing) : null,
    };
  };
}

const fulfilledOrder = (gid: string) => (gid.split("/").at(-1) ?? "").replace(/^9/, "");

/** The sandbox keeps one shipment per order; its id is the order's behind a 9. */
function fulfillment(moment: ShopifyMoment, order: MarketOrder) {
  const shipped = order.lines.filter((line) => line.shipped > 0);
  return {
    id: `gid://shopify/Fulfillment/9${order.id}`,
    status: "SUCCESS",
    fulfillmentLineItems: (args: PageArgs) =>
      page(
        shipped.map((line) => ({
          id: `gid://shopify/FulfillmentLineItem/${line.id}`,
          quantity: line.shipped,
          lineItem: lineItem(moment)(line),
        })),
        args,
      ),
  };
}
