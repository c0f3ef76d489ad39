import { type Claims, isClaimed } from "../inventory/location.ts";
import { RuleBook } from "../inventory/rule-book.ts";
import type { Stock } from "../inventory/stock.ts";
import { holdRules, rulesForItems } from "../prisma/buffers.ts";
import type { Database, Queryable } from "../prisma/client.ts";
import { restrictedPlaces } from "../prisma/locations.ts";
import { type OwedUnits, owedUnits, waitForRecord } from "../prisma/owed.ts";
import type { PlanItem, PlanSource, PlanTerms } from "./plan-source.ts";

/** So long a plan waits for the record to say who is owed an item's units. */
const PATIENCE_MS = 1_000;

/**
 * Where not every place ships for every channel, a plan depends on who is owed an item's units.
 * The ledger counts them without a name and the record knows the names, some milliseconds later:
 * this waits for it. A shop whose places all ship for everybody does not wait.
 */
export async function recordFollows(db: Database, items: readonly PlanItem[]): Promise<void> {
  const places = await restrictedPlaces(
    db,
    items.map(({ shop }) => shop),
  );
  const restricted = items.filter(({ shop, stock }) => places.has(shop) && isClaimed(stock));
  for (const [shop, own] of Map.groupBy(restricted, (entry) => entry.shop)) {
    const wanted = own.map(({ item, stock }) => ({ item, version: stock.version }));
    await waitForRecord(db, shop, wanted, PATIENCE_MS);
  }
}

/** What each shop's listings are planned by, held still until the transaction ends. */
export async function termsForPlanning(
  tx: Queryable,
  shops: readonly string[],
): Promise<(shop: string, sources: readonly PlanSource[]) => Promise<PlanTerms>> {
  await holdRules(tx, shops);
  const places = await restrictedPlaces(tx, shops);
  return async (shop, sources) => {
    const own = places.get(shop) ?? null;
    const parts = sources.flatMap((source) => source.parts);
    const items = [...new Set(parts.map((part) => part.item))];
    const rules = new RuleBook(await rulesForItems(tx, shop, items));
    const owed = await owedUnits(tx, shop, own ? items : []);
    const stocks = new Map(parts.map((part) => [part.item, part.stock]));
    return {
      rules,
      places: own,
      claimsOn: (item) => claimsOf(stocks.get(item) ?? null, owed.get(item)),
    };
  };
}

/** Null while the record does not know of all that led to the stock. */
export function claimsOf(stock: Stock | null, owed: OwedUnits | undefined): Claims | null {
  if (!stock || !isClaimed(stock)) return { byChannel: {}, unknown: 0 };
  if (!owed || owed.knownTo < stock.version) return null;
  const named = Object.values(owed.byChannel).reduce((sum, units) => sum + units, 0);
  const unknown = Math.max(0, stock.committed + stock.held - named);
  return { byChannel: owed.byChannel, unknown };
}
