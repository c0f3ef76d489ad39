import type { Answer, Command } from "../../ledger/contract.ts";
import { waitUntilRecorded } from "../../prisma/movements.ts";
import type { Services } from "../services.ts";

/** How long a person or a warehouse waits for their movement to be in the record. */
const PATIENCE_MS = 5_000;

export type RecordedAnswer =
  | Answer
  /** Taken, but the record has not confirmed it: ask again under the same activity id. */
  | { outcome: "not-recorded"; seq: number };

/**
 * Applies a movement that somebody waits for, and answers when it is in PostgreSQL (invariant 7).
 * The one way in for the API and the pages.
 */
export async function recordMovement(
  { db, ledger }: Pick<Services, "db" | "ledger">,
  command: Command,
  patienceMs = PATIENCE_MS,
): Promise<RecordedAnswer> {
  const answer = await ledger.apply(command);
  if (answer.outcome !== "applied") return answer;
  const { partition, seq } = answer;
  const movement = { shop: command.shop, partition, seq };
  const recorded = await waitUntilRecorded(db, movement, patienceMs);
  return recorded ? answer : { outcome: "not-recorded", seq };
}
