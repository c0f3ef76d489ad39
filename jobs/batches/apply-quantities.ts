import { setTimeout as pause } from "node:timers/promises";
import { assert, exhaustive } from "../../inventory/assert.ts";
import { batchActivity } from "../../inventory/batch.ts";
import type { Stock } from "../../inventory/stock.ts";
import type { Answer, Command, Unavailable } from "../../ledger/contract.ts";
import { waitUntilReached } from "../../prisma/batch-movements.ts";
import { keepBefore, type ReadyRow, type RefusedRow } from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import { movedSince } from "../../prisma/snapshots.ts";
import { isCounts } from "./counts.ts";
import { COUNTED, isFirstCount } from "./first-counts.ts";
import { type Applied, type ApplyDeps, refusal } from "./kind.ts";
import type { QuantityChange } from "./quantities.ts";

/** The record is given this long for a page of movements; then the page is applied once more. */
const PATIENCE_MS = 30_000;

/** A record that is behind is asked again this soon. */
const BEHIND_MS = 20;

/** Stock of a hot item may move between reading it and counting it; more often than this is odd. */
const TRIES = 50;

/**
 * Moves stock as rows say: items beside each other, the rows of one item one after the other.
 * Returns when all of it is in the record (invariant 7), which also keeps a file of a million rows
 * from running away from the persister.
 */
export async function applyQuantities(
  deps: ApplyDeps,
  batch: BatchRow,
  rows: readonly ReadyRow<QuantityChange>[],
): Promise<Applied> {
  const work = new Work(deps, batch);
  const byItem = [...Map.groupBy(rows, (row) => row.item).values()];
  await Promise.all(byItem.map((own) => work.applyItem(own)));
  await keepBefore(deps.db, batch.shop, batch.id, work.before);
  if (work.unavailable) return work.unavailable;
  const recorded = await waitUntilReached(deps.db, work.reached, PATIENCE_MS);
  if (!recorded) return { outcome: "unavailable", why: "timeout" };
  return { outcome: "applied", refused: work.refused, replan: [] };
}

type Row = ReadyRow<QuantityChange>;

class Work {
  readonly refused: RefusedRow[] = [];
  /** What a warehouse's counts found, for the warehouse. */
  readonly before: { line: number; before: { units: number } }[] = [];
  /** The last number of each partition. */
  readonly reached = new Map<number, number>();
  unavailable: Unavailable | undefined;
  readonly #deps: ApplyDeps;
  readonly #batch: BatchRow;

  constructor(deps: ApplyDeps, batch: BatchRow) {
    this.#deps = deps;
    this.#batch = batch;
  }

  async applyItem(rows: readonly Row[]): Promise<void> {
    let stock: Stock | undefined;
    for (const row of rows) {
      if (this.unavailable) return;
      if (row.change.to === undefined) {
        const answer = await this.#deps.ledger.apply(this.#command(row));
        stock = this.#settle(row, answer);
      } else stock = await this.#count(row, row.change.to, stock);
    }
  }

  /** Sets a shelf to what was counted: by how much depends on what is there at that moment. */
  async #count(row: Row, to: number, known: Stock | undefined): Promise<Stock | undefined> {
    const { location, bucket } = row.change;
    assert(bucket !== "" && row.item !== null, "a count is of one shelf of an item");
    let stock = known ?? (await this.#deps.ledger.stock(this.#batch.shop, row.item));
    for (let tries = 0; tries < TRIES; tries += 1) {
      if ("outcome" in stock) {
        this.unavailable = stock;
        return undefined;
      }
      const { version: expectedVersion } = stock;
      const moved = await this.#movedSince(row, expectedVersion);
      if (moved === null) continue;
      const units = stock.physical[bucket]?.[location] ?? 0;
      const delta = to + moved - units;
      if (delta === 0) return this.#found(row, units, stock);
      if (isFirstCount(this.#batch.options) && hasUnits(stock)) {
        this.refused.push({ line: row.line, problems: [COUNTED] });
        return undefined;
      }
      const shelf = { bucket, location, delta, expectedVersion };
      const answer = await this.#deps.ledger.apply({
        ...this.#context(row),
        type: "adjust",
        ...shelf,
      });
      if (answer.outcome !== "version-conflict") {
        return this.#found(row, units, this.#settle(row, answer));
      }
      stock = answer.stock;
    }
    const fix = "import this row again when it is quieter";
    this.refused.push(refusal(row.line, "Quantity", "its stock moved too fast to count it", fix));
    return undefined;
  }

  /** Units that came and went since the counting; null while the record does not know yet. */
  async #movedSince({ item, change }: Row, version: number): Promise<number | null> {
    const { since, location } = change;
    if (since === undefined || item === null) return 0;
    const counted = { item, location, since: new Date(since), version };
    const moved = await movedSince(this.#deps.db, this.#batch.shop, counted);
    if (moved === null) await pause(BEHIND_MS);
    return moved;
  }

  /** Notes what was there; not of an answer that was given before, when something else was. */
  #found({ line }: Row, units: number, stock: Stock | undefined): Stock | undefined {
    if (stock && isCounts(this.#batch.options)) this.before.push({ line, before: { units } });
    return stock;
  }

  #settle(row: Row, answer: Answer): Stock | undefined {
    switch (answer.outcome) {
      case "applied": {
        const { partition, seq } = answer;
        this.reached.set(partition, Math.max(seq, this.reached.get(partition) ?? 0));
        return answer.repeated ? undefined : answer.stock;
      }
      case "reused-activity":
        // It was counted before this process began, when another number was there.
        return undefined;
      case "insufficient": {
        const why = `only ${answer.available} are left to take back`;
        this.refused.push(refusal(row.line, "Units", why, "correct it on the item's page"));
        return undefined;
      }
      case "unavailable":
        this.unavailable = answer;
        return undefined;
      case "version-conflict":
      case "unknown-hold":
      case "hold-over":
        throw new Error(`the ledger answered ${answer.outcome} to a row of a batch`);
      default:
        return exhaustive(answer);
    }
  }

  #command(row: Row): Command {
    const { bucket, location, by, allocate, transfer } = row.change;
    const context = this.#context(row);
    if (allocate) {
      const { channel, units } = allocate;
      return { ...context, type: "allocate", channel, quantity: units };
    }
    assert(bucket !== "", "units are in a bucket");
    if (transfer) {
      const { to, units } = transfer;
      return { ...context, type: "transfer", bucket, from: location, to, quantity: units };
    }
    assert(by !== undefined, "a change says by how much");
    return { ...context, type: "adjust", bucket, location, delta: by };
  }

  #context({ line, item, change }: Row) {
    assert(item !== null, "a quantity is of an item");
    const { id, shop, actor, options } = this.#batch;
    const { reason } = change;
    const reference = isCounts(options) ? { reference: options.snapshot } : {};
    return {
      shop,
      item,
      activity: batchActivity(id, line),
      actor,
      reason,
      ...reference,
      batch: id,
    };
  }
}

/** Somebody has said that there is some of it. */
function hasUnits({ physical }: Stock): boolean {
  return Object.values(physical).some((places) =>
    Object.values(places).some((units) => units !== 0),
  );
}
