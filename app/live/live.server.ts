import type { LiveChange, LiveSubscriber } from "../../jobs/live.ts";
import { itemRows, type ListedItem } from "../../prisma/item-rows.ts";
import type { Services } from "../services.ts";

/** What an open page hears: which items changed, and what a list's row of each is now. */
export interface LiveNews extends LiveChange {
  rows?: ListedItem[];
}

/** Proxies close a connection that says nothing; a comment now and then keeps it. */
const ALIVE_MS = 15_000;

/** Then the page asks anew: whoever may not see the shop any more hears nothing after this. */
const LONGEST_MS = 3 * 60_000;

/** Changes of more items than this are told without their rows: whoever shows them reads again. */
const ROWS_MOST = 100;

const HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  // nginx would gather events until its buffer is full.
  "X-Accel-Buffering": "no",
};

const READY = new TextEncoder().encode("event: ready\ndata: {}\n\n");

type Watched = Pick<Services, "db" | "live" | "log">;

/**
 * A shop's changes as server-sent events. The first event says that listening has begun: whatever
 * happened before it, a page learns by reading again when it hears it.
 */
export function liveStream(services: Watched, shop: string, signal: AbortSignal): Response {
  const text = new TextEncoder();
  let end = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (bytes: Uint8Array) => controller.enqueue(bytes);
      const leave = roomOf(services, shop).enter(write, () => write(READY));
      const alive = setInterval(write, ALIVE_MS, text.encode(": alive\n\n")).unref();
      const close = () => {
        end();
        controller.close();
      };
      const over = setTimeout(close, LONGEST_MS).unref();
      end = () => {
        end = () => {};
        clearInterval(alive);
        clearTimeout(over);
        signal.removeEventListener("abort", close);
        leave();
      };
      signal.addEventListener("abort", close);
      write(text.encode("retry: 1000\n\n"));
    },
    cancel: () => end(),
  });
  return new Response(body, { headers: HEADERS });
}

interface Room {
  /** Hears everything from when `begun` is called, until the returned function is called. */
  enter(write: (bytes: Uint8Array) => void, begun: () => void): () => void;
}

const rooms = new WeakMap<LiveSubscriber, Map<string, Room>>();

function roomOf(services: Watched, shop: string): Room {
  const open = rooms.get(services.live) ?? new Map<string, Room>();
  rooms.set(services.live, open);
  const room = open.get(shop) ?? openRoom(services, shop, () => open.delete(shop));
  open.set(shop, room);
  return room;
}

/**
 * All open pages of a shop. What changed is read once, however many there are, and the same bytes
 * go to each: the thousandth tab costs one write.
 */
function openRoom({ db, live, log }: Watched, shop: string, empty: () => void): Room {
  const text = new TextEncoder();
  const pages = new Set<(bytes: Uint8Array) => void>();
  const waiting = new Set<string>();
  let reading = false;
  const tell = (news: LiveNews) => {
    const bytes = text.encode(`event: change\ndata: ${JSON.stringify(news)}\n\n`);
    for (const write of pages) write(bytes);
  };
  // One reading at a time: what changes meanwhile is told by the next one, which sees it all.
  const read = async () => {
    reading = true;
    while (waiting.size > 0) {
      const items = [...waiting];
      waiting.clear();
      const rows = await itemRows(db, shop, items).catch((error) => {
        log.warn({ error: String(error), shop }, "open pages are told what changed without rows");
      });
      tell(rows ? { items, rows } : { items });
    }
    reading = false;
  };
  const hear = ({ items }: LiveChange) => {
    if (!items || items.length > ROWS_MOST) return tell(items ? { items } : {});
    for (const item of items) waiting.add(item);
    if (!reading) void read();
  };
  let listening = false;
  const arrivals = new Set<() => void>();
  const leaveLive = live.subscribe(shop, hear, () => {
    listening = true;
    for (const begun of arrivals) begun();
    arrivals.clear();
  });
  return {
    enter: (write, begun) => {
      pages.add(write);
      if (listening) begun();
      else arrivals.add(begun);
      return () => {
        arrivals.delete(begun);
        if (!pages.delete(write) || pages.size > 0) return;
        leaveLive();
        empty();
      };
    },
  };
}
