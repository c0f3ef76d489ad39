import { z } from "zod";
import { type Documented, documentedCheck } from "./exact.ts";
import type { CheckCall } from "./registry.ts";

const sku = z.string().min(1);
const each = z.strictObject({ unit: z.literal("EACH"), amount: z.number().int().min(0) });
const digits = z.string().regex(/^\d+$/);
const upTo = (most: number) =>
  digits.refine((text) => Number(text) >= 1 && Number(text) <= most, `is more than ${most}`);
const instant = z.iso.datetime();

/** https://developer.walmart.com/us-marketplace/docs/get-an-access-token */
const everyCall = z.object({
  "wm_sec.access_token": z.string().min(1),
  "wm_qos.correlation_id": z.uuid(),
  "wm_svc.name": z.literal("Walmart Marketplace"),
  "wm_consumer.channel.type": z.string().min(1),
  accept: z.literal("application/json"),
});
const withJson = everyCall.extend({ "content-type": z.literal("application/json") });

const tokenCall = z.object({
  authorization: z.string().regex(/^Basic [A-Za-z0-9+/=]+$/),
  "wm_qos.correlation_id": z.uuid(),
  "wm_svc.name": z.literal("Walmart Marketplace"),
  "wm_partner.id": digits,
  accept: z.literal("application/json"),
  "content-type": z.literal("application/x-www-form-urlencoded"),
});
const grants = /^grant_type=(refresh_token&refresh_token=|authorization_code&code=).+$/;

const nodes = z.array(
  z.object({ shipNode: z.string(), inputQty: each, availToSellQty: each, reservedQty: each }),
);
const ordersPage = z.object({
  list: z.object({
    meta: z.object({
      totalCount: z.number(),
      limit: z.number(),
      nextCursor: z.string().optional(),
    }),
    elements: z.object({ order: z.array(z.object({ purchaseOrderId: digits })) }),
  }),
});
const subscription = z.strictObject({
  eventType: z.string().regex(/^[A-Z_]+$/),
  eventVersion: z.string(),
  resourceName: z.string(),
  eventUrl: z.url(),
  authDetails: z.object({ authMethod: z.enum(["BASIC_AUTH", "HMAC", "OAUTH"]) }),
  headers: z.record(z.string(), z.string()).optional(),
  status: z.literal("ACTIVE"),
});

const INGESTION = /^(INPROGRESS|SUCCESS|DATA_ERROR|SYSTEM_ERROR|TIMEOUT_ERROR)$/;

const inventoryFile = z.strictObject({
  file: z.strictObject({
    InventoryHeader: z.strictObject({ version: z.literal("1.4") }),
    Inventory: z
      .array(z.strictObject({ sku, quantity: each }))
      .min(1)
      .max(10_000),
  }),
});
const nodesFile = z.strictObject({
  file: z.strictObject({
    inventoryHeader: z.strictObject({ version: z.literal("1.5") }),
    inventory: z
      .array(
        z.strictObject({
          sku,
          shipNodes: z.array(z.strictObject({ shipNode: z.string(), quantity: each })).min(1),
        }),
      )
      .min(1),
  }),
});

