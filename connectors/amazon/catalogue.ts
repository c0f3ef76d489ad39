import type { Account, ListingRecord, Page, World } from "../connector.ts";
import type { AmazonClient } from "./client.ts";
import { createCounter } from "./fba.ts";
import { type Found, PAGE_SIZE, recordOf, search } from "./listings.ts";
import { createReportReader, type ReportReader } from "./listings-report.ts";
import { type Place, placeCursor, placeSchema } from "./place.ts";

/** A query can be paged through its first results only. */
const PAGEABLE = 1_000;

type SearchPlace = Exclude<Place, { by: "report" }>;

export interface Catalogue {
  /** Every listing of the seller, one page at a time. */
  page(cursor: string | null): Promise<Page<ListingRecord>>;
}

/**
 * A catalogue of up to 1,000 listings is searched, 20 a page. A longer one is read from a report
 * that Amazon prepares; should Amazon fail at that, it is searched in slices by creation date.
 */
export function createCatalogue(client: AmazonClient, account: Account, world: World): Catalogue {
  const reader = createReportReader(client, account, world);
  const count = createCounter(client, account);
  /** What was found last: where its counting was throttled, only that is repeated. */
  let last: { cursor: string | null; found: Found } | null = null;

  async function searched(place: SearchPlace, cursor: string | null): Promise<Page<ListingRecord>> {
    const again = last?.cursor === cursor ? last.found : null;
    last = null;
    const answer = again
      ? ({ outcome: "answered", data: again } as const)
      : await searchAt(client, account, place);
    if (answer.outcome !== "answered") return answer;
    const { data: found } = answer;
    if (place.by === "search" && found.numberOfResults > PAGEABLE) return reader.order();
    const counted = await count(found.items.map(recordOf));
    if (counted.outcome !== "counted") {
      last = { cursor, found };
      return counted;
    }
    // A slice only knows how many are left.
    const total = place.after === null ? { total: found.numberOfResults } : {};
    return { outcome: "page", rows: counted.rows, next: nextPlace(found, place), ...total };
  }

  return {
    page(cursor) {
      const place: Place = cursor
        ? placeSchema.parse(JSON.parse(cursor))
        : { by: "search", after: null, token: null };
      return place.by === "report" ? reportPage(reader, place) : searched(place, cursor);
    },
  };
}

function reportPage(reader: ReportReader, place: Extract<Place, { by: "report" }>) {
  return reader.page(place.id, place.from);
}

function searchAt(client: AmazonClient, account: Account, place: SearchPlace) {
  return search(client, account, "listings", {
    includedData: ["summaries", "attributes", "fulfillmentAvailability"],
    pageSize: PAGE_SIZE,
    sortBy: "createdDate",
    sortOrder: "ASC",
    ...(place.after ? { createdAfter: place.after } : {}),
    ...(place.token ? { pageToken: place.token } : {}),
  });
}

function nextPlace(found: Found, place: SearchPlace): string | null {
  const token = found.pagination?.nextToken;
  if (token) return placeCursor({ ...place, token });
  if (found.numberOfResults <= PAGEABLE) return null;
  const last = found.items.at(-1)?.summaries?.[0]?.createdDate;
  // A slice that does not move on would be read for ever.
  return last && last !== place.after ? placeCursor({ ...place, after: last, token: null }) : null;
}
