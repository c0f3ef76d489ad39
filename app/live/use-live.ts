import { useFetchers, useNavigation, useRevalidator } from "@remix-run/react";
import { useCallback, useEffect, useRef } from "react";
import type { ListedItem } from "../../prisma/item-rows.ts";
import type { LiveNews } from "./live.server.ts";

/** A page reads again at most this often, however fast stock moves. */
const PAUSE_MS = 300;
/** And once more when it has been quiet for so long: what is counted or written late is then there. */
export const SETTLED_MS = 1_500;
/** And at least this often, should an event get lost. */
const POLL_MS = 15_000;

/**
 * Keeps a page's numbers true: reads them again when the shop's stock changed, and whenever
 * listening begins, because nobody knows what was missed before. A page nobody looks at does not
 * listen: a browser allows six connections to a server, and each tab would take one.
 * @param item reads again only for changes of this item, when it is given.
 */
export function useLive(embedded: boolean, item?: string): void {
  const read = useReadAgain();
  useEffect(() => {
    const reader = throttled(read, PAUSE_MS);
    let settled: ReturnType<typeof setTimeout> | undefined;
    const stop = listen(embedded, (items) => {
      if (item !== undefined && items !== undefined && !items.includes(item)) return;
      reader.ask();
      clearTimeout(settled);
      settled = setTimeout(read, SETTLED_MS);
    });
    const poll = setInterval(() => !document.hidden && reader.ask(), POLL_MS);
    return () => {
      clearInterval(poll);
      clearTimeout(settled);
      reader.stop();
      stop();
    };
  }, [embedded, item, read]);
}

/**
 * On the way elsewhere, or sending a form, and not drawn as such yet: what React knows is a moment
 * old.
 */
function isAtWork(): boolean {
  const { navigation, fetchers } = window.__remixRouter.state;
  return navigation.state !== "idle" || [...fetchers.values()].some(isUnderWay);
}

const isUnderWay = ({ state }: { state: string }) => state !== "idle";

/**
 * Reads the page's numbers again: now, or as soon as the page is not reading, sending a form or going
 * elsewhere, which a second reading would abort, and not before there is a network, without which
 * the page would be replaced by an error. However often it is asked for meanwhile, it is read once
 * after.
 */
export function useReadAgain(): () => void {
  const { revalidate, state } = useRevalidator();
  const navigation = useNavigation();
  const sending = useFetchers().some(isUnderWay);
  const idle = state === "idle" && navigation.state === "idle" && !sending;
  const now = useRef({ idle, wanted: false, revalidate });
  now.current.idle = idle;
  now.current.revalidate = revalidate;
  const read = useCallback(() => {
    const page = now.current;
    page.wanted = !page.idle || isAtWork() || !navigator.onLine;
    if (page.wanted) return;
    page.idle = false;
    page.revalidate();
  }, []);
  useEffect(() => {
    const wanted = () => now.current.wanted && read();
    if (idle) wanted();
    window.addEventListener("online", wanted);
    return () => window.removeEventListener("online", wanted);
  }, [idle, read]);
  return read;
}

/** Which items changed, or undefined for anything; and the rows of a list that they are now. */
type Heard = (items: string[] | undefined, rows?: ListedItem[]) => void;

export function listen(embedded: boolean, heard: Heard): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const open = async () => {
    close();
    const address = await liveAddress(embedded);
    if (stopped || document.hidden) return;
    const opened = new EventSource(address);
    source = opened;
    opened.addEventListener("ready", () => heard(undefined));
    opened.addEventListener("change", ({ data }) => {
      const { items, rows }: LiveNews = JSON.parse(data);
      heard(items, rows?.map(revived));
    });
    // A browser's own retry would repeat the address, whose session token lives for a minute.
    opened.addEventListener("error", () => {
      close();
      if (!stopped) retry = setTimeout(open, 1_000);
    });
  };
  const look = () => (document.hidden ? close() : void open());
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    stopped = true;
    document.removeEventListener("visibilitychange", look);
    close();
  };
}

/** JSON has no dates. */
function revived(row: ListedItem): ListedItem {
  return { ...row, movedAt: row.movedAt && new Date(row.movedAt) };
}

/** Inside Shopify's admin an EventSource cannot send a header, so the token goes in the address. */
async function liveAddress(embedded: boolean): Promise<string> {
  if (!embedded) return "/app/live";
  const token = await window.shopify.idToken();
  return `/app/live?${new URLSearchParams({ id_token: token })}`;
}

/** Runs at once when it was quiet, else once more after the pause: the last call is never lost. */
function throttled(run: () => void, pauseMs: number): { ask(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = false;
  const ask = () => {
    if (timer !== undefined) {
      asked = true;
      return;
    }
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (!asked) return;
      asked = false;
      ask();
    }, pauseMs);
  };
  return { ask, stop: () => clearTimeout(timer) };
}
