import { expect, test } from "vitest";
import { SANDBOX_CHANNELS } from "../../connectors/sandbox/sandboxes.ts";
import { checkOf, troublesOf } from "./checks/registry.ts";
import { JACKET, listingOf, openChannel } from "./harness.ts";

const SHOP = "https://demo-merchant.myshopify.com/admin/api/2026-10/graphql.json";
const WALMART = "https://marketplace.walmartapis.com/v3";
const TIKTOK = "https://open-api.tiktokglobalshop.com";

const graphql = (query: string, variables: object) =>
  new Request(SHOP, { method: "POST", body: JSON.stringify({ query, variables }) });

const tiktok = (body: object) =>
  new Request(`${TIKTOK}/product/202309/inventory/search?app_key=k`, {
    method: "POST",
    body: JSON.stringify(body),
  });

/** A call that is wrong in one way, its answer, and what has to be said of it. */
const WRONG: [string, string, Request, Response, RegExp][] = [
  [
    "a field that Shopify has not",
    "shopify",
    graphql("{ shop { colour } }", {}),
    Response.json({ data: { shop: { colour: "red" } } }),
    /Cannot query field "colour"/,
  ],
  [
    "a variable that nobody declared",
    "shopify",
    graphql("query($n: Int!) { locations(first: $n) { nodes { id } } }", { n: 1, x: 1 }),
    Response.json({ data: { locations: { nodes: [] } } }),
    /variables x is not declared/,
  ],
  [
    "a variable of another type",
    "shopify",
    graphql("query($n: Int!) { locations(first: $n) { nodes { id } } }", { n: "many" }),
    Response.json({ data: { locations: { nodes: [] } } }),
    /Int cannot represent non-integer/,
  ],
  [
    "an answer without what cannot be null",
    "shopify",
    graphql("{ shop { id name } }", {}),
    Response.json({ data: { shop: { id: "gid://shopify/Shop/1" } } }),
    /Cannot return null for non-nullable field Shop.name/,
  ],
  [
    "an answer with more than was asked for",
    "shopify",
    graphql("{ shop { id } }", {}),
    Response.json({ data: { shop: { id: "gid://shopify/Shop/1", name: "Shop" } } }),
    /more, less or other values/,
  ],
  [
    "a call that Walmart does not document",
    "walmart",
    new Request(`${WALMART}/stock`),
    Response.json({}),
    /is not documented/,
  ],
  [
    "a parameter that Walmart does not know",
    "walmart",
    new Request(`${WALMART}/inventories?limit=50&page=2`),
    Response.json({ elements: { inventories: [] } }),
    /Unrecognized key: "page"/,
  ],
  [
    "a page that is too long for Walmart",
    "walmart",
    new Request(`${WALMART}/inventories?limit=51`),
    Response.json({ elements: { inventories: [] } }),
    /is more than 50/,
  ],
  [
    "a call without a header that Walmart asks for",
    "walmart",
    new Request(`${WALMART}/inventories?limit=50`),
    Response.json({ elements: { inventories: [] } }),
    /wm_qos\.correlation_id/,
  ],
  [
    "a number for an id of TikTok's",
    "tiktok",
    tiktok({ sku_ids: [1] }),
    Response.json({ code: 0, message: "Success", request_id: "1", data: {} }),
    /request .*Invalid input/,
  ],
  [
    "a signature that is another one",
    "tiktok",
    tiktok({ sku_ids: ["1"] }),
    Response.json({ code: 0, message: "Success", request_id: "1", data: {} }),
    /the signature is another one/,
  ],
];

test.each(WRONG)("F: %s is noticed", async (_what, channel, request, response, said) => {
  const troubles = await troublesOf(channel, [{ request, response }]);
  // Without Shopify's model there is nothing to hold against it.
  if (!checkOf(channel)) return expect(troubles).toEqual([]);
  expect(troubles.join("\n")).toMatch(said);
});

test.each(SANDBOX_CHANNELS)(
  "F: %s has a check, and it looks at what is called",
  async (channel) => {
    const bench = openChannel(channel);
    bench.sandbox.stock([JACKET]);
    await listingOf(bench, JACKET.sku);
    bench.close();
    expect(bench.calls.length).toBeGreaterThan(0);
    expect(await troublesOf(channel, bench.calls)).toEqual([]);
  },
);
