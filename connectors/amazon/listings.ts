import { z } from "zod";
import type { Account, ListingRecord, Page, PushLine, ReadBack, Session } from "../connector.ts";
import type { Answered } from "../http.ts";
import { type AmazonClient, type Operation, RATES } from "./client.ts";

const itemSchema = z.object({
  sku: z.string(),
  summaries: z
    .array(
      z.object({
        productType: z.string().nullish(),
        itemName: z.string().nullish(),
        createdDate: z.string().nullish(),
      }),
    )
    .nullish(),
  /** The live number, unlike the attribute of the same name: what was last submitted. */
  fulfillmentAvailability: z
    .array(z.object({ fulfillmentChannelCode: z.string(), quantity: z.number().int().nullish() }))
    .nullish(),
});

type Item = z.infer<typeof itemSchema>;

const foundSchema = z.object({
  numberOfResults: z.number().int(),
  pagination: z.object({ nextToken: z.string().nullish() }).nullish(),
  items: z.array(itemSchema),
});

type Found = z.infer<typeof foundSchema>;

const PAGE_SIZE = 20;

export function marketplacesOf(account: Account): string[] {
  return (account.settings.marketplaceIds ?? "").split(",");
}

/** A page's place: Amazon's token, and the creation date at which the current slice begins. */
const cursorSchema = z.object({ after: z.string().nullable(), token: z.string().nullable() });

/**
 * Every listing of the seller, 20 a page. A query can be paged through its first 1,000 results
 * only, so a longer catalogue is read in slices by creation date.
 */
export async function listings(
  client: AmazonClient,
  account: Account,
  cursor: string | null,
): Promise<Page<ListingRecord>> {
  const place = cursor ? cursorSchema.parse(JSON.parse(cursor)) : { after: null, token: null };
  const answer = await search(client, account, {
    includedData: ["summaries", "fulfillmentAvailability"],
    pageSize: PAGE_SIZE,
    sortBy: "createdDate",
    sortOrder: "ASC",
    ...(place.after ? { createdAfter: place.after } : {}),
    ...(place.token ? { pageToken: place.token } : {}),
  });
  if (answer.outcome !== "answered") return answer;
  return {
    outcome: "page",
    rows: answer.data.items.map(record),
    next: nextPlace(answer.data, place),
  };
}

const PAGEABLE = 1_000;

function nextPlace(found: Found, place: z.infer<typeof cursorSchema>): string | null {
  const token = found.pagination?.nextToken;
  if (token) return JSON.stringify({ after: place.after, token });
  if (found.numberOfResults <= PAGEABLE) return null;
  const last = found.items.at(-1)?.summaries?.[0]?.createdDate;
  // A slice that does not move on would be read for ever.
  return last && last !== place.after ? JSON.stringify({ after: last, token: null }) : null;
}

function record(item: Item): ListingRecord {
  const [summary] = item.summaries ?? [];
  return {
    externalId: item.sku,
    sku: item.sku,
    title: summary?.itemName ?? item.sku,
    quantity: liveQuantity(item),
    barcode: null,
    unpushable: null,
    group: null,
    stockId: null,
    // Pushing to what Amazon keeps (AMAZON_NA ...) would turn the offer into the merchant's own.
    merchantFulfilled: !(item.fulfillmentAvailability ?? []).some((one) =>
      one.fulfillmentChannelCode.startsWith("AMAZON_"),
    ),
    handle: { sku: item.sku, productType: summary?.productType ?? "PRODUCT" },
  };
}

function liveQuantity(item: Item): number | null {
  const own = item.fulfillmentAvailability?.find((one) => one.fulfillmentChannelCode === "DEFAULT");
  return own?.quantity ?? null;
}

/** The live numbers; one call for up to 20 lines. */
export async function readBack(
  client: AmazonClient,
  account: Account,
  lines: readonly Pick<PushLine, "externalId">[],
): ReturnType<Session["readBack"]> {
  const skus = lines.map((line) => line.externalId);
  // The library splits array values at commas, so a SKU with one can only be asked for by path.
  const alone = skus.filter((sku) => skus.length === 1 || sku.includes(","));
  const together = skus.filter((sku) => !alone.includes(sku));
  const items = new Map<string, Item>();
  for (const sku of alone) {
    const answer = await getOne(client, account, sku);
    if (answer.outcome !== "answered") return answer;
    if (answer.data) items.set(sku, answer.data);
  }
  for (let from = 0; from < together.length; from += PAGE_SIZE) {
    const answer = await search(client, account, {
      identifiers: together.slice(from, from + PAGE_SIZE),
      identifiersType: "SKU",
      includedData: ["fulfillmentAvailability"],
      pageSize: PAGE_SIZE,
    });
    if (answer.outcome !== "answered") return answer;
    for (const item of answer.data.items) items.set(item.sku, item);
  }
  return { outcome: "read", rows: skus.map((sku) => readBackOf(items.get(sku))) };
}

function readBackOf(item: Item | undefined): ReadBack {
  return item ? { externalId: item.sku, quantity: liveQuantity(item) } : null;
}

function getOne(client: AmazonClient, account: Account, sku: string) {
  return client.run(itemSchema, {
    operation: "listingsItems.getListingsItem",
    kind: "read",
    rate: RATES.readBack,
    path: { sellerId: account.settings.sellerId ?? "", sku },
    query: {
      marketplaceIds: marketplacesOf(account),
      includedData: ["fulfillmentAvailability"],
    },
  });
}

async function search(
  client: AmazonClient,
  account: Account,
  query: Operation["query"],
): Promise<Answered<Found>> {
  const answer = await client.run(foundSchema, {
    operation: "listingsItems.searchListingsItems",
    kind: "read",
    rate: RATES.listings,
    path: { sellerId: account.settings.sellerId ?? "" },
    query: { marketplaceIds: marketplacesOf(account), ...query },
  });
  if (answer.outcome !== "answered") return answer;
  const none: Found = { numberOfResults: 0, items: [] };
  return { outcome: "answered", data: answer.data ?? none };
}
