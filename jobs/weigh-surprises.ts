import { causeOf, type DriftPolicy, overwrittenSentence, remedyOf } from "../inventory/drift.ts";
import { EDGE_MS, unexplained } from "../inventory/surprise.ts";
import type { Database } from "../prisma/client.ts";
import type { ConnectionRow } from "../prisma/connections.ts";
import {
  type JudgedSurprise,
  type SurpriseCase,
  settleSurprises,
  surpriseCases,
} from "../prisma/surprises.ts";

/** A message may be this late, and so may the record of what it said. */
const GRACE_MS = 30_000;

/**
 * Looks into the numbers that compare-and-set met and overwrote, once the orders of their time are
 * known: `knownTo` is how far the connection's orders were read by the sweep *before* this one, so
 * that what it brought has been applied and recorded. What orders, cancellations and returns explain
 * is forgotten; the rest is a drift like any other, put right or left to a person as the connection's
 * owner wants (row H5).
 * @returns how many were drifts.
 */
export async function weighSurprises(
  db: Database,
  connection: Pick<ConnectionRow, "id" | "shop" | "driftPolicy">,
  { knownTo, now }: { knownTo: number; now: number },
): Promise<number> {
  const { id, shop, driftPolicy } = connection;
  const until = Math.min(knownTo - EDGE_MS, now - GRACE_MS);
  const cases = await surpriseCases(db, shop, id, { until, now });
  const judged = cases.flatMap((one) => judge(one, driftPolicy) ?? []);
  const looked = cases.map((one) => one.id);
  await settleSurprises(db, shop, looked, judged, new Date(now));
  return judged.length;
}

/** Null: orders explain it. */
function judge(surprise: SurpriseCase, policy: DriftPolicy): JudgedSurprise | null {
  const { id, listing, found, changes, shared, earlier, healedLately } = surprise;
  const units = unexplained(surprise, changes, { shared });
  if (units === 0) return null;
  const expected = found - units;
  // Compare-and-set writes what it takes; only where the number before it was there again, it did not.
  const facts = { expected, found, seen: found !== earlier, before: earlier };
  const cause = causeOf({ ...facts, heardLater: 0, ordersKnown: true, healedLately });
  const healed = remedyOf(policy, cause) === "heal";
  const detail = overwrittenSentence(expected, found, cause);
  const state = healed ? "healed" : "open";
  // A higher number is overwritten already; a lower one can be left as low.
  return {
    surprise: id,
    listing,
    expected,
    found,
    cause,
    detail,
    state,
    waits: !healed && units < 0,
  };
}
