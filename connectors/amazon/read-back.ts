import type { Account, CallFailure, ReadBack, Session } from "../connector.ts";
import type { AmazonClient } from "./client.ts";
import {
  type Item,
  itemSchema,
  liveQuantity,
  marketplacesOf,
  PAGE_SIZE,
  search,
} from "./listings.ts";

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
