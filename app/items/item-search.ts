import type { ItemFilter, ItemSort } from "../../prisma/item-list.ts";

/** What a list of items is narrowed to, and how it is sorted: what its address says. */
export interface ItemSearch {
  /** Part of a SKU, a title or a barcode. */
  q: string;
  show: ItemFilter;
  /** Up to so many available are "low". */
  below: number;
  category: string;
  /** A connection's id. */
  channel: string;
  sort: ItemSort;
  descending: boolean;
  size: number;
}

export const PAGE_SIZES = [25, 50, 100, 200] as const;

export const EVERY_ITEM: ItemSearch = {
  q: "",
  show: "all",
  below: 10,
  category: "",
  channel: "",
  sort: "sku",
  descending: false,
  size: 50,
};

/** So many items can be chosen one by one: their ids have to fit into an address. */
export const MOST_CHOSEN = 400;

/** The address' search, without what goes without saying. */
export function itemParams(search: ItemSearch): URLSearchParams {
  const { sort, descending, ...rest } = search;
  const told = { ...rest, sort: `${descending ? "-" : ""}${sort}` };
  const usual: Record<string, unknown> = { ...EVERY_ITEM };
  const params = Object.entries(told).filter(([name, value]) => value !== usual[name]);
  return new URLSearchParams(params.map(([name, value]) => [name, String(value)]));
}

/** The page of this search. */
export function itemsUrl(search: ItemSearch, more: Record<string, string> = {}): string {
  const params = itemParams(search);
  for (const [name, value] of Object.entries(more)) params.set(name, value);
  const text = params.toString();
  return text === "" ? "/app/items" : `/app/items?${text}`;
}
