import type { CallFailure, Session } from "../connectors/connector.ts";
import type { Database } from "../prisma/client.ts";
import { importListings } from "../prisma/listings.ts";

export type Imported =
  | {
      outcome: "imported";
      listings: number;
      /** Listings that were not known before. */
      added: number;
      /** Those whose SKU is one of the shop's items: the others are not pushed until matched. */
      matched: number;
    }
  | CallFailure;

export interface ImportDeps {
  db: Database;
  session: Pick<Session, "listings">;
  now(): number;
  /** Waits; a marketplace may ask for it between two pages. */
  pause(ms: number): Promise<void>;
  /** Told after each page, for a progress bar: how many listings so far. */
  onProgress?(listings: number): void;
}

/**
 * Takes over every listing of a connection, page by page, and what each shows. Creates no item:
 * a SKU the merchant does not own stays unmatched, in plain sight. The caller then replans the
 * connection's listings (`replanListings` with its id). Doing it again changes nothing.
 */
export async function importConnection(
  { db, session, now, pause, onProgress }: ImportDeps,
  shop: string,
  connection: string,
): Promise<Imported> {
  let [listings, added, matched] = [0, 0, 0];
  for (let cursor: string | null = null; ; ) {
    const page = await session.listings(cursor);
    if (page.outcome === "throttled") {
      await pause(Math.max(1, page.retryAt - now()));
      continue;
    }
    if (page.outcome === "preparing") {
      cursor = page.cursor;
      await pause(Math.max(1, page.againAt - now()));
      continue;
    }
    if (page.outcome !== "page") return page;
    const done = await importListings(db, shop, connection, page.rows, new Date(now()));
    listings += page.rows.length;
    added += done.added;
    matched += done.matched;
    onProgress?.(listings);
    if (page.next === null) return { outcome: "imported", listings, added, matched };
    cursor = page.next;
  }
}
