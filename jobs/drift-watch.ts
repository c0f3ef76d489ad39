import { causeOf, type DriftPolicy, driftSentence, remedyOf } from "../inventory/drift.ts";
import type { Database } from "../prisma/client.ts";
import type { ConnectionRow } from "../prisma/connections.ts";
import {
  closeDrifts,
  type DriftCase,
  type Judged,
  openCases,
  recordJudgements,
  type Suspect,
} from "../prisma/drifts.ts";

/** Orders that might explain a number are waited for this long; then it is judged without them. */
const PATIENCE_MS = 15 * 60_000;

export interface Watched {
  /** Orders are to be asked for before anything is judged. */
  sweep: boolean;
  /** Something was put right: it is to be told. */
  push: boolean;
}

/**
 * Looks into numbers that disagree with what their marketplace accepted. First whatever was sold
 * there has to be heard of; what is still unexplained then gets a cause, and is put right once or
 * left to a person, as the connection's owner wants (row H5).
 */
export async function watchDrifts(
  db: Database,
  connection: Pick<ConnectionRow, "id" | "shop" | "driftPolicy" | "liveAt">,
  seen: { suspects: readonly Suspect[]; agreeing: readonly string[] },
  now: number,
): Promise<Watched> {
  const { id, shop, liveAt } = connection;
  // Its numbers are still the merchant's own: they cannot be wrong.
  if (liveAt === null) return { sweep: false, push: false };
  const at = new Date(now);
  await closeDrifts(db, shop, seen.agreeing, at);
  const cases = await openCases(db, shop, id, seen.suspects, at);
  const suspected = cases.filter((one) => one.state === "suspected");
  const ready = suspected.filter(
    (one) => one.ordersKnown || now - one.foundAt.getTime() >= PATIENCE_MS,
  );
  const judged = ready.map((one) => judge(one, connection.driftPolicy));
  await recordJudgements(db, shop, judged, at);
  return { sweep: ready.length < suspected.length, push: judged.some((one) => one.heal) };
}

function judge(facts: DriftCase, policy: DriftPolicy): Judged {
  const { id, listing, expected, found } = facts;
  const cause = causeOf(facts);
  const detail = driftSentence(expected, found, cause);
  return { id, listing, cause, detail, found, heal: remedyOf(policy, cause) === "heal" };
}
