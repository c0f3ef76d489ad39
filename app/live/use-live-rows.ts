import { useEffect, useRef, useState } from "react";
import type { ListedItem } from "../../prisma/item-rows.ts";
import { listen, SETTLED_MS, useReadAgain } from "./use-live.ts";

/** Pages that all hear the same word do not all come back in the same moment. */
const SPREAD_MS = 2_000;
/** Should a word get lost after all. */
const POLL_MS = 60_000;
/** Rows heard of are kept for a page that is being read meanwhile: so many of them. */
const KEPT = 500;

type News = ReadonlyMap<string, ListedItem>;

/**
 * A list's rows, each as it is now. A change brings the rows it concerns, so that a list need not
 * be read again for it. It is read again when listening begins, when "anything" changed, and, where
 * which rows there are hangs on their numbers (`shifting`), when it has been quiet for a moment.
 */
export function useLiveRows(
  embedded: boolean,
  rows: ListedItem[],
  shifting: boolean,
): ListedItem[] {
  const [news, setNews] = useState<News>(new Map());
  const read = useReadAgain();
  const shown = useRef(rows);
  shown.current = rows;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readSoon = (inMs: number) => {
      clearTimeout(timer);
      timer = setTimeout(read, inMs);
    };
    const spread = () => Math.random() * SPREAD_MS;
    let heard = false;
    const stop = listen(embedded, (items, told) => {
      if (told) setNews((before) => withNews(before, told));
      const concerned = items ? shown.current.some((row) => items.includes(row.item)) : true;
      if (shifting) readSoon(SETTLED_MS + spread());
      else if (!told && concerned) readSoon(heard ? spread() : 0);
      heard = true;
    });
    const poll = setInterval(() => !document.hidden && readSoon(spread()), POLL_MS);
    return () => {
      clearTimeout(timer);
      clearInterval(poll);
      stop();
    };
  }, [embedded, shifting, read]);
  return rows.map((row) => newer(row, news.get(row.item)));
}

/** What was read and what was told may come in either order. */
function newer(row: ListedItem, told: ListedItem | undefined): ListedItem {
  return told && told.asOf > row.asOf ? told : row;
}

function withNews(before: News, told: readonly ListedItem[]): News {
  const after = new Map(before);
  for (const row of told) {
    after.delete(row.item);
    after.set(row.item, row);
  }
  for (const item of after.keys()) {
    if (after.size <= KEPT) break;
    after.delete(item);
  }
  return after;
}
