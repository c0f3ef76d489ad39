import { setTimeout as pause } from "node:timers/promises";
import type { Ledger } from "../../ledger/contract.ts";
import type { Database } from "../../prisma/client.ts";
import { everyShop } from "../../prisma/shops.ts";
import {
  type Difference,
  differencesFromLedger,
  differencesFromLegs,
  itemsWithStock,
  readStock,
} from "../../prisma/stock.ts";
import type { Log } from "../log.ts";

export interface LedgerCheckDeps {
  db: Database;
  ledger: Pick<Ledger, "stock">;
  log: Log;
}

/** What the proof of invariant 6 found. All is well when both lists are empty. */
export interface LedgerCheck {
  shops: number;
  items: number;
  /** Balances in the record that are not the sum of their legs. */
  fromLegs: (Difference & { shop: string })[];
  /** Balances in the record that are not the ledger's. */
  fromLedger: (Difference & { shop: string })[];
  /** Items that kept moving, or a ledger that was away: not compared. */
  undecided: number;
}

const PAGE = 200;
/** The record follows the ledger within milliseconds; a busy item is looked at again. */
const LOOKS = 10;
const LOOK_AGAIN_MS = 100;

/** The handler of "ledger.check": both proofs for every shop, differences logged one by one. */
export async function ledgerCheck(deps: LedgerCheckDeps): Promise<LedgerCheck> {
  const result: LedgerCheck = { shops: 0, items: 0, fromLegs: [], fromLedger: [], undecided: 0 };
  for (const shop of await everyShop(deps.db)) {
    result.shops += 1;
    const fromLegs = await differencesFromLegs(deps.db, shop);
    result.fromLegs.push(...fromLegs.map((difference) => ({ ...difference, shop })));
    await compareShop(deps, shop, result);
  }
  for (const found of result.fromLegs) deps.log.error(found, "a balance is not its legs");
  for (const found of result.fromLedger) deps.log.error(found, "record and ledger disagree");
  const { shops, items, undecided } = result;
  const differences = result.fromLegs.length + result.fromLedger.length;
  deps.log.info({ shops, items, undecided, differences }, "ledger checked");
  return result;
}

async function compareShop(deps: LedgerCheckDeps, shop: string, into: LedgerCheck): Promise<void> {
  for (let after = ""; ; ) {
    const items = await itemsWithStock(deps.db, shop, { after, limit: PAGE });
    const compared = await Promise.all(items.map((item) => compareItem(deps, shop, item)));
    for (const differences of compared) {
      into.items += 1;
      if (differences === "undecided") into.undecided += 1;
      else into.fromLedger.push(...differences.map((difference) => ({ ...difference, shop })));
    }
    const last = items.at(-1);
    if (items.length < PAGE || last === undefined) return;
    after = last;
  }
}

/** Compares one item at one version; a ledger that is behind its record has lost something. */
async function compareItem(
  { db, ledger }: LedgerCheckDeps,
  shop: string,
  item: string,
): Promise<Difference[] | "undecided"> {
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await pause(LOOK_AGAIN_MS);
    const record = await readStock(db, shop, item);
    const now = await ledger.stock(shop, item);
    if ("outcome" in now) return "undecided";
    if (now.version <= record.version) return differencesFromLedger(item, record, now);
  }
  return "undecided";
}
