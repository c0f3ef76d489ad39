import { buildSchema } from "graphql";

/**
 * The part of the Admin API (2026-10) that the sandbox answers, written for it: the names are
 * Shopify's, the selection is what the connector asks for. Tests check the connector's documents
 * against Shopify's whole model as well.
 */
export const ADMIN_SCHEMA = buildSchema(`
  directive @idempotent(key: String!) on FIELD
  scalar DateTime
  scalar UnsignedInt64

  type Query {
    productVariants(first: Int, after: String): ProductVariantConnection!
    nodes(ids: [ID!]!): [Node]!
    orders(first: Int, after: String, query: String, sortKey: OrderSortKeys): OrderConnection!
    order(id: ID!): Order
    fulfillment(id: ID!): Fulfillment
  }
  type Mutation {
    inventorySetQuantities(input: InventorySetQuantitiesInput!): InventorySetQuantitiesPayload
  }
  enum OrderSortKeys { UPDATED_AT }

  interface Node { id: ID! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }

  type ProductVariantConnection { nodes: [ProductVariant!]! pageInfo: PageInfo! }
  type ProductVariant implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    sku: String
    displayName: String!
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
  type InventoryLevelConnection { nodes: [InventoryLevel!]! }
  type InventoryLevel implements Node {
    id: ID!
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
    displayFulfillmentStatus: String!
    lineItems(first: Int, after: String): LineItemConnection!
    fulfillments(first: Int): [Fulfillment!]!
  }
  type LineItemConnection { nodes: [LineItem!]! pageInfo: PageInfo! }
  type LineItem implements Node {
    id: ID!
    sku: String
    quantity: Int!
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
