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

/** 5 points. Active locations are all that are answered. */
export const LOCATIONS = `#graphql
  query Locations {
    shop { ianaTimezone currencyCode }
    locations(first: 250) {
      nodes { id name isActive isPrimary fulfillsOnlineOrders isFulfillmentService }
    }
  }`;

const LISTING = `#graphql
  fragment Listing on ProductVariant {
    id
    legacyResourceId
    sku
    barcode
    displayName
    inventoryPolicy
    requiresComponents
    sellableOnlineQuantity
    inventoryItem {
      id
      tracked
      inventoryLevel(locationId: $location) {
        isActive
        quantities(names: ["available"]) { name quantity }
      }
      inventoryLevels(first: 2) { nodes { id location { id isFulfillmentService } } }
    }
  }`;

/** A point: whether we are let in. */
export const WHOAMI = `#graphql
  query WhoAmI { shop { id } }`;

/** A point. Counted up to 10,000, which is all that has to be known. */
export const LISTINGS_COUNT = `#graphql
  query ListingsCount { productVariantsCount { count precision } }`;

/** 8 points a variant. */
export const LISTINGS = `#graphql
  query Listings($location: ID!, $after: String) {
    productVariants(first: 50, after: $after) {
      nodes { ...Listing }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${LISTING}`;

/** 6 points a variant. */
export const LIVE_QUANTITIES = `#graphql
  query LiveQuantities($location: ID!, $ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on ProductVariant {
        legacyResourceId
        sellableOnlineQuantity
        inventoryItem {
          inventoryLevel(locationId: $location) {
            quantities(names: ["available"]) { name quantity }
          }
          inventoryLevels(first: 2) { nodes { id } }
        }
      }
    }
  }`;

/** 3 points an item: 250 of them, which is a whole push, are 750. */
export const RECORDED_QUANTITIES = `#graphql
  query RecordedQuantities($location: ID!, $ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on InventoryItem {
        id
        inventoryLevel(locationId: $location) { quantities(names: ["available"]) { name quantity } }
      }
    }
  }`;

export const RUN_BULK_QUERY = `#graphql
  mutation RunBulkQuery($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: true) {
      bulkOperation { id status }
      userErrors { code field message }
    }
  }`;

export const BULK_OPERATION = `#graphql
  query BulkOperation($id: ID!) {
    bulkOperation(id: $id) { id status errorCode url fileSize rootObjectCount }
  }`;

const ORDER_LINES = `#graphql
  fragment OrderLines on LineItemConnection {
    nodes { id sku quantity currentQuantity unfulfilledQuantity variant { legacyResourceId } }
    pageInfo { hasNextPage endCursor }
  }`;

const ORDER = `#graphql
  fragment Order on Order {
    id
    legacyResourceId
    test
    createdAt
    updatedAt
    cancelledAt
    cartToken
    fulfillmentsCount { count }
    returnStatus
    lineItems(first: 20) { ...OrderLines }
  }
  ${ORDER_LINES}`;

/** 20 orders of 20 lines: 840 points. Longer orders are read on with ORDER_LINES_AFTER. */
export const ORDERS_SINCE = `#graphql
  query OrdersSince($query: String!, $after: String) {
    orders(first: 20, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes { ...Order }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${ORDER}`;

/** As ORDERS_SINCE: 42 points an id, 20 at once at most. */
export const ORDERS_BY_ID = `#graphql
  query OrdersById($ids: [ID!]!) {
    nodes(ids: $ids) { ...Order }
  }
  ${ORDER}`;

/** The order of a return, or of the goods on their way back: what messages about them leave out. */
export const ORDERS_BEHIND = `#graphql
  query OrdersBehind($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ... on Return { order { id } }
      ... on ReverseFulfillmentOrder { behind: order { id } }
    }
  }`;

const RETURN_LINES = `#graphql
  fragment ReturnLines on ReturnLineItemTypeConnection {
    nodes {
      quantity
      processedQuantity
      ... on ReturnLineItem {
        fulfillmentLineItem { lineItem { sku variant { legacyResourceId } } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }`;

/** An order's returns: 3 of 10 lines are 124 points, asked for where there are any. */
export const RETURNS = `#graphql
  query Returns($order: ID!, $after: String) {
    order(id: $order) {
      returns(first: 3, after: $after) {
        nodes {
          id
          status
          createdAt
          closedAt
          returnLineItems(first: 10) { ...ReturnLines }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
  ${RETURN_LINES}`;

export const RETURN_LINES_AFTER = `#graphql
  query ReturnLinesAfter($return: ID!, $after: String) {
    return(id: $return) { returnLineItems(first: 200, after: $after) { ...ReturnLines } }
  }
  ${RETURN_LINES}`;

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
      fulfillmentLineItems(first: 50, after: $after) {
        nodes { quantity lineItem { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`;

/** An order's refunds; what is in each is asked for one by one, to stay cheap. */
export const REFUNDS = `#graphql
  query Refunds($order: ID!) {
    order(id: $order) { refunds(first: 200) { id } }
  }`;

export const REFUND_LINES = `#graphql
  query RefundLines($refund: ID!, $after: String) {
    refund(id: $refund) {
      refundLineItems(first: 50, after: $after) {
        nodes { quantity restockType lineItem { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`;

/** This shop's subscriptions to one door: there are fewer topics than a page has room for. */
export const SUBSCRIPTIONS = `#graphql
  query Subscriptions($door: String!) {
    webhookSubscriptions(first: 100, uri: $door) { nodes { id topic } }
  }`;

export const SUBSCRIBE = `#graphql
  mutation Subscribe($topic: WebhookSubscriptionTopic!, $door: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $door }) {
      webhookSubscription { id }
      userErrors { field message }
    }
  }`;

export const UNSUBSCRIBE = `#graphql
  mutation Unsubscribe($id: ID!) {
    webhookSubscriptionDelete(id: $id) {
      deletedWebhookSubscriptionId
      userErrors { field message }
    }
  }`;