const CALLS: Documented[] = [
  {
    method: "POST",
    path: /^\/v3\/token$/,
    headers: tokenCall,
    body: z.string().regex(grants),
    answer: z.object({ access_token: z.string(), expires_in: z.literal(900) }),
  },
  {
    method: "GET",
    path: /^\/v3\/token\/detail$/,
    headers: everyCall,
    answer: z.object({ is_valid: z.boolean(), scopes: z.record(z.string(), z.string()) }),
  },
  {
    method: "PUT",
    path: /^\/v3\/inventory$/,
    query: z.strictObject({ sku, shipNode: z.string().optional() }),
    headers: withJson,
    body: z.strictObject({ sku, quantity: each }),
    answer: z.object({ sku, quantity: each }),
  },
  {
    method: "PUT",
    path: /^\/v3\/inventories\/[^/]+$/,
    headers: withJson,
    body: z.strictObject({
      inventories: z.strictObject({
        nodes: z.array(z.strictObject({ shipNode: z.string(), inputQty: each })).min(1),
      }),
    }),
    answer: z.object({
      sku,
      nodes: z.array(z.object({ shipNode: z.string(), status: z.string() })),
    }),
  },
  {
    method: "GET",
    path: /^\/v3\/inventories\/[^/]+$/,
    query: z.strictObject({ shipNode: z.string().optional() }),
    headers: everyCall,
    answer: z.object({ sku, nodes }),
  },
  {
    method: "GET",
    path: /^\/v3\/inventories$/,
    query: z.strictObject({ limit: upTo(50), nextCursor: z.string().optional() }),
    headers: everyCall,
    answer: z.object({
      elements: z.object({ inventories: z.array(z.object({ sku, nodes })) }),
    }),
  },
  {
    method: "GET",
    path: /^\/v3\/wfs\/inventory$/,
    query: z.strictObject({ limit: upTo(300), offset: digits }),
    headers: everyCall,
  },
  {
    method: "GET",
    path: /^\/v3\/settings\/shipping\/shipnodes$/,
    headers: everyCall,
  },
  {
    method: "GET",
    path: /^\/v3\/items$/,
    query: z.strictObject({ limit: upTo(50), nextCursor: z.string().min(1) }),
    headers: everyCall,
    answer: z.object({
      ItemResponse: z.array(z.object({ sku, productName: z.string() })),
      totalItems: z.number().int(),
    }),
  },
  {
    method: "GET",
    path: /^\/v3\/orders$/,
    // The first page; every other one is asked for with Walmart's own words.
    query: z.union([
      z.strictObject({
        createdStartDate: instant,
        lastModifiedStartDate: instant,
        lastModifiedEndDate: instant,
        limit: upTo(200),
        shipNodeType: z.enum(["SellerFulfilled", "WFSFulfilled", "3PLFulfilled"]),
      }),
      z.object({ hasMoreElements: z.literal("true"), limit: upTo(200) }),
    ]),
    headers: everyCall,
    answer: ordersPage,
  },
  {
    method: "GET",
    path: /^\/v3\/orders\/[^/]+$/,
    query: z.strictObject({}),
    headers: everyCall,
    answer: z.object({ order: z.object({ purchaseOrderId: digits }) }),
  },
  {
    method: "GET",
    path: /^\/v3\/returns$/,
    query: z.looseObject({ limit: upTo(200) }),
    headers: everyCall,
    answer: z.object({ returnOrders: z.array(z.object({ returnOrderId: z.string() })) }),
  },
  {
    method: "POST",
    path: /^\/v3\/feeds$/,
    query: z.union([
      z.strictObject({ feedType: z.literal("inventory"), shipNode: z.string().optional() }),
      z.strictObject({ feedType: z.literal("MP_INVENTORY") }),
    ]),
    headers: everyCall,
    body: z.union([inventoryFile, nodesFile]),
    answer: z.object({ feedId: z.string() }),
  },
  {
    method: "GET",
    path: /^\/v3\/feeds\/[^/@]+$/,
    query: z.strictObject({ includeDetails: z.literal("true"), offset: digits, limit: upTo(50) }),
    headers: everyCall,
    answer: z.object({
      feedStatus: z.enum(["RECEIVED", "INPROGRESS", "PROCESSED", "ERROR"]),
      itemsReceived: z.number(),
      itemDetails: z.object({
        itemIngestionStatus: z.array(
          z.object({
            sku,
            index: z.number(),
            ingestionStatus: z.string().regex(INGESTION),
          }),
        ),
      }),
    }),
  },
  { method: "GET", path: /^\/v3\/webhooks\/eventTypes$/, headers: everyCall },
  { method: "GET", path: /^\/v3\/webhooks\/subscriptions$/, headers: everyCall },
  {
    method: "POST",
    path: /^\/v3\/webhooks\/subscriptions$/,
    headers: withJson,
    body: z.strictObject({ events: z.array(subscription).min(1) }),
  },
  { method: "DELETE", path: /^\/v3\/webhooks\/subscriptions\/[^/]+$/, headers: everyCall },
];

const told = z.object({ code: z.string(), severity: z.string(), category: z.string() });

/** https://developer.walmart.com/us-marketplace/docs/error-codes, OAuth's, and no gateway at all. */
const failure = z.union([
  z.object({ errors: z.array(told).min(1) }),
  z.object({ errors: z.object({ error: z.array(told).min(1) }) }),
  z.object({ error: z.string() }),
  z.literal(""),
]);

/** Walmart's public documents carry no open licence: this is what they say, in our own words. */
export function walmartCheck(): CheckCall {
  return documentedCheck("marketplace.walmartapis.com", CALLS, failure);
}
