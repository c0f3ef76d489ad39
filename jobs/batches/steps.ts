import { mayGoAhead } from "../../inventory/blast-radius.ts";
import { dropChunks } from "../../prisma/batch-chunks.ts";
import {
  addRows,
  type CheckedRow,
  clearRows,
  learnRows,
  readyRows,
  refuseRows,
} from "../../prisma/batch-rows.ts";
import { type BatchRow, moveBatch, turnBatch } from "../../prisma/batches.ts";
import type { Database, Queryable } from "../../prisma/client.ts";
import type { LivePublisher } from "../live.ts";
import type { Queues } from "../queues.ts";
import { isChosen, nextChosenRows } from "./chosen.ts";
import { isCounts, nextCountRows } from "./counts.ts";
import { isFirstCount, nextShownRows } from "./first-counts.ts";
import type { ApplyDeps } from "./kind.ts";
import { kindOf } from "./kinds.ts";
import { measureBatch } from "./measure.ts";
import { type NextRows, nextFileRows } from "./read-file.ts";
import { nextRowsBack } from "./take-back.ts";

export interface StepDeps extends ApplyDeps {
  enqueue: Queues["enqueue"];
  live: Pick<LivePublisher, "publish">;
}

/** What a step came to: the batch as it is then; null when somebody else goes on, or stopped it. */
export type Stepped =
  | { outcome: "stepped"; batch: BatchRow | null }
  /** The ledger answers nothing now: the same step again, later. */
  | { outcome: "unavailable"; why: string };

const TRANSACTION = { timeout: 60_000, maxWait: 10_000 };

/**
 * Checks some more rows, or ends the check with how far the batch reaches. A step is taken as a
 * whole or not at all, so that a crash loses nothing and repeats nothing.
 */
export async function checkStep(deps: StepDeps, batch: BatchRow): Promise<Stepped> {
  const { db } = deps;
  const moved = await db.$transaction(async (tx) => {
    if (batch.cursor === null) await clearRows(tx, batch.shop, batch.id);
    const next = await nextRows(tx, batch);
    if (!next) return "end" as const;
    const { rows, looked = rows.length, ...place } = next;
    const counts = await keepRows(tx, batch, rows);
    return moveBatch(tx, batch, { ...place, done: looked, counts });
  }, TRANSACTION);
  if (moved !== "end") return { outcome: "stepped", batch: moved };
  return { outcome: "stepped", batch: await endCheck(deps, batch) };
}

function nextRows(tx: Queryable, batch: BatchRow): Promise<NextRows | null> {
  if (batch.undoes !== null) return nextRowsBack(tx, batch);
  const { options } = batch;
  if (isChosen(options)) return nextChosenRows(tx, batch, options);
  if (isCounts(options)) return nextCountRows(tx, batch, options);
  const { location, connection = null } = isFirstCount(options) ? options.firstCount : {};
  if (location === undefined || connection === null) return nextFileRows(tx, batch);
  return nextShownRows(tx, batch, location, connection);
}

/** Rows added in one statement: a warehouse may send all it has in one piece. */
const ADDED = 5_000;

/** Adds rows; one that says again what another has said is bad. Counts what was added. */
async function keepRows(
  tx: Queryable,
  { shop, id }: BatchRow,
  rows: readonly CheckedRow[],
): Promise<Record<string, number>> {
  const repeated: { line: number; first: number }[] = [];
  for (let at = 0; at < rows.length; at += ADDED) {
    repeated.push(...(await addRows(tx, shop, id, rows.slice(at, at + ADDED))));
  }
  await addRows(
    tx,
    shop,
    id,
    repeated.map(({ line, first }) => {
      const why = `says the same as line ${first}: a file says each thing once`;
      const problems = [{ column: "(row)", why, fix: "keep one of the two" }];
      return { line, state: "bad", key: null, problems };
    }),
  );
  const again = new Set(repeated.map(({ line }) => line));
  const counts: Record<string, number> = { ready: 0, same: 0, bad: 0 };
  for (const { line, state } of rows) {
    const now = again.has(line) ? "bad" : state;
    counts[now] = (counts[now] ?? 0) + 1;
  }
  return counts;
}

