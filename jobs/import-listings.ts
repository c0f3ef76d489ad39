import type { CallFailure, ListingRecord, Page, Session } from "../connectors/connector.ts";
import { exhaustive } from "../inventory/assert.ts";
import type { Database } from "../prisma/client.ts";
import { type ImportedListings, importListings, markGone } from "../prisma/listings.ts";

export type Imported = ({ outcome: "imported"; listings: number } & ImportedListings) | CallFailure;

export interface ImportDeps {
  db: Database;
  session: Pick<Session, "listings">;
  now(): number;
  /** Waits; a marketplace may ask for it between two pages. */
  pause(ms: number): Promise<void>;
}

export type Step =
  | {
      outcome: "stepped";
      /** Listings of this page. */
      listings: number;
      counts: ImportedListings;
      /** Null: that was the last one. */
      next: string | null;
      total: number | undefined;
    }
  /** Nothing yet: from this cursor, at this time (ms). */
  | { outcome: "preparing"; cursor: string; againAt: number }
  | CallFailure;

/** Asks for one page of a connection's listings and takes it over. */
export async function importPage(
  { db, session, now }: Omit<ImportDeps, "pause">,
  shop: string,
  connection: string,
  cursor: string | null,
): Promise<Step> {
  const page: Page<ListingRecord> = await session.listings(cursor);
  switch (page.outcome) {
    case "page": {
      const counts = await importListings(db, shop, connection, page.rows, new Date(now()));
      const { rows, next, total } = page;
      return { outcome: "stepped", listings: rows.length, counts, next, total };
    }
    case "preparing":
    case "throttled":
    case "unavailable":
    case "unknown":
    case "unauthorized":
    case "not-supported":
      return page;
    default:
      return exhaustive(page);
  }
}

/**
 * Takes over every listing of a connection in one go, page by page: for small catalogues and
 * commands; the worker does it in steps that survive a restart. Creates no item: a SKU the merchant
 * does not own stays unmatched, in plain sight. The caller then replans the connection's listings
 * (`replanListings` with its id). Doing it again changes nothing.
 */
export async function importConnection(
  deps: ImportDeps,
  shop: string,
  connection: string,
): Promise<Imported> {
  const sums = { listings: 0, added: 0, matched: 0, marketplaceFulfilled: 0, unpushable: 0 };
  const begun = new Date(deps.now());
  for (let cursor: string | null = null; ; ) {
    const step = await importPage(deps, shop, connection, cursor);
    if (step.outcome === "throttled" || step.outcome === "preparing") {
      const at = step.outcome === "throttled" ? step.retryAt : step.againAt;
      if (step.outcome === "preparing") cursor = step.cursor;
      await deps.pause(Math.max(1, at - deps.now()));
      continue;
    }
    if (step.outcome !== "stepped") return step;
    sums.listings += step.listings;
    sums.added += step.counts.added;
    sums.matched += step.counts.matched;
    sums.marketplaceFulfilled += step.counts.marketplaceFulfilled;
    sums.unpushable += step.counts.unpushable;
    if (step.next === null) break;
    cursor = step.next;
  }
  await markGone(deps.db, shop, connection, begun);
  return { outcome: "imported", ...sums };
}
