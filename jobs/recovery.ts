import { setTimeout as pause } from "node:timers/promises";
import type { LedgerClient } from "../ledger/client.ts";
import { type Verification, verifyPartitions } from "../ledger/recovery.ts";
import type { Database } from "../prisma/client.ts";
import { reopenAppliedSince } from "../prisma/inbox.ts";
import { ledgerRecord } from "../prisma/ledger-record.ts";
import { readMarks } from "../prisma/marks.ts";
import type { Log } from "./log.ts";

export interface RecoveryDeps {
  db: Database;
  ledger: LedgerClient;
  log: Log;
}

export interface RecoveryOptions {
  /** How often the partitions are looked at, in ms: what an outage lasts at least. */
  lookEveryMs?: number;
}

export interface Recovery {
  /** Resolves when every partition serves; at once when they do. */
  whenVerified(): Promise<void>;
  stop(): Promise<void>;
}

export type Recovered =
  /** Every partition serves and nothing had to be done. */
  | { outcome: "serving" }
  /** `reopened`: inbox messages that are applied again. */
  | { outcome: "recovered"; reopened: number; reloaded: number }
  /** Redis or another process is not through: ask again. */
  | { outcome: "again"; why: string };

const LOOK_EVERY_MS = 500;
/** The clocks of Redis and PostgreSQL, and the moment between applying and marking, differ by less. */
const MARGIN_MS = 60_000;

/**
 * Watches over the ledger: whenever Redis was restarted, replaced or emptied, at start as at any
 * later time, checks it against the record, repairs what it forgot and lets it serve again.
 */
export function startRecovery(deps: RecoveryDeps, options: RecoveryOptions = {}): Recovery {
  const { lookEveryMs = LOOK_EVERY_MS } = options;
  const stopping = new AbortController();
  const waiting: (() => void)[] = [];
  let last: Recovered | undefined;

  async function look(): Promise<void> {
    const result = await recover(deps).catch((error): Recovered => {
      return { outcome: "again", why: String(error) };
    });
    if (result.outcome !== "again") for (const done of waiting.splice(0)) done();
    else if (last?.outcome !== "again" || last.why !== result.why) {
      deps.log.warn({ ...result }, "the ledger is not verified yet"); // said once, tried on
    }
    last = result;
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look();
      await pause(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  const watching = watch();
  return {
    whenVerified: async () => {
      if (!last || last.outcome === "again") await new Promise<void>((done) => waiting.push(done));
    },
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

/**
 * Verifies what is not verified, if anything (design "Losing Redis"). Messages applied shortly
 * before the loss are opened again, because their movements may never have reached the record;
 * applying one twice changes nothing (invariant 4). They are opened before the ledger serves, so
 * that a crash in between forgets none, and once more afterwards, for a message that was marked
 * applied in the meantime, on the word of the Redis that is gone.
 */
export async function recover({ db, ledger, log }: RecoveryDeps): Promise<Recovered> {
  const { connected, partitions } = await ledger.health();
  if (!connected) return { outcome: "again", why: "Redis is away" };
  const unverified = partitions.filter((one) => !one.verified).map((one) => one.partition);
  if (unverified.length === 0) return { outcome: "serving" };
  log.warn({ partitions: unverified.length }, "the ledger is checked against the record");
  const since = await safeSince(db, unverified);
  let reopened = await reopenAppliedSince(db, since);
  const result = await verifyPartitions(ledger, ledgerRecord(db), {
    onProgress: (progress) => log.info(progress, "items are reloaded"),
  });
  if (result.outcome !== "verified") return { outcome: "again", why: result.outcome };
  reopened += await reopenAppliedSince(db, since);
  const done = { reopened, reloaded: itemsReloaded(result) };
  log.info({ ...done, since }, "the ledger serves again");
  return { outcome: "recovered", ...done };
}

/** Everything these partitions did before this time is in the record. */
async function safeSince(db: Database, partitions: readonly number[]): Promise<Date> {
  const marks = new Map((await readMarks(db)).map((mark) => [mark.partition, mark.at.getTime()]));
  // Without a mark nothing of the partition was ever recorded: all of it may be lost.
  const oldest = Math.min(...partitions.map((partition) => marks.get(partition) ?? 0));
  return new Date(Math.max(0, oldest - MARGIN_MS));
}

function itemsReloaded(result: Extract<Verification, { outcome: "verified" | "busy" }>): number {
  return result.partitions.reduce((sum, partition) => sum + partition.items, 0);
}
