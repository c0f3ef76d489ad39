import { type BatchRow, batchOfJob, turnBatch } from "../../prisma/batches.ts";
import { applyStep, checkStep, type StepDeps, type Stepped } from "../batches/steps.ts";
import type { JobPayload } from "../catalogue.ts";
import type { Log } from "../log.ts";

export interface BatchRunDeps extends StepDeps {
  /** Asks for this job again in `ms`: a job never sleeps. */
  runLater(batch: string, ms: number): void;
  log: Log;
  signal: AbortSignal;
}

/** A ledger that is away or being verified is asked again this soon. */
const UNAVAILABLE_MS = 2_000;

/**
 * The handler of "batch.run": checks a batch, or applies it, page by page. After each page the
 * place is kept, so that a restart goes on from there, and a person may stop it between two.
 */
export async function batchRun(
  deps: BatchRunDeps,
  { batch: id }: JobPayload<"batch.run">,
): Promise<void> {
  let batch = await batchOfJob(deps.db, id);
  while (batch && !deps.signal.aborted) {
    const step = stepOf(batch);
    if (!step) return;
    const stepped: Stepped = await failing(deps, batch, () => step(deps, batch as BatchRow));
    if (stepped.outcome === "unavailable") return deps.runLater(id, UNAVAILABLE_MS);
    deps.live.publish(batch.shop, {});
    batch = stepped.batch;
  }
}

function stepOf({ state }: BatchRow): typeof checkStep | undefined {
  if (state === "checking") return checkStep;
  return state === "applying" ? applyStep : undefined;
}

/** What breaks a step is ours to mend; the person is told that nothing more happens by itself. */
async function failing(
  { db, live }: BatchRunDeps,
  batch: BatchRow,
  step: () => Promise<Stepped>,
): Promise<Stepped> {
  try {
    return await step();
  } catch (error) {
    const sentence =
      "Something went wrong on our side and has been logged. It can go on from here.";
    await turnBatch(db, batch, "failed", { error: sentence });
    live.publish(batch.shop, {});
    throw error;
  }
}
