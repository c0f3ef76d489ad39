import { type House, Merchant } from "./house.ts";
import { Marketplace } from "./marketplace.ts";

/** What a push test starts from: nothing to tell, and nothing told yet. */
export async function shopOn(
  house: House,
  skus: string[],
  units: number,
  limits = {},
  compareAndSet = false,
) {
  const marketplace = new Marketplace("shopify", limits, compareAndSet);
  const merchant = await Merchant.open(house.db, skus, [marketplace]);
  for (const sku of skus) await merchant.hear(merchant.book.receive(merchant.item(sku), units));
  await merchant.push("shopify");
  await merchant.readBack("shopify");
  marketplace.batches.length = 0;
  merchant.asked.length = 0;
  return { merchant, marketplace };
}

/** A merchant on one marketplace that shows everything there is, with `units` of each SKU. */
export type OpenShop = (
  skus: string[],
  units: number,
  limits?: object,
  compareAndSet?: boolean,
) => ReturnType<typeof shopOn>;

/** A sale on another channel. */
export function sale(
  merchant: Merchant,
  sku: string,
  quantity = 1,
  order = `o-${merchant.book.seq}`,
) {
  return { ...merchant.book.sell(merchant.item(sku), order, quantity), channel: "amazon" };
}
