import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import { createListedItem } from "../../prisma/first-items.ts";
import { suggestItems } from "../../prisma/items.ts";
import {
  countListings,
  findListings,
  LISTING_FILTERS,
  type ListingFilter,
} from "../../prisma/listing-page.ts";
import { type Matched, matchListing, unmatchListing } from "../../prisma/matching.ts";
import { channelColumns } from "../access/merchant.server.ts";
import { placeText, readPlace } from "../page-place.ts";
import { Remembered } from "../remembered.ts";

const PAGE = 50;

/** Counting reads the whole catalogue: once a second is enough, however many pages are open. */
const tallies = new Remembered<Record<ListingFilter, number>>({
  ...{ limit: 1_000, forMs: 1_000, now: Date.now },
});
const SUGGESTIONS = 10;

const searchSchema = z.object({
  q: z.string().trim().max(200).catch(""),
  show: z.enum(LISTING_FILTERS).catch("all"),
  connection: z.string().max(50).catch(""),
});

const placeSchema = z.tuple([z.string().max(500), z.string().max(50)]);

/** Everything the listings page shows; what it does not understand of an address means "all". */
export async function readListings(
  context: AppLoadContext,
  shop: string,
  { searchParams }: Pick<URL, "searchParams">,
) {
  const { db } = context.services;
  const searched = searchSchema.parse(Object.fromEntries(searchParams));
  const columns = await channelColumns(context, shop);
  const known = columns.some((column) => column.connection === searched.connection);
  const connection = known ? searched.connection : undefined;
  const { q: search, show: filter } = searched;
  const countsOpenUnits = (channel: string) =>
    context.services.connectorOf(channel)?.abilities.countsOpenUnits ?? false;
  const [{ rows, previous, next }, counts] = await Promise.all([
    findListings(db, {
      ...{ shop, connection, filter, search, limit: PAGE },
      after: readPlace(searchParams.get("after"), placeSchema),
      before: readPlace(searchParams.get("before"), placeSchema),
    }),
    tallies.get(`${shop}/${connection ?? ""}`, () => countListings(db, shop, connection)),
  ]);
  if (!counts) throw new Error("every shop has counts");
  return {
    rows: rows.map((row) => ({ ...row, showsLess: row.shared && countsOpenUnits(row.channel) })),
    ...{ previous: placeText(previous), next: placeText(next), counts, columns },
    searched: { ...searched, connection: connection ?? "" },
  };
}

/** SKUs that a person may have begun to type. */
export async function readSuggestions({ services }: AppLoadContext, shop: string, text: string) {
  const items = await suggestItems(services.db, shop, text.slice(0, 100), SUGGESTIONS);
  return items.map(({ sku, title }) => ({ sku, title }));
}

export type MatchResult =
  | { outcome: "matched"; listing: string; revived: number }
  | { outcome: "unmatched"; listing: string }
  | { outcome: "invalid"; listing: string; why: string };

const partSchema = z.object({
  sku: z.string().trim().min(1, "Say which SKU."),
  units: z.coerce
    .number()
    .int("Units are whole.")
    .min(1, "A sale takes at least one unit.")
    .max(10_000, "A sale takes 10,000 units of an item at most."),
});

/** Says what a sale of a listing takes, or takes that back. */
export async function changeMatch(
  context: AppLoadContext,
  shop: string,
  form: FormData,
): Promise<MatchResult> {
  const listing = String(form.get("listing") ?? "");
  const { db, queues, log } = context.services;
  if (form.get("intent") === "unmatch") {
    const { outcome } = await unmatchListing(db, shop, listing);
    if (outcome === "gone") return { outcome: "invalid", listing, why: GONE };
    return { outcome, listing };
  }
  const rows = await wantedParts(context, shop, listing, form);
  if (rows === null) return { outcome: "invalid", listing, why: NO_SKU };
  const parsed = z.array(partSchema).min(1, "Say what a sale takes.").max(50).safeParse(rows);
  if (!parsed.success) {
    return { outcome: "invalid", listing, why: parsed.error.issues[0]?.message ?? "" };
  }
  const matched = await matchListing(db, shop, listing, parsed.data);
  const why = refusal(matched);
  if (why !== null || matched.outcome !== "matched") {
    return { outcome: "invalid", listing, why: why ?? "" };
  }
  const work = [
    ...matched.items.map((item) => queues.enqueue("listings.replan", { shop, item })),
    ...matched.revived.map((message) => queues.enqueue("inbox.apply", { message })),
  ];
  // What is not asked for now is planned with the item's next movement, or found by the sweep.
  const [failed] = (await Promise.allSettled(work)).filter((one) => one.status === "rejected");
  if (failed) log.warn({ error: String(failed.reason), listing }, "matched, not all enqueued");
  return { outcome: "matched", listing, revived: matched.revived.length };
}

/** What the form says, or one unit of an item that is made of the listing itself. */
async function wantedParts(
  { services }: AppLoadContext,
  shop: string,
  listing: string,
  form: FormData,
): Promise<{ sku: FormDataEntryValue; units: FormDataEntryValue | undefined }[] | null> {
  if (form.get("intent") === "create") {
    const sku = await createListedItem(services.db, shop, listing);
    return sku === null ? null : [{ sku, units: "1" }];
  }
  const units = form.getAll("units");
  return form.getAll("sku").map((sku, at) => ({ sku, units: units[at] }));
}

const NO_SKU = "This listing has no SKU: give it one at its marketplace, and import again.";
const GONE = "This listing is not there any more: load the page again.";

function refusal(matched: Matched): string | null {
  switch (matched.outcome) {
    case "matched":
      return null;
    case "gone":
      return GONE;
    case "unknown-skus":
      return `You have no item with the SKU ${matched.skus.join(", ")}.`;
    case "repeated-skus":
      return `${matched.skus.join(", ")} is there twice: add its units up.`;
    default:
      return exhaustive(matched);
  }
}
