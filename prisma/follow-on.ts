import type { StockEvent } from "../ledger/contract.ts";
import type { Entry } from "../ledger/entry.ts";
import type { LockedMark } from "./marks.ts";

/** A number that was expected next in its partition, and the one that came instead. */
export interface Gap {
  partition: number;
  expected: number;
  found: number;
}

export interface FollowOn {
  /** Events to be recorded, in order. */
  fresh: StockEvent[];
  /** The last entry taken of each partition. */
  reached: Entry[];
  /** Entries that are in the record already. */
  repeated: number;
  /** Entries of movements that the ledger has forgotten since they were read: see `fence`. */
  forgotten: number;
  gaps: Gap[];
}

type Verdict = "fresh" | "repeated" | "forgotten" | "gap";

/**
 * Which of the entries, ordered by partition and number, come right after the marks. A partition
 * with a gap takes nothing from the missing number on. Pure.
 */
export function followOn(
  ordered: readonly Entry[],
  marks: ReadonlyMap<number, LockedMark>,
): FollowOn {
  const reached = new Map<number, Entry>();
  const gaps = new Map<number, Gap>();
  const fresh: StockEvent[] = [];
  const count = { fresh: 0, repeated: 0, forgotten: 0, gap: 0 };
  for (const entry of ordered) {
    const { partition, seq } = entry;
    if (gaps.has(partition)) continue;
    const mark = marks.get(partition) ?? { seq: 0, fenceFrom: 0, fenceTo: 0 };
    const last = reached.get(partition)?.seq ?? mark.seq;
    const verdict = judge(entry, last, mark);
    count[verdict] += 1;
    if (verdict === "gap") gaps.set(partition, { partition, expected: last + 1, found: seq });
    if (verdict !== "fresh") continue;
    reached.set(partition, entry);
    if (entry.kind === "event") fresh.push(entry.event);
  }
  const { repeated, forgotten } = count;
  const [ends, missing] = [[...reached.values()], [...gaps.values()]];
  return { fresh, reached: ends, repeated, forgotten, gaps: missing };
}

function judge(entry: Entry, last: number, { fenceFrom, fenceTo }: LockedMark): Verdict {
  const { seq } = entry;
  if (seq <= last) return "repeated";
  if (seq > fenceFrom && seq < fenceTo) return "forgotten";
  // The numbers a jump passes over were given up: no gap, if the record has come to its start.
  const follows = entry.kind === "jump" ? entry.from <= last : seq === last + 1;
  return follows ? "fresh" : "gap";
}
