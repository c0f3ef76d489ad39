import { z } from "zod";
import type { ListingRecord, Page } from "../connector.ts";
import type { EbayClient } from "./client.ts";
import { inventoryListings } from "./inventory-listings.ts";
import { legacyListings } from "./legacy-listings.ts";

/** A page's place: which of the two worlds, which of its pages. */
const cursorSchema = z.discriminatedUnion("world", [
  z.object({ world: z.literal("inventory"), page: z.number().int() }),
  z.object({ world: z.literal("legacy"), page: z.number().int(), endingAfter: z.number() }),
]);

type Place = z.infer<typeof cursorSchema>;

/** Every listing of the seller: first the Inventory model's, then those that only Trading knows. */
export async function listings(
  client: EbayClient,
  cursor: string | null,
): Promise<Page<ListingRecord>> {
  const place: Place = cursor
    ? cursorSchema.parse(JSON.parse(cursor))
    : { world: "inventory", page: 0 };
  if (place.world === "inventory") {
    const read = await inventoryListings(client, place.page);
    if (read.outcome !== "read") return read;
    return pageOf(
      read.rows,
      read.more
        ? { ...place, page: place.page + 1 }
        : { world: "legacy", page: 1, endingAfter: client.now() },
    );
  }
  const read = await legacyListings(client, place.page, place.endingAfter);
  if (read.outcome !== "read") return read;
  return pageOf(read.rows, read.more ? { ...place, page: place.page + 1 } : null);
}

const pageOf = (rows: ListingRecord[], next: Place | null): Page<ListingRecord> => ({
  outcome: "page",
  rows,
  next: next && JSON.stringify(next),
});
