import { z } from "zod";
import { TIKTOK_APP } from "../../../connectors/tiktok/sandbox/account.ts";
import { signRequest } from "../../../connectors/tiktok/sign.ts";
import { type Documented, documentedCheck } from "./exact.ts";
import type { CheckCall } from "./registry.ts";

/** Ids are texts: theirs have 19 digits, which no number of JavaScript holds. */
const id = z.string().regex(/^\d+$/);
const seconds = z.string().regex(/^\d{10}$/);
const size = z.string().refine((text) => Number(text) >= 1 && Number(text) <= 100, "is over 100");
const units = z.number().int().min(0);

const signed = {
  app_key: z.string(),
  timestamp: seconds,
  sign: z.string().regex(/^[0-9a-f]{64}$/),
};
const ofShop = { ...signed, shop_cipher: z.string().min(1) };
const paged = z.strictObject({ ...ofShop, page_size: size, page_token: z.string().optional() });
const sorted = paged.extend({ sort_field: z.string(), sort_order: z.enum(["ASC", "DESC"]) });
const headers = z.object({
  "x-tts-access-token": z.string().min(1),
  "content-type": z.literal("application/json"),
});
const window = { update_time_ge: z.number().int(), update_time_lt: z.number().int() };

/** A call's own code is 0, or it says why not and has nothing else to say. */
const envelope = (data: z.ZodType) =>
  z.union([
    z.object({ code: z.literal(0), message: z.string(), request_id: z.string(), data }),
    z.object({
      code: z.number().refine((code) => code !== 0),
      message: z.string(),
      request_id: z.string(),
    }),
  ]);

const inventory = z.object({
  inventory: z.array(
    z.object({
      product_id: id,
      skus: z.array(
        z.object({
          id,
          seller_sku: z.string(),
          total_available_quantity: units,
          total_committed_quantity: units,
          warehouse_inventory: z.array(
            z.object({ warehouse_id: id, available_quantity: units, committed_quantity: units }),
          ),
        }),
      ),
    }),
  ),
});
const rowErrors = z.object({
  errors: z
    .array(
      z.object({
        code: z.number(),
        message: z.string(),
        detail: z.object({ sku_id: id, extra_errors: z.array(z.object({ code: z.number() })) }),
      }),
    )
    .optional(),
});
const products = z.object({
  total_count: units,
  next_page_token: z.string().optional(),
  products: z.array(
    z.object({ id, title: z.string(), status: z.string(), skus: z.array(z.object({ id })) }),
  ),
});

const CALLS: Documented[] = [
  {
    method: "GET",
    path: /^\/authorization\/202309\/shops$/,
    query: z.strictObject(signed),
    headers,
    answer: envelope(z.object({ shops: z.array(z.object({ id, cipher: z.string() })) })),
  },
  {
    method: "POST",
    path: /^\/product\/202502\/products\/search$/,
    query: paged,
    headers,
    body: z.strictObject({ status: z.literal("ALL") }),
    answer: envelope(products),
  },
  {
    method: "POST",
    path: /^\/product\/202309\/products\/\d{19}\/inventory\/update$/,
    query: z.strictObject(ofShop),
    headers,
    body: z.strictObject({
      skus: z
        .array(
          z.strictObject({
            id,
            inventory: z
              .array(z.strictObject({ warehouse_id: id.optional(), quantity: units }))
              .min(1),
          }),
        )
        .min(1),
    }),
    answer: envelope(rowErrors),
  },
  {
    method: "POST",
    path: /^\/product\/202309\/inventory\/search$/,
    query: z.strictObject(ofShop),
    headers,
    body: z.union([
      z.strictObject({ sku_ids: z.array(id).min(1).max(600) }),
      z.strictObject({ product_ids: z.array(id).min(1).max(100) }),
    ]),
    answer: envelope(inventory),
  },
  {
    method: "GET",
    path: /^\/logistics\/202309\/warehouses$/,
    query: z.strictObject(ofShop),
    headers,
    answer: envelope(
      z.object({
        warehouses: z.array(
          z.object({ id, type: z.enum(["SALES_WAREHOUSE", "RETURN_WAREHOUSE"]) }),
        ),
      }),
    ),
  },
  { method: "GET", path: /^\/fbt\/202408\/warehouses$/, query: z.strictObject(ofShop), headers },
  {
    method: "POST",
    path: /^\/order\/202309\/orders\/search$/,
    query: sorted,
    headers,
    body: z.strictObject(window),
    answer: envelope(
      z.object({ orders: z.array(z.object({ id, status: z.string() })).optional() }),
    ),
  },
  {
    method: "GET",
    path: /^\/order\/202(309|507)\/orders$/,
    query: z.strictObject({ ...ofShop, ids: z.string().regex(/^\d{19}(,\d{19}){0,49}$/) }),
    headers,
    answer: envelope(z.object({ orders: z.array(z.object({ id, status: z.string() })) })),
  },
  {
    method: "POST",
    path: /^\/return_refund\/202309\/returns\/search$/,
    query: sorted.partial({ sort_field: true, sort_order: true }),
    headers,
    body: z.looseObject({}),
    answer: envelope(z.object({ return_orders: z.array(z.object({ return_id: id })).optional() })),
  },
  {
    method: "GET",
    path: /^\/event\/202309\/webhooks$/,
    query: z.strictObject(ofShop),
    headers,
  },
  {
    method: "PUT",
    path: /^\/event\/202309\/webhooks$/,
    query: z.strictObject(ofShop),
    headers,
    body: z.strictObject({ address: z.url(), event_type: z.string().regex(/^[A-Z_]+$/) }),
    answer: envelope(z.unknown()),
  },
  {
    method: "DELETE",
    path: /^\/event\/202309\/webhooks$/,
    query: z.strictObject(ofShop),
    headers,
    body: z.strictObject({ event_type: z.string().regex(/^[A-Z_]+$/) }),
    answer: envelope(z.unknown()),
  },
];

/** A gateway's 503 has no envelope. */
const failure = z.union([envelope(z.unknown()), z.literal("Service Unavailable")]);

/** TikTok publishes no model: this is what its pages say. The signature is made anew. */
export function tiktokCheck(): CheckCall {
  const check = documentedCheck("open-api.tiktokglobalshop.com", CALLS, failure);
  return async (request, response) => {
    const url = new URL(request.url);
    const troubles = await check(request.clone(), response);
    if (url.host !== "open-api.tiktokglobalshop.com") return troubles;
    const body = request.method === "GET" ? "" : await request.text();
    const query = Object.fromEntries(url.searchParams);
    const sign = signRequest(TIKTOK_APP.appSecret, url.pathname, query, body);
    return query.sign === sign ? troubles : [...troubles, "the signature is another one"];
  };
}
