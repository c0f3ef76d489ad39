/**
 * Every document this connector sends, for Admin API 2026-10. Tests check each against Shopify's
 * model. Costs are of one call; a call may ask for 1,000 points at most.
 */

/** 13 points whatever the number of rows. */
export const SET_QUANTITIES = `#graphql
  mutation SetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) {
      inventoryAdjustmentGroup { id }
      userErrors { code field message }
    }
  }`;

const LISTING = `#graphql
  fragment Listing on ProductVariant {
    id
    legacyResourceId
    sku
    displayName
    requiresComponents
    sellableOnlineQuantity
    inventoryItem {
      id
      tracked
      inventoryLevel(locationId: $location) { quantities(names: ["available"]) { name quantity } }
      inventoryLevels(first: 2) { nodes { id } }
    }
  }`;

/** 6 points a variant. */
export const LISTINGS = `#graphql
  query Listings($location: ID!, $after: String) {
    productVariants(first: 100, after: $after) {
      nodes { ...Listing }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${LISTING}`;

/** 6 points a variant. */
export const LIVE_QUANTITIES = `#graphql
  query LiveQuantities($location: ID!, $ids: [ID!]!) {
    nodes(ids: $ids) { ...Listing }
  }
  ${LISTING}`;

const ORDER_LINES = `#graphql
  fragment OrderLines on LineItemConnection {
    nodes { id sku quantity unfulfilledQuantity variant { legacyResourceId } }
    pageInfo { hasNextPage endCursor }
  }`;

/** 20 orders of 20 lines: 820 points. Longer orders are read on with ORDER_LINES_AFTER. */
export const ORDERS_SINCE = `#graphql
  query OrdersSince($query: String!, $after: String) {
    orders(first: 20, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes {
        id
        legacyResourceId
        test
        createdAt
        updatedAt
        cancelledAt
        displayFulfillmentStatus
        lineItems(first: 20) { ...OrderLines }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${ORDER_LINES}`;

export const ORDER_LINES_AFTER = `#graphql
  query OrderLinesAfter($order: ID!, $after: String) {
    order(id: $order) { lineItems(first: 250, after: $after) { ...OrderLines } }
  }
  ${ORDER_LINES}`;

/** An order's shipments; what is in each is asked for one by one, to stay cheap. */
export const SHIPMENTS = `#graphql
  query Shipments($order: ID!) {
    order(id: $order) { fulfillments(first: 200) { id status } }
  }`;

export const SHIPMENT_LINES = `#graphql
  query ShipmentLines($shipment: ID!, $after: String) {
    fulfillment(id: $shipment) {
      fulfillmentLineItems(first: 250, after: $after) {
        nodes { quantity lineItem { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`;
