import { exhaustive } from "../../inventory/assert.ts";
import type { Answer, Ledger } from "../../ledger/contract.ts";
import { connectionOfJob } from "../../prisma/connections.ts";
import { countSources, type ShownCount, shownCounts } from "../../prisma/first-counts.ts";
import { listLocations } from "../../prisma/locations.ts";
import { endTask, moveTask, startTask, type TaskRow } from "../../prisma/tasks.ts";
import type { JobPayload } from "../catalogue.ts";
import { firstCount } from "../first-count.ts";
import type { StepDeps } from "../task-steps.ts";

export interface StockFirstCountDeps
  extends Pick<StepDeps, "db" | "later" | "live" | "now" | "log" | "signal"> {
  ledger: Pick<Ledger, "apply">;
}

/** Items received at once. */
const CHUNK = 200;

/** A ledger that is away or being verified is asked again this soon. */
const UNAVAILABLE_MS = 2_000;

/**
 * The handler of "stock.first-count": receives what a connection shows of items nobody has counted,
 * at the location that ships for it, or ships first. Each item's first count is one fact, so doing it again, from
 * another connection or after a crash, counts nothing twice.
 */
export async function stockFirstCount(
  deps: StockFirstCountDeps,
  { connection: id }: JobPayload<"stock.first-count">,
): Promise<void> {
  const { db } = deps;
  const connection = await connectionOfJob(db, id);
  if (!connection) return;
  const { shop } = connection;
  const now = () => new Date(deps.now());
  let task: TaskRow | null = await startTask(db, shop, id, "count", now());
  const locations = await listLocations(db, shop);
  const { shipsFrom } = connection.settings;
  const location = locations.find(({ code }) => code === shipsFrom) ?? locations[0];
  if (!location) return endTask(db, task, { error: "there is no location yet", now: now() });
  const total = (await countSources(db, shop)).find((one) => one.connection === id)?.items ?? 0;
  while (task && !deps.signal.aborted) {
    const rows = await shownCounts(db, shop, id, { after: task.cursor, limit: CHUNK });
    if (rows.length === 0) {
      await endTask(db, task, { now: now() });
      deps.log.info({ connection: id, ...task.counts }, "first count taken");
      return deps.live.publish(shop, {});
    }
    const place = { shop, location: location.code, connection: id };
    const taken = await receive(deps, place, rows);
    if (taken === null) return deps.later("stock.first-count", id, UNAVAILABLE_MS);
    const step = { cursor: rows.at(-1)?.item ?? null, done: rows.length, counts: taken };
    task = await moveTask(db, task, { ...step, total: task.total ?? total }, now());
    deps.live.publish(shop, {});
  }
}

/** Null when the ledger answers nobody now. */
async function receive(
  { ledger }: StockFirstCountDeps,
  place: { shop: string; location: string; connection: string },
  rows: readonly ShownCount[],
): Promise<{ units: number } | null> {
  const answers = await Promise.all(
    rows.map(({ item, units }) =>
      ledger.apply(
        firstCount({
          ...place,
          item,
          units,
          actor: "first count",
          reason: "as its channel showed",
        }),
      ),
    ),
  );
  if (answers.some(({ outcome }) => outcome === "unavailable")) return null;
  const units = rows.reduce((sum, row, at) => sum + (counts(answers[at]) ? row.units : 0), 0);
  return { units };
}

/** Whether the units of an answer came in now. */
function counts(answer: Answer | undefined): boolean {
  switch (answer?.outcome) {
    case "applied":
      return !answer.repeated;
    case undefined:
    case "reused-activity":
    case "unavailable":
      return false;
    case "insufficient":
    case "version-conflict":
    case "unknown-hold":
    case "hold-over":
      throw new Error(`the ledger answered ${answer.outcome} to a receipt`);
    default:
      return exhaustive(answer);
  }
}
