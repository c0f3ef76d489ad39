import { buildSchema } from "graphql";

/** Topics that may be subscribed to: a few of Shopify's many. */
const TOPICS = [
  ..."CREATE UPDATED CANCELLED EDITED FULFILLED PARTIALLY_FULFILLED"
    .split(" ")
    .map((one) => `ORDERS_${one}`),
  ..."REQUEST APPROVE DECLINE CANCEL CLOSE REOPEN UPDATE PROCESS"
    .split(" ")
    .map((one) => `RETURNS_${one}`),
  ...["REFUNDS_CREATE", "REVERSE_FULFILLMENT_ORDERS_DISPOSE"],
  ...["INVENTORY_LEVELS_UPDATE", "APP_UNINSTALLED"],
];

/**
 * The part of the Admin API (2026-10) that the sandbox answers, written for it: the names are
 * Shopify's, the selection is what the connector asks for. Tests check the connector's documents
 * against Shopify's whole model as well.
 */
export const ADMIN_SCHEMA = buildSchema(`
  directive @idempotent(key: String!) on FIELD
  scalar DateTime
  scalar UnsignedInt64
  scalar URL

  type Query {
    shop: Shop!
    locations(first: Int): LocationConnection!
    productVariantsCount(limit: Int): Count
    bulkOperation(id: ID!): BulkOperation
    webhookSubscriptions(first: Int, uri: String): WebhookSubscriptionConnection!
    return(id: ID!): Return
    productVariants(first: Int, after: String): ProductVariantConnection!
    nodes(ids: [ID!]!): [Node]!
    orders(first: Int, after: String, query: String, sortKey: OrderSortKeys): OrderConnection!
    order(id: ID!): Order
    fulfillment(id: ID!): Fulfillment
    refund(id: ID!): Refund
  }
  type Mutation {
    inventorySetQuantities(input: InventorySetQuantitiesInput!): InventorySetQuantitiesPayload
    bulkOperationRunQuery(query: String!, groupObjects: Boolean!): BulkOperationRunQueryPayload
    webhookSubscriptionCreate(
      topic: WebhookSubscriptionTopic!
      webhookSubscription: WebhookSubscriptionInput!
    ): WebhookSubscriptionCreatePayload
    webhookSubscriptionDelete(id: ID!): WebhookSubscriptionDeletePayload
  }
  enum OrderSortKeys { UPDATED_AT }

  interface Node { id: ID! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }

  type Shop implements Node { id: ID! ianaTimezone: String! currencyCode: CurrencyCode! }
  enum CurrencyCode { EUR GBP USD }
  type Count { count: Int! precision: String! }
  type LocationConnection { nodes: [Location!]! }
  type Location implements Node {
    id: ID!
    name: String!
    isActive: Boolean!
    isPrimary: Boolean!
    fulfillsOnlineOrders: Boolean!
    isFulfillmentService: Boolean!
  }

  type ProductVariantConnection {
    edges: [ProductVariantEdge!]!
    nodes: [ProductVariant!]!
    pageInfo: PageInfo!
  }
  type ProductVariantEdge { node: ProductVariant! }
  type ProductVariant implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    sku: String
    barcode: String
    displayName: String!
    inventoryPolicy: String!
    requiresComponents: Boolean!
    sellableOnlineQuantity: Int!
    inventoryItem: InventoryItem!
  }
  type InventoryItem implements Node {
    id: ID!
    tracked: Boolean!
    inventoryLevel(locationId: ID!): InventoryLevel
    inventoryLevels(first: Int): InventoryLevelConnection!
  }
  type InventoryLevelConnection { edges: [InventoryLevelEdge!]! nodes: [InventoryLevel!]! }
  type InventoryLevelEdge { node: InventoryLevel! }
  type InventoryLevel implements Node {
    id: ID!
    isActive: Boolean!
    location: Location!
    quantities(names: [String!]!): [InventoryQuantity!]!
  }
  type InventoryQuantity { name: String! quantity: Int! }

  type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }
  type Order implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    test: Boolean!
    createdAt: DateTime!
    updatedAt: DateTime!
    cancelledAt: DateTime
    cartToken: String
    displayFulfillmentStatus: String!
    fulfillmentsCount: Count
    returnStatus: String!
    returns(first: Int, after: String): ReturnConnection!
    lineItems(first: Int, after: String): LineItemConnection!
    fulfillments(first: Int): [Fulfillment!]!
    refunds(first: Int): [Refund!]!
  }
  type LineItemConnection { nodes: [LineItem!]! pageInfo: PageInfo! }
  type LineItem implements Node {
    id: ID!
    sku: String
    quantity: Int!
    currentQuantity: Int!
    unfulfilledQuantity: Int!
    variant: ProductVariant
  }
  type Fulfillment implements Node {
    id: ID!
    status: String!
    fulfillmentLineItems(first: Int, after: String): FulfillmentLineItemConnection!
  }
  type FulfillmentLineItemConnection { nodes: [FulfillmentLineItem!]! pageInfo: PageInfo! }
  type FulfillmentLineItem implements Node { id: ID! quantity: Int lineItem: LineItem! }

  enum RefundLineItemRestockType { CANCEL LEGACY_RESTOCK NO_RESTOCK RETURN }
  type Refund implements Node {
    id: ID!
    refundLineItems(first: Int, after: String): RefundLineItemConnection!
  }
  type RefundLineItemConnection { nodes: [RefundLineItem!]! pageInfo: PageInfo! }
  type RefundLineItem {
    quantity: Int!
    restockType: RefundLineItemRestockType!
    lineItem: LineItem!
  }

  type ReturnConnection { nodes: [Return!]! pageInfo: PageInfo! }
  type Return implements Node {
    id: ID!
    status: String!
    createdAt: DateTime!
    closedAt: DateTime
    order: Order!
    returnLineItems(first: Int, after: String): ReturnLineItemTypeConnection!
  }
  type ReturnLineItemTypeConnection { nodes: [ReturnLineItemType!]! pageInfo: PageInfo! }
  interface ReturnLineItemType implements Node {
    id: ID!
    quantity: Int!
    processedQuantity: Int!
  }
  type ReturnLineItem implements ReturnLineItemType & Node {
    id: ID!
    quantity: Int!
    processedQuantity: Int!
    fulfillmentLineItem: FulfillmentLineItem!
  }
  type ReverseFulfillmentOrder implements Node { id: ID! order: Order }

  type BulkOperation implements Node {
    id: ID!
    status: String!
    errorCode: String
    url: URL
    fileSize: UnsignedInt64
    rootObjectCount: UnsignedInt64!
  }
  type BulkOperationRunQueryPayload {
    bulkOperation: BulkOperation
    userErrors: [BulkOperationUserError!]!
  }
  type BulkOperationUserError { code: String field: [String!] message: String! }

  enum WebhookSubscriptionTopic { ${TOPICS.join(" ")} }
  input WebhookSubscriptionInput { uri: String }
  type WebhookSubscriptionConnection { nodes: [WebhookSubscription!]! }
  type WebhookSubscription implements Node { id: ID! topic: WebhookSubscriptionTopic! uri: String! }
  type WebhookSubscriptionCreatePayload {
    webhookSubscription: WebhookSubscription
    userErrors: [UserError!]!
  }
  type WebhookSubscriptionDeletePayload {
    deletedWebhookSubscriptionId: ID
    userErrors: [UserError!]!
  }
  type UserError { field: [String!] message: String! }

  input InventorySetQuantitiesInput {
    name: String!
    reason: String!
    referenceDocumentUri: String
    quantities: [InventoryQuantityInput!]!
  }
  input InventoryQuantityInput {
    inventoryItemId: ID!
    locationId: ID!
    quantity: Int!
    changeFromQuantity: Int
  }
  type InventorySetQuantitiesPayload {
    inventoryAdjustmentGroup: InventoryAdjustmentGroup
    userErrors: [InventorySetQuantitiesUserError!]!
  }
  type InventoryAdjustmentGroup implements Node {
    id: ID!
    reason: String!
    referenceDocumentUri: String
  }
  type InventorySetQuantitiesUserError { code: String field: [String!] message: String! }
`);
