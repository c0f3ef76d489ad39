import { setTimeout as pause } from "node:timers/promises";
import { exhaustive } from "../../inventory/assert.ts";
import { judgeCounts } from "../../inventory/count.ts";
import type { Ledger } from "../../ledger/contract.ts";
import type { Database } from "../../prisma/client.ts";
import { findItemsBySku } from "../../prisma/items.ts";
import { listLocations } from "../../prisma/locations.ts";
import { waitUntilRecorded } from "../../prisma/movements.ts";
import {
  endSnapshot,
  type LineResult,
  lineActivity,
  loadSnapshot,
  movedSince,
  type PendingLine,
  pendingLines,
  type SnapshotRow,
  settleLines,
  writeLines,
} from "../../prisma/snapshots.ts";
import type { JobPayload } from "../catalogue.ts";
import type { LivePublisher } from "../live.ts";
import { readCounts } from "../snapshot-lines.ts";

export interface SnapshotApplyDeps {
  db: Database;
  ledger: Pick<Ledger, "apply" | "stock">;
  live: Pick<LivePublisher, "publish">;
  /** Asks for the snapshot's job in `ms`. */
  later(snapshot: string, ms: number): void;
  /** Aborted when the process is to stop. */
  signal: AbortSignal;
}

/** Lines dealt with between two looks at the clock. */
const CHUNK = 200;
/** A ledger that is away or being verified is asked again this soon. */
const UNAVAILABLE_MS = 2_000;
/** An item that sells all the time changes between being read and being put right. */
const TRIES = 20;
/** The record is usually milliseconds behind; a result is told when it has come. */
const RECORDED_MS = 10_000;

/**
 * The handler of "snapshot.apply": what a warehouse counted becomes what is sellable there, line by
 * line. A line that cannot be is told with its reason and keeps no other from being applied; each
 * line is one movement or none, and doing all of it again moves nothing.
 *
 * A count is of units that are there. Units that are sold and not shipped are there too: what is
 * promised of them is kept apart from where they are, and is not touched.
 */
export async function snapshotApply(
  deps: SnapshotApplyDeps,
  { snapshot: id }: JobPayload<"snapshot.apply">,
): Promise<void> {
  const { db, live, later, signal } = deps;
  const found = await loadSnapshot(db, id);
  if (!found || found.finishedAt) return;
  if (found.body !== null && !(await read(db, found, found.body))) return;
  while (!signal.aborted) {
    const lines = await pendingLines(db, found, CHUNK);
    if (lines.length === 0) {
      await endSnapshot(db, found, null);
      return live.publish(found.shop, {});
    }
    const results: LineResult[] = [];
    for (const line of lines) {
      const result = await applyLine(deps, found, line);
      if (result === "unavailable") {
        await settleLines(db, found, results);
        return later(id, UNAVAILABLE_MS);
      }
      results.push(result);
    }
    await settleLines(db, found, results);
  }
}

/** False when none of it can be read. */
async function read(db: Database, snapshot: SnapshotRow, body: string): Promise<boolean> {
  const counts = await readCounts(body, snapshot.csv);
  if (counts.outcome === "unreadable") {
    await endSnapshot(db, snapshot, counts.why);
    return false;
  }
  const { lines, broken } = counts;
  const [items, locations] = await Promise.all([
    findItemsBySku(
      db,
      snapshot.shop,
      lines.map(({ sku }) => sku),
    ),
    listLocations(db, snapshot.shop),
  ]);
  const codes = new Set(locations.map(({ code }) => code));
  const judged = judgeCounts(lines, {
    sku: (sku) => items.has(sku),
    location: (code) => codes.has(code),
  });
  const nothing = { sku: "", location: "", quantity: null };
  await writeLines(db, snapshot, [...judged, ...broken.map((one) => ({ ...nothing, ...one }))]);
  return true;
}

/** Puts one line right, however often its item moves meanwhile (row D3). */
async function applyLine(
  deps: SnapshotApplyDeps,
  snapshot: SnapshotRow,
  line: PendingLine,
): Promise<LineResult | "unavailable"> {
  const { db, ledger } = deps;
  const { shop } = snapshot;
  if (line.seq !== null) return { line: line.line, state: "applied", seq: line.seq };
  if (line.item === "") return failed(line, "the item is gone");
  let behind = false;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const stock = await ledger.stock(shop, line.item);
    if ("outcome" in stock) return "unavailable";
    const before = stock.physical.sellable?.[line.location] ?? 0;
    const since = await sinceCounted(db, snapshot, line, stock.version);
    behind = since === null;
    if (since === null) continue;
    const delta = line.quantity + since - before;
    if (delta === 0) return { line: line.line, state: "unchanged", before };
    const answer = await ledger.apply({
      ...{ shop, item: line.item, activity: lineActivity(snapshot.id, line.line) },
      ...{ type: "adjust", bucket: "sellable", location: line.location, delta },
      ...{ expectedVersion: stock.version, actor: snapshot.actor, reason: snapshot.reason },
      ...{ reference: snapshot.id },
    });
    switch (answer.outcome) {
      case "applied": {
        const { partition, seq } = answer;
        const recorded = await waitUntilRecorded(db, { shop, partition, seq }, RECORDED_MS);
        return recorded ? { line: line.line, state: "applied", before, seq } : "unavailable";
      }
      case "version-conflict":
        await pause(Math.min(100, 2 ** tries));
        continue;
      case "unavailable":
      // It was applied before and its answer lost: the next run finds it in the record.
      case "reused-activity":
        return "unavailable";
      case "insufficient":
      case "unknown-hold":
      case "hold-over":
        throw new Error(`the ledger answered ${answer.outcome} to a correction`);
      default:
        return exhaustive(answer);
    }
  }
  if (behind) return "unavailable";
  return failed(line, "the item moved all the time: send this count again");
}

function failed({ line }: PendingLine, error: string): LineResult {
  return { line, state: "failed", error };
}

/** Units that came and went since the counting; null while the record does not know yet. */
async function sinceCounted(
  db: Database,
  { shop, countedAt }: SnapshotRow,
  { item, location }: PendingLine,
  version: number,
): Promise<number | null> {
  if (!countedAt) return 0;
  const moved = await movedSince(db, shop, { item, location, since: countedAt, version });
  if (moved === null) await pause(20);
  return moved;
}