/** Rows of which the record has to know that they are many. */
const MANY = 5_000;

async function endCheck({ db, live }: StepDeps, batch: BatchRow): Promise<BatchRow | null> {
  const { atOnce } = kindOf(batch.kind);
  if (atOnce !== undefined && (batch.counts.ready ?? 0) > atOnce) {
    const error = `It has more than ${atOnce} rows to save at once: divide the file.`;
    return turnBatch(db, batch, "failed", { error });
  }
  if (batch.done >= MANY) await learnRows(db);
  const { radius, oversold } = await measureBatch(db, batch, async (measured) => {
    // Of a million it takes a while: somebody watches, and nobody else is to begin it again.
    await moveBatch(db, batch, { counts: { measured } });
    live.publish(batch.shop, {});
  });
  const counts = { oversold };
  // Nobody sits at a warehouse's door, and who counts for the first time has said what there is:
  // what does not reach too far goes on by itself.
  const alone = isCounts(batch.options) || isFirstCount(batch.options);
  const goesOn = alone && (radius === null || mayGoAhead(radius, null));
  if (!goesOn) return turnBatch(db, batch, "checked", { radius, counts });
  return turnBatch(db, batch, "applying", { radius, counts, total: batch.counts.ready ?? 0 });
}

/** Rows applied in one step. */
const PAGE = 1_000;

/** Applies some more rows, or ends the batch. */
export async function applyStep(deps: StepDeps, batch: BatchRow): Promise<Stepped> {
  if (batch.cursor === null) {
    const stopped = await lookAgain(deps.db, batch);
    if (stopped) return { outcome: "stepped", batch: stopped };
  }
  const { shop, id } = batch;
  const kind = kindOf(batch.kind);
  const page = { after: Number(batch.cursor ?? -1), limit: kind.atOnce ?? PAGE };
  const rows = await readyRows(deps.db, shop, id, page);
  const last = rows.at(-1);
  if (!last) return { outcome: "stepped", batch: await endBatch(deps.db, batch) };
  const applied = await kind.apply(deps, batch, rows);
  if (applied.outcome === "unavailable") return applied;
  const { refused, replan, revived = [] } = applied;
  await refuseRows(deps.db, shop, id, refused);
  const counts = { refused: refused.length, applied: rows.length - refused.length };
  const step = { cursor: String(last.line), done: rows.length, counts };
  const moved = await moveBatch(deps.db, batch, step);
  await askFor(deps, shop, replan, revived);
  return { outcome: "stepped", batch: moved };
}

/**
 * Stock moves between a check and its application: what reaches too far by now, and was not
 * confirmed as it is now, goes back to the person who confirmed it.
 */
async function lookAgain(db: Database, batch: BatchRow): Promise<BatchRow | null> {
  const { radius } = await measureBatch(db, batch);
  if (radius === null || mayGoAhead(radius, batch.confirmed)) return null;
  const error = "Stock has moved since the check, and other items are concerned now. Look again.";
  return turnBatch(db, batch, "checked", { radius, error });
}

async function endBatch(db: Database, batch: BatchRow): Promise<BatchRow | null> {
  const ended = await turnBatch(db, batch, "done");
  if (ended) await dropChunks(db, batch.shop, batch.id);
  return ended;
}

/** More items than this are planned with the whole shop, in one go. */
const SINGLY = 50;

async function askFor(
  { enqueue }: StepDeps,
  shop: string,
  replan: readonly object[],
  revived: readonly string[],
): Promise<void> {
  const filters = replan.length > SINGLY ? [{}] : replan;
  await Promise.all([
    ...filters.map((filter) => enqueue("listings.replan", { shop, ...filter })),
    ...revived.map((message) => enqueue("inbox.apply", { message })),
  ]);
}
