import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import {
  COUNTED,
  ITEM_FILTERS,
  ITEM_SORTS,
  type ItemCursor,
  type ItemPageQuery,
  type ItemQuery,
  type ItemSort,
  itemPage,
} from "../../prisma/item-list.ts";
import { itemsOnConnection, unlistedItems } from "../../prisma/item-sets.ts";
import { type ItemView, listItemViews } from "../../prisma/item-views.ts";
import { shopCategories } from "../../prisma/rule-scope.ts";
import { channelColumns } from "../access/merchant.server.ts";
import type { Merchant } from "../access/person.ts";
import { placeText, readPlace } from "../page-place.ts";
import { Remembered } from "../remembered.ts";
import { EVERY_ITEM, type ItemSearch, PAGE_SIZES } from "./item-search.ts";

const word = (most: number) => z.string().max(most).catch("");

/** An address that was typed wrongly shows every item instead of an error. */
const schema = z.object({
  q: word(200).transform((text) => text.trim()),
  show: z.enum(ITEM_FILTERS).catch(EVERY_ITEM.show),
  below: z.coerce.number().int().min(1).max(1_000_000).catch(EVERY_ITEM.below),
  category: word(200),
  channel: word(50),
  sort: z
    .string()
    .regex(new RegExp(`^-?(${ITEM_SORTS.join("|")})$`))
    .catch(EVERY_ITEM.sort),
  size: z.coerce.number().refine(isPageSize).catch(EVERY_ITEM.size),
});

function isPageSize(size: number): boolean {
  return PAGE_SIZES.some((one) => one === size);
}

/** What an address asks for. */
export function readItemSearch(params: URLSearchParams): ItemSearch {
  const { sort, ...rest } = schema.parse(Object.fromEntries(params));
  const descending = sort.startsWith("-");
  return { ...rest, sort: (descending ? sort.slice(1) : sort) as ItemSort, descending };
}

/** The search as a query of the record. */
export function itemQuery(shop: string, search: ItemSearch): ItemQuery {
  const { q, show, below, category, channel } = search;
  return {
    ...{ shop, search: q, filter: show, below },
    category: category || undefined,
    connection: channel || undefined,
  };
}

/** Few items that no listing sells are looked for among all of them: not more often than this. */
const UNLISTED_MS = 10_000;
type Unlisted = { items: string[] | null };
const unlisted = new Remembered<Unlisted>({ limit: 100, forMs: UNLISTED_MS, now: Date.now });

/** The query, with the ids of few items in place of a condition that would be slow to find them. */
async function ready({ services }: AppLoadContext, query: ItemQuery): Promise<ItemQuery> {
  const { shop, filter, connection } = query;
  const { db } = services;
  if (filter === "unlisted") {
    const find = async () => ({ items: await unlistedItems(db, shop, COUNTED) });
    const items = (await unlisted.get(shop, find))?.items;
    if (items) return { ...query, filter: "all", items };
  } else if (connection !== undefined) {
    const items = await itemsOnConnection(db, shop, connection, COUNTED);
    if (items) return { ...query, connection: undefined, items };
  }
  return query;
}

/** One page of items as a search asks for it. */
export async function readItemPage(
  context: AppLoadContext,
  shop: string,
  search: ItemSearch,
  place: Pick<ItemPageQuery, "after" | "before"> = {},
) {
  const { db, now } = context.services;
  const query = await ready(context, itemQuery(shop, search));
  const { sort, descending, size: limit } = search;
  const page = await itemPage(db, { ...query, ...place, sort, descending, limit }, new Date(now()));
  const found = { count: Math.min(page.found, COUNTED), more: page.found > COUNTED };
  const { rows, previous, next } = page;
  return { rows, found, previous: placeText(previous), next: placeText(next) };
}

/** Everything the Items page shows. */
export async function readItems(context: AppLoadContext, merchant: Merchant, address: URL) {
  const { db } = context.services;
  const shop = merchant.id;
  const searched = readItemSearch(address.searchParams);
  const [columns, categories, views] = await Promise.all([
    channelColumns(context, shop),
    shopCategories(db, shop),
    listItemViews(db, { shop, person: merchant.person.id }),
  ]);
  const known = columns.some((column) => column.connection === searched.channel);
  const search = known ? searched : { ...searched, channel: "" };
  const page = await readItemPage(context, shop, search, placeOf(address, search.sort));
  return { ...page, columns, categories, views: views satisfies ItemView[], searched: search };
}

function placeOf({ searchParams }: URL, sort: ItemSort) {
  return {
    after: readPlace(searchParams.get("after"), CURSORS[sort]),
    before: readPlace(searchParams.get("before"), CURSORS[sort]),
  };
}

const id = z.string().max(100);
const CURSORS: Record<ItemSort, z.ZodType<ItemCursor>> = {
  sku: z.tuple([z.string().max(500), id]),
  title: z.tuple([z.string().max(500), id]),
  "on-hand": z.tuple([z.int(), id]),
  available: z.tuple([z.int(), id]),
  moved: z.tuple([z.iso.datetime(), id]),
};
