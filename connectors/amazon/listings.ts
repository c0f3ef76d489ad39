import { z } from "zod";
import type {
  Account,
  CallFailure,
  CallName,
  ListingRecord,
  ReadBack,
  Session,
} from "../connector.ts";
import type { Answered } from "../http.ts";
import type { AmazonClient, Operation } from "./client.ts";

const itemSchema = z.object({
  sku: z.string(),
  summaries: z
    .array(
      z.object({
        marketplaceId: z.string().nullish(),
        productType: z.string().nullish(),
        itemName: z.string().nullish(),
        createdDate: z.string().nullish(),
      }),
    )
    .nullish(),
  attributes: z
    .object({
      externally_assigned_product_identifier: z
        .array(z.object({ type: z.string().nullish(), value: z.string().nullish() }))
        .nullish(),
    })
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

export type Found = z.infer<typeof foundSchema>;

export const PAGE_SIZE = 20;

/** Every shop of the region that the seller takes part in, the home one first. */
export function marketplacesOf(account: Account): string[] {
  return (account.settings.marketplaceIds ?? "").split(",");
}

export function homeOf(account: Account): string {
  return marketplacesOf(account)[0] ?? "";
}

export function recordOf(item: Item): ListingRecord {
  const [summary] = item.summaries ?? [];
  const marketplaceId = summary?.marketplaceId;
  return {
    externalId: item.sku,
    sku: item.sku,
    title: summary?.itemName ?? item.sku,
    quantity: liveQuantity(item),
    barcode: barcodeOf(item),
    unpushable: null,
    group: null,
    stockId: null,
    // Pushing to what Amazon keeps (AMAZON_NA ...) would turn the offer into the merchant's own.
    merchantFulfilled: !(item.fulfillmentAvailability ?? []).some((one) =>
      isKeptByAmazon(one.fulfillmentChannelCode),
    ),
    handle: {
      sku: item.sku,
      productType: summary?.productType ?? "PRODUCT",
      ...(marketplaceId ? { marketplaceId } : {}),
    },
  };
}

/** AMAZON_NA, AMAZON_EU, AMAZON_JP ...: what the merchant keeps himself is DEFAULT. */
export const isKeptByAmazon = (channel: string) => channel.startsWith("AMAZON_");

/** Digits only; an ASIN is Amazon's own name of a thing, not a barcode. */
export function asBarcode(value: string | null | undefined): string | null {
  return value && /^\d{8,14}$/.test(value) ? value : null;
}

function barcodeOf({ attributes }: Item): string | null {
  const assigned = attributes?.externally_assigned_product_identifier ?? [];
  return assigned.map(({ value }) => asBarcode(value)).find((one) => one !== null) ?? null;
}

function liveQuantity(item: Item): number | null {
  const own = item.fulfillmentAvailability?.find((one) => one.fulfillmentChannelCode === "DEFAULT");
  return own?.quantity ?? null;
}

/** How long a number that was read may wait for the others of its batch. */
const HELD_MS = 10_000;

export type Reader = Session["readBack"];

type Read = Map<string, { item: Item | null; at: number }>;

/**
 * Reads live numbers; one call for up to 20 lines. Should single calls have to wait, what was read
 * of the batch is remembered for its next try, or it would never be complete.
 */
export function createReader(client: AmazonClient, account: Account): Reader {
  let held: Read = new Map();
  return async (lines) => {
    const skus = lines.map((line) => line.externalId);
    const fresh = [...held].filter(([, one]) => client.now() - one.at < HELD_MS);
    const read: Read = new Map(fresh);
    const failure = await readInto(read, client, account, skus);
    held = failure ? new Map([...held, ...read]) : withoutAll(held, skus);
    if (failure) return failure;
    return { outcome: "read", rows: skus.map((sku) => readBackOf(read.get(sku)?.item)) };
  };
}

const withoutAll = (held: Read, skus: readonly string[]): Read =>
  new Map([...held].filter(([sku]) => !skus.includes(sku)));

/** The library splits array values at commas: a SKU with one can only be asked for by its path. */
async function readInto(
  read: Read,
  client: AmazonClient,
  account: Account,
  skus: readonly string[],
): Promise<CallFailure | null> {
  const at = client.now();
  const wanted = skus.filter((sku) => !read.has(sku));
  const alone = wanted.filter((sku) => wanted.length === 1 || sku.includes(","));
  for (const sku of alone) {
    const answer = await getOne(client, account, sku);
    if (answer.outcome !== "answered") return answer;
    read.set(sku, { item: answer.data, at });
  }
  const together = wanted.filter((sku) => !alone.includes(sku));
  for (let from = 0; from < together.length; from += PAGE_SIZE) {
    const some = together.slice(from, from + PAGE_SIZE);
    const answer = await search(client, account, "readBack", {
      identifiers: some,
      identifiersType: "SKU",
      includedData: ["fulfillmentAvailability"],
      pageSize: PAGE_SIZE,
    });
    if (answer.outcome !== "answered") return answer;
    const found = new Map(answer.data.items.map((item) => [item.sku, item]));
    for (const sku of some) read.set(sku, { item: found.get(sku) ?? null, at });
  }
  return null;
}

function readBackOf(item: Item | null | undefined): ReadBack {
  return item ? { externalId: item.sku, quantity: liveQuantity(item) } : null;
}

function getOne(client: AmazonClient, account: Account, sku: string) {
  return client.run(itemSchema, {
    operation: "listingsItems.getListingsItem",
    plan: "getListingsItem",
    as: "readBack",
    kind: "read",
    path: { sellerId: account.settings.sellerId ?? "", sku },
    query: {
      marketplaceIds: marketplacesOf(account),
      includedData: ["fulfillmentAvailability"],
    },
  });
}

export async function search(
  client: AmazonClient,
  account: Account,
  as: CallName,
  query: Operation["query"],
): Promise<Answered<Found>> {
  const answer = await client.run(foundSchema, {
    operation: "listingsItems.searchListingsItems",
    plan: "searchListingsItems",
    as,
    kind: "read",
    path: { sellerId: account.settings.sellerId ?? "" },
    query: { marketplaceIds: marketplacesOf(account), ...query },
  });
  if (answer.outcome !== "answered") return answer;
  const none: Found = { numberOfResults: 0, items: [] };
  return { outcome: "answered", data: answer.data ?? none };
}
