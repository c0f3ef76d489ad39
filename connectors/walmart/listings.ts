import { z } from "zod";
import type { Account, ListingRecord, Page, PushLine, ReadBack, Session } from "../connector.ts";
import { saying } from "../http.ts";
import { asFailure, type WalmartClient } from "./client.ts";
import { buyable, inventorySchema, nodeOf } from "./nodes.ts";
import { listOf, units } from "./quantity.ts";
import type { Shelf } from "./shelf.ts";

const itemSchema = z.object({
  sku: z.string(),
  wpid: z.string().nullish(),
  gtin: z.string().nullish(),
  upc: z.string().nullish(),
  productName: z.string().nullish(),
  lifecycleStatus: z.string().nullish(),
});

type Item = z.infer<typeof itemSchema>;

const itemsSchema = saying(
  z.object({
    ItemResponse: listOf(itemSchema).nullish(),
    totalItems: units.nullish(),
    nextCursor: z.string().nullish(),
  }),
  "ItemResponse",
  "totalItems",
);

const PAGE_SIZE = 50;

/** Calls that read the shelf, made in one go. */
const SHELF_CALLS = 3;

/**
 * A page's place. Walmart's cursor is the same for all pages and moves on by being used, so what
 * is known of the place is how many were read; it lives for about two minutes.
 */
const cursorSchema = z.object({
  items: z.string(),
  seen: z.number().int(),
  restarts: z.number().int(),
});

type Place = z.infer<typeof cursorSchema>;

const START: Place = { items: "*", seen: 0, restarts: 0 };

/** A catalogue that could not be read in one go so often will not be read the next time either. */
const RESTARTS_MAX = 5;

/**
 * Every item of the seller, 50 a page. The first pages may be empty, while the shelf is read. A
 * cursor that has expired, or that skipped a page, means reading from the start again: whoever
 * takes the rows over does so by their ids, so a row that comes twice changes nothing.
 */
export async function listings(
  client: WalmartClient,
  shelf: Shelf,
  cursor: string | null,
): Promise<Page<ListingRecord>> {
  const place = cursor === null ? START : cursorSchema.parse(JSON.parse(cursor));
  if (cursor === null) shelf.empty();
  for (let calls = 1; ; calls += 1) {
    const filled = await shelf.fill();
    if (filled.outcome === "full") break;
    if (filled.outcome !== "filling") return filled;
    if (calls >= SHELF_CALLS) return { outcome: "page", rows: [], next: JSON.stringify(place) };
  }
  const page = await itemsPage(client, shelf, place);
  // A long catalogue's quantities are not worth keeping once it is read.
  if (page.outcome === "page" && page.next === null) shelf.empty();
  return page;
}

async function itemsPage(
  client: WalmartClient,
  shelf: Shelf,
  place: Place,
): Promise<Page<ListingRecord>> {
  const path = `/v3/items?limit=${PAGE_SIZE}&nextCursor=${encodeURIComponent(place.items)}`;
  const ask = { method: "GET", path, kind: "read", name: "listings" } as const;
  const answer = await client.run(itemsSchema, ask);
  if (answer.outcome === "refused") {
    if (place.items !== START.items) return again(place);
    // A seller without items is answered "not found".
    const none = answer.status === 404;
    return none ? { outcome: "page", rows: [], next: null, total: 0 } : asFailure(answer);
  }
  if (answer.outcome !== "answered") return answer;
  const { ItemResponse, totalItems, nextCursor } = answer.data;
  const items = ItemResponse ?? [];
  const seen = place.seen + items.length;
  const total = totalItems ?? seen;
  // An answer that was lost on the way took a page with it: the cursor had moved on.
  if (items.length === 0 && seen < total) return again(place);
  const next = nextCursor && items.length > 0 && seen < total ? nextCursor : null;
  return {
    outcome: "page",
    rows: items.map((item) => record(item, shelf)),
    next: next === null ? null : JSON.stringify({ ...place, items: next, seen }),
    total,
  };
}

function again({ restarts }: Place): Page<ListingRecord> {
  if (restarts >= RESTARTS_MAX) {
    return { outcome: "unavailable", why: "the catalogue's cursor ends before the catalogue does" };
  }
  return { outcome: "page", rows: [], next: JSON.stringify({ ...START, restarts: restarts + 1 }) };
}

/** A retired or archived item takes no stock; one that is only unpublished does, and may return. */
const GONE = new Set(["RETIRED", "ARCHIVED"]);

function record(item: Item, shelf: Shelf): ListingRecord {
  const lifecycle = item.lifecycleStatus?.toUpperCase() ?? "ACTIVE";
  const kept = shelf.keptByWalmart(item.sku);
  return {
    externalId: item.sku,
    sku: item.sku,
    title: item.productName ?? item.sku,
    quantity: kept ? null : shelf.quantityOf(item.sku),
    barcode: barcodeOf(item),
    merchantFulfilled: !kept,
    unpushable: GONE.has(lifecycle) ? `${lifecycle.toLowerCase()} on Walmart` : null,
    group: null,
    // Orders and messages name an item by its SKU.
    stockId: null,
    handle: { sku: item.sku, ...(item.wpid ? { wpid: item.wpid } : {}) },
  };
}

const barcodeOf = ({ gtin, upc }: Item) =>
  [gtin, upc].find((code) => code && /^\d{8,14}$/.test(code)) ?? null;

/** What buyers can buy of each now, one call a SKU. */
export async function readBack(
  client: WalmartClient,
  account: Account,
  lines: readonly Pick<PushLine, "externalId" | "handle">[],
): ReturnType<Session["readBack"]> {
  const rows: ReadBack[] = [];
  for (const line of lines) {
    const path = `/v3/inventories/${encodeURIComponent(line.handle.sku ?? line.externalId)}`;
    const ask = { method: "GET", path, kind: "read", name: "readBack" } as const;
    const answer = await client.run(inventorySchema, ask);
    if (answer.outcome === "refused" && answer.status !== 404) return asFailure(answer);
    if (answer.outcome !== "answered" && answer.outcome !== "refused") return answer;
    rows.push(
      answer.outcome === "answered"
        ? {
            externalId: line.externalId,
            quantity: buyable(answer.data.nodes ?? [], nodeOf(account)),
          }
        : null,
    );
  }
  return { outcome: "read", rows };
}
