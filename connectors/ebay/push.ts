import { assert } from "../../inventory/assert.ts";
import type { Account, PushLine, PushResult } from "../connector.ts";
import { bulkUpdate } from "./bulk-update.ts";
import type { EbayClient } from "./client.ts";
import { EBAY_LIMITS, NODES_PER_CALL, rowsPerCall } from "./limits.ts";
import { reviseStatus } from "./revise-status.ts";

/** Lines by their place in the batch, so that results go back in its order. */
export type Placed = readonly (readonly [place: number, line: PushLine])[];

/** Sets what each of these lines shows; a result for every one of them. */
export type Sender = (lines: readonly PushLine[]) => Promise<PushResult[]>;

/**
 * Sets a batch of quantities, each listing in the way of its world: the two refuse each other's
 * calls. Both write absolute numbers, without comparison and without a key that would make a
 * repetition harmless by itself: the last writer wins.
 */
export async function pushQuantities(
  client: EbayClient,
  account: Account,
  batch: readonly PushLine[],
): Promise<PushResult[]> {
  assert(batch.length <= EBAY_LIMITS.pushBatch, "a push carries 25 listings at most");
  const placed: Placed = [...batch.entries()];
  const isLegacy = ([, line]: Placed[number]) => line.handle.world === "legacy";
  const results: PushResult[] = [];
  await sendIn(
    rowsPerCall(account.settings),
    placed.filter((one) => !isLegacy(one)),
    results,
    (lines) => bulkUpdate(client, lines),
  );
  await sendIn(NODES_PER_CALL, placed.filter(isLegacy), results, (lines) =>
    reviseStatus(client, lines),
  );
  assert(
    batch.every((_, place) => results[place] !== undefined),
    "every line has a result",
  );
  return results;
}

/** A call that did not get through would not for the lines behind it: they are spared it. */
const STOPS = new Set<PushResult["outcome"]>(["unavailable", "unauthorized"]);

async function sendIn(size: number, placed: Placed, results: PushResult[], send: Sender) {
  for (let from = 0; from < placed.length; from += size) {
    const some = placed.slice(from, from + size);
    const answers = await send(some.map(([, line]) => line));
    some.forEach(([place], at) => {
      results[place] = answers[at] ?? { outcome: "unknown", why: "no result for this line" };
    });
    const [first] = answers;
    if (!first || !STOPS.has(first.outcome) || answers.some((one) => one !== first)) continue;
    for (const [place] of placed.slice(from + size)) results[place] = first;
    return;
  }
}
