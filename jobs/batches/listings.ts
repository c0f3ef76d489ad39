import { exhaustive } from "../../inventory/assert.ts";
import { type CheckedRow, keepBefore, type ReadyRow } from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import type { Database, Queryable } from "../../prisma/client.ts";
import { findItemsBySku } from "../../prisma/items.ts";
import { type ListingMatch, namedListings } from "../../prisma/listing-matches.ts";
import { matchListing, unmatchListing, type WantedPart } from "../../prisma/matching.ts";
import { wholeOf } from "../order-files/cells.ts";
import { RowCheck } from "../order-files/row.ts";
import {
  type Applied,
  type ApplyDeps,
  bad,
  type Cell,
  type Kind,
  type Reading,
  type ReadRow,
  refusal,
} from "./kind.ts";

/** What a sale of one listing takes from now on: nothing, when it is to be unmatched. */
export interface MatchChange {
  channel: string;
  account: string;
  externalId: string;
  parts: WantedPart[];
  /** The listing, once it is found. */
  listing?: string;
  /** Taking back: only where this is the match now. */
  expect?: WantedPart[];
}

/** Which of the merchant's items a sale of a listing takes (row B7). */
export const listings: Kind<MatchChange> = {
  read: readMatch,
  check: checkMatches,
  apply: applyMatches,
};

/** More parts than any kit has. */
const MOST_PARTS = 50;
const MOST_UNITS = 10_000;

function readMatch(cell: Cell, { decimalComma }: Reading) {
  const check = new RowCheck();
  const [channel, account, externalId] = [
    cell("channel").toLowerCase(),
    cell("account"),
    cell("listing"),
  ];
  if (channel === "") check.refuse("Channel", "is empty", "write where the listing is");
  if (externalId === "") check.refuse("Listing", "is empty", "write the listing's id there");
  const parts = readParts(cell, check, decimalComma);
  if (check.problems.length > 0) return { problems: check.problems };
  const change = { channel, account, externalId, parts };
  return { key: JSON.stringify([channel, account, externalId]), change };
}

function readParts(cell: Cell, check: RowCheck, decimalComma: boolean): WantedPart[] {
  const split = (text: string) => (text === "" ? [] : text.split("|").map((one) => one.trim()));
  const [skus, units] = [split(cell("sku")), split(cell("units"))];
  if (units.length > 0 && units.length !== skus.length) {
    check.refuse("Units per sale", "are not as many as the SKUs", "write one number for each SKU");
  }
  if (skus.length > MOST_PARTS) check.refuse("Item SKU", "has too many parts", "write up to 50");
  if (new Set(skus).size < skus.length) {
    check.refuse("Item SKU", "names a SKU twice", "add its units up");
  }
  return skus.map((sku, at) => {
    if (sku === "") check.refuse("Item SKU", "has an empty part", "write a SKU, or remove the |");
    const count = check.take("Units per sale", wholeOf(units[at] || "1", decimalComma), 1);
    if (count < 1 || count > MOST_UNITS) {
      check.refuse("Units per sale", "is out of range", `write 1 to ${MOST_UNITS}`);
    }
    return { sku, units: count };
  });
}

async function checkMatches(
  db: Queryable,
  shop: string,
  rows: readonly ReadRow<MatchChange>[],
): Promise<CheckedRow[]> {
  const names = rows.map(({ change }) => change);
  const skus = names.flatMap(({ parts }) => parts.map((part) => part.sku));
  const [found, items] = await Promise.all([
    namedListings(db, shop, names),
    findItemsBySku(db, shop, skus),
  ]);
  const byName = Map.groupBy(found, ({ channel, externalId }) => `${channel}/${externalId}`);
  return rows.map((row) => {
    const { channel, account, externalId, parts } = row.change;
    const named = byName.get(`${channel}/${externalId}`) ?? [];
    const own = account === "" ? named : named.filter((one) => one.account === account);
    const [listing] = own;
    const unknown = parts.filter(({ sku }) => !items.has(sku)).map(({ sku }) => sku);
    if (!listing || own.length > 1 || unknown.length > 0) {
      return bad(row, troubles(own.length, unknown, row.change));
    }
    const change = { ...row.change, listing: listing.id };
    const state = equal(listing.parts, parts) ? "same" : "ready";
    return { line: row.line, state, key: listing.id, change };
  });
}

function troubles(listings: number, unknown: string[], { channel, externalId }: MatchChange) {
  const problems = unknown.map((sku) => {
    const fix = "correct it, or import your items first";
    return { column: "Item SKU", why: `no item has the SKU ${sku}`, fix };
  });
  if (listings === 1) return problems;
  const why =
    listings === 0
      ? `${channel} has no listing ${externalId}`
      : `several accounts on ${channel} have a listing ${externalId}`;
  const fix = listings === 0 ? "import the channel's listings first" : "name the account, too";
  return [{ column: listings === 0 ? "Listing" : "Account", why, fix }, ...problems];
}

/** Matches written at once: each locks its listing for a moment. */
const BESIDE = 8;

async function applyMatches(
  { db }: ApplyDeps,
  { id, shop }: BatchRow,
  rows: readonly ReadyRow<MatchChange>[],
): Promise<Applied> {
  const found = await namedListings(
    db,
    shop,
    rows.map(({ change }) => change),
  );
  const byId = new Map(found.map((listing) => [listing.id, listing]));
  const done: Applied = { outcome: "applied", refused: [], replan: [], revived: [] };
  const queue = [...rows];
  const work = async () => {
    for (let row = queue.pop(); row; row = queue.pop()) {
      const listing = byId.get(row.change.listing ?? "");
      const stays = listing && !isExpected(row.change, listing);
      if (stays) {
        done.refused.push(refusal(row.line, "Listing", "was matched anew since", "it stays so"));
        continue;
      }
      if (listing) await keepBefore(db, shop, id, [{ line: row.line, before: listing.parts }]);
      const match = await applyMatch(db, shop, row.change);
      if (typeof match === "string") {
        done.refused.push(refusal(row.line, "Listing", match, "import it again"));
        continue;
      }
      done.replan.push(...match.items.map((item) => ({ item })));
      done.revived?.push(...match.revived);
    }
  };
  await Promise.all(Array.from({ length: BESIDE }, work));
  return done;
}

async function applyMatch(
  db: Database,
  shop: string,
  { listing = "", parts }: MatchChange,
): Promise<{ items: string[]; revived: string[] } | string> {
  const matched =
    parts.length === 0
      ? await unmatchListing(db, shop, listing)
      : await matchListing(db, shop, listing, parts);
  switch (matched.outcome) {
    case "matched":
      return "items" in matched ? matched : { items: [], revived: [] };
    case "unmatched":
      return { items: [], revived: [] };
    case "gone":
      return "is not there any more";
    case "unknown-skus":
      return `no item has the SKU ${matched.skus.join(", ")}`;
    case "repeated-skus":
      return `names ${matched.skus.join(", ")} twice`;
    default:
      return exhaustive(matched);
  }
}

/** Nobody has matched it anew since; or it is so already, because this runs again. */
function isExpected({ expect, parts }: MatchChange, listing: ListingMatch): boolean {
  return expect === undefined || equal(listing.parts, expect) || equal(listing.parts, parts);
}

function equal(a: readonly WantedPart[], b: readonly WantedPart[]): boolean {
  const text = (parts: readonly WantedPart[]) =>
    JSON.stringify(parts.map(({ sku, units }) => `${sku}:${units}`).sort());
  return text(a) === text(b);
}
