import { z } from "zod";
import type { Account, CallName, ListingRecord } from "../connector.ts";
import type { Answered } from "../http.ts";
import type { AmazonClient, Operation } from "./client.ts";

export const itemSchema = z.object({
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

export type Item = z.infer<typeof itemSchema>;

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

/** What a buyer could buy now of what the merchant keeps himself. */
export function liveQuantity(item: Item): number | null {
  const own = item.fulfillmentAvailability?.find((one) => one.fulfillmentChannelCode === "DEFAULT");
  return own?.quantity ?? null;
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
