import { useState } from "react";
import { MOST_CHOSEN } from "./item-search.ts";

/** Which items something is to be done with. */
export interface ItemsChoice {
  /** All that the search finds, seen or not. */
  all: boolean;
  /** Ids of those that were chosen one by one, on whichever page. */
  items: readonly string[];
  has(item: string): boolean;
  set(items: readonly string[], chosen: boolean): void;
  chooseAll(): void;
  clear(): void;
}

const NONE = { all: false, items: [] as readonly string[] };

/** What is chosen outlives the turning of pages, and ends with the search it was chosen from. */
export function useItemsChoice(search: string): ItemsChoice {
  const [kept, keep] = useState({ search, ...NONE });
  const { all, items } = kept.search === search ? kept : NONE;
  return {
    all,
    items,
    has: (item) => all || items.includes(item),
    set: (changed, chosen) => {
      const others = items.filter((item) => !changed.includes(item));
      const next = chosen ? [...others, ...changed].slice(0, MOST_CHOSEN) : others;
      keep({ search, all: false, items: next });
    },
    chooseAll: () => keep({ search, all: true, items: [] }),
    clear: () => keep({ search, ...NONE }),
  };
}
