import { z } from "zod";
import {
  changeItem,
  createItem,
  findCatalogueItem,
  listCatalogue,
  listListings,
} from "../../prisma/catalogue.ts";
import { listLocations } from "../../prisma/locations.ts";
import type { Services } from "../services.ts";
import { Problem } from "./problem.ts";
import { type Example, type Route, route } from "./route.ts";
import { channel, limit, listingSchema, named, page, pageOf, sku } from "./schemas.ts";

const title = z.string().trim().min(1).max(500);
const category = z.string().trim().min(1).max(200).nullable();
/** Written with and without leading zeros: GTIN-14, EAN-13 and UPC-12 of one thing are one code. */
const barcode = z
  .string()
  .regex(/^\d{1,14}$/, "must be digits")
  .transform((digits) => digits.replace(/^0+/, ""))
  .nullable()
  .describe("GTIN, UPC, EAN or ISBN.");

const newItem = named(
  "NewItem",
  z.strictObject({ sku, title, category: category.default(null), barcode: barcode.default(null) }),
);
const changedItem = named(
  "ChangedItem",
  z.strictObject({
    title: title.optional(),
    category: category.optional(),
    barcode: barcode.optional(),
  }),
);
const itemSchema = named(
  "Item",
  z.object({
    sku,
    title: z.string(),
    category: z.string().nullable(),
    barcode: z.string().nullable().describe("Without leading zeros."),
  }),
);
const itemPage = pageOf("ItemPage", itemSchema);
const listingPage = pageOf("ListingPage", listingSchema);
const locationList = named(
  "LocationList",
  z.object({
    data: z.array(
      z.object({
        code: z.string().describe("What movements and files call it."),
        name: z.string(),
        priority: z.int().describe("Lower ships first."),
      }),
    ),
  }),
);
const bySku = z.object({ sku });
const after = z.string().max(200).optional().describe("The last page's next.");

const TEE = {
  ...{ sku: "TEE-BLK-M", title: "T-shirt, black, M", category: "T-shirts" },
  barcode: "614141007349",
};
const MUG: Example = {
  summary: "A new mug",
  body: { sku: "MUG-WHT", title: "Mug, white", barcode: "0614141007356" },
  answer: { sku: "MUG-WHT", title: "Mug, white", category: null, barcode: "614141007356" },
};

/** Items, and where they lie and are offered. */
export function itemRoutes(services: Services): Route[] {
  return [...readItems(services), ...writeItems(services), ...readPlaces(services)];
}

function unknownSku(sku: string): Problem {
  return new Problem("unknown-sku", `No item has the SKU ${sku}.`, { sku });
}

function readItems({ db }: Services): Route[] {
  const list = route({
    ...{ id: "listItems", method: "get", path: "/items", tag: "Items", scope: "stock:read" },
    summary: "List items",
    query: z.object({ after, limit }),
    answer: { status: 200, description: "A page of items, by SKU.", schema: itemPage },
    problems: [],
    examples: [
      {
        ...{ summary: "The first ten", query: { limit: 10 } },
        answer: { data: [TEE], next: "TEE-BLK-M", more: false },
      },
    ],
    async handle({ caller: { shop }, query }) {
      const rows = await listCatalogue(db, shop, { ...query, limit: query.limit + 1 });
      return page(rows, query.limit, (row) => row.sku);
    },
  });
  const get = route({
    ...{ id: "getItem", method: "get", path: "/items/{sku}", tag: "Items", scope: "stock:read" },
    summary: "Read an item",
    params: bySku,
    answer: { status: 200, description: "The item.", schema: itemSchema },
    problems: ["unknown-sku"],
    examples: [{ summary: "One item", params: { sku: TEE.sku }, answer: TEE }],
    async handle({ caller: { shop }, params: { sku } }) {
      const found = await findCatalogueItem(db, shop, sku);
      if (!found) throw unknownSku(sku);
      return found;
    },
  });
  return [list, get];
}

function writeItems({ db }: Services): Route[] {
  const create = route({
    ...{ id: "createItem", method: "post", path: "/items", tag: "Items", scope: "items:write" },
    summary: "Create an item",
    description: "The SKU is the real key: made twice in the same words, it is one item.",
    body: newItem,
    answer: { status: 201, description: "The item.", schema: itemSchema },
    problems: ["sku-taken"],
    examples: [MUG],
    async handle({ caller: { shop }, body }) {
      const made = await createItem(db, shop, body);
      if (made.outcome === "created") return made.item;
      const detail = `${body.sku} is there with other values: change it with PATCH.`;
      throw new Problem("sku-taken", detail, { sku: body.sku });
    },
  });
  const change = route({
    ...{ id: "changeItem", method: "patch", path: "/items/{sku}", tag: "Items" },
    scope: "items:write",
    summary: "Change an item",
    params: bySku,
    body: changedItem,
    answer: { status: 200, description: "As it is now.", schema: itemSchema },
    problems: ["unknown-sku"],
    examples: [
      {
        ...{ summary: "Another category", params: { sku: TEE.sku } },
        ...{ body: { category: "Basics" }, answer: { ...TEE, category: "Basics" } },
      },
    ],
    async handle({ caller: { shop }, params: { sku }, body }) {
      const changed = await changeItem(db, shop, sku, body);
      if (!changed) throw unknownSku(sku);
      return changed;
    },
  });
  return [create, change];
}

function readPlaces({ db }: Services): Route[] {
  const locations = route({
    ...{ id: "listLocations", method: "get", path: "/locations", tag: "Places" },
    scope: "stock:read",
    summary: "List locations",
    answer: { status: 200, description: "All, first to ship first.", schema: locationList },
    problems: [],
    examples: [
      {
        summary: "All of them",
        answer: { data: [{ code: "MAIN", name: "Main warehouse", priority: 0 }] },
      },
    ],
    async handle({ caller: { shop } }) {
      const rows = await listLocations(db, shop);
      return { data: rows.map(({ code, name, priority }) => ({ code, name, priority })) };
    },
  });
  const listings = route({
    ...{ id: "listListings", method: "get", path: "/listings", tag: "Places" },
    scope: "stock:read",
    summary: "List listings",
    description: "Where items are offered, and what each listing should show, took and shows.",
    query: z.object({ channel: channel.optional(), after, limit }),
    answer: { status: 200, description: "A page of listings.", schema: listingPage },
    problems: [],
    examples: [LISTINGS],
    async handle({ caller: { shop }, query }) {
      const rows = await listListings(db, shop, { ...query, limit: query.limit + 1 });
      return page(rows, query.limit, (row) => row.id);
    },
  });
  return [locations, listings];
}

const LISTINGS: Example = {
  summary: "Those of one channel",
  query: { channel: "amazon", limit: 10 },
  answer: {
    data: [
      {
        ...{ id: "cmb2x7k1", channel: "amazon", connection: "Amazon US", externalId: "B0TEE" },
        ...{ sku: "TEE-BLK-M", item: "TEE-BLK-M", unitsPerSale: 1, kit: false },
        ...{ merchantFulfilled: true, planned: 30, accepted: 30, shown: 30, trouble: null },
      },
    ],
    ...{ next: "cmb2x7k1", more: false },
  },
};
