import { assert } from "../../inventory/assert.ts";
import type { BatchKind } from "../../inventory/batch.ts";
import { allocationChannel, isPhysicalBucket } from "../../inventory/bucket.ts";
import {
  type BatchMovement,
  batchMovements,
  countBatchMovements,
} from "../../prisma/batch-movements.ts";
import {
  type AppliedRow,
  appliedRows,
  type CheckedRow,
  countAppliedRows,
} from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import type { Queryable } from "../../prisma/client.ts";
import type { ItemFields } from "../../prisma/item-changes.ts";
import type { LocationFields } from "../../prisma/location-changes.ts";
import type { BufferChange } from "./buffers.ts";
import { type ItemChange, itemAfter } from "./items.ts";
import type { MatchChange } from "./listings.ts";
import { type LocationChange, locationAfter } from "./locations.ts";
import type { QuantityChange } from "./quantities.ts";
import type { NextRows } from "./read-file.ts";

const PAGE = 1_000;

/**
 * The next rows that take a batch back, made from what it did: its movements, or what there was
 * before its rows. They are changes like any other, so that taking back can be taken back.
 */
export async function nextRowsBack(tx: Queryable, batch: BatchRow): Promise<NextRows | null> {
  assert(batch.undoes !== null, "it takes a batch back");
  return batch.kind === "quantities" ? movementsBack(tx, batch) : recordsBack(tx, batch);
}

async function movementsBack(tx: Queryable, batch: BatchRow): Promise<NextRows | null> {
  const { shop, undoes, cursor, counts } = batch;
  const [partition = -1, seq = 0] = (cursor ?? "").split("/").filter(Boolean).map(Number);
  const after = cursor === null ? null : { partition, seq };
  const movements = await batchMovements(tx, shop, undoes ?? "", { after, limit: PAGE });
  const last = movements.at(-1);
  if (!last) return null;
  const rows = movements.flatMap((movement) =>
    opposite(movement).map((change, leg) => ({
      ...{ state: "ready" as const, item: movement.item, change },
      key: `${movement.partition}/${movement.seq}/${leg}`,
    })),
  );
  const before = Object.values(counts).reduce((all, one) => all + one, 0);
  const numbered = rows.map((row, at) => ({ line: before + at + 1, ...row }));
  const next = { rows: numbered, cursor: `${last.partition}/${last.seq}` };
  if (cursor !== null) return { ...next, looked: movements.length };
  const total = await countBatchMovements(tx, shop, undoes ?? "");
  return { ...next, looked: movements.length, total };
}

/** What takes a movement back: the opposite of each of its legs, but for those that balance it. */
export function opposite({ sku, type, legs }: BatchMovement): QuantityChange[] {
  const reason = "taking back a batch";
  if (type === "transfer") {
    const [left, arrived] = legs.toSorted((a, b) => a.quantity - b.quantity);
    assert(left !== undefined && arrived !== undefined, "a transfer has two legs");
    assert(isPhysicalBucket(left.bucket), "a transfer is between shelves");
    const transfer = { to: left.location, units: arrived.quantity };
    return [{ sku, location: arrived.location, bucket: left.bucket, transfer, reason }];
  }
  return legs.flatMap(({ bucket, location, quantity }): QuantityChange[] => {
    const channel = allocationChannel(bucket);
    if (isPhysicalBucket(bucket)) return [{ sku, location, bucket, by: -quantity, reason }];
    if (channel === undefined) return [];
    return [{ sku, location, bucket: "", allocate: { channel, units: -quantity }, reason }];
  });
}

async function recordsBack(tx: Queryable, batch: BatchRow): Promise<NextRows | null> {
  const { shop, undoes, done, cursor, kind } = batch;
  assert(kind !== "quantities", "quantities are told by movements");
  const page = { after: Number(cursor ?? -1), limit: PAGE };
  const applied = await appliedRows(tx, shop, undoes ?? "", page);
  const last = applied.at(-1);
  if (!last) return null;
  const rows = applied.map(
    (row, at): CheckedRow => ({
      ...{ line: done + at + 1, state: "ready", key: `line ${row.line}`, item: row.item },
      change: changeBack(kind, row),
    }),
  );
  const next = { rows, cursor: String(last.line) };
  if (cursor !== null) return next;
  return { ...next, total: await countAppliedRows(tx, shop, undoes ?? "") };
}

/** What was stored was stored by the kind itself. */
function changeBack(
  kind: Exclude<BatchKind, "quantities">,
  { change, before }: AppliedRow,
): object {
  switch (kind) {
    case "items": {
      const [done, was] = [change as ItemChange, before as ItemFields | null];
      return { sku: done.sku, restore: was, expect: itemAfter(done, was) } satisfies ItemChange;
    }
    case "locations": {
      const [done, was] = [change as LocationChange, before as LocationFields | null];
      const expect = locationAfter(done, was);
      return { code: done.code, restore: was, expect } satisfies LocationChange;
    }
    case "buffers": {
      const done = change as BufferChange;
      const policy = before as BufferChange["policy"];
      return { ...done, policy, expect: done.policy } satisfies BufferChange;
    }
    case "listings": {
      const done = change as MatchChange;
      const parts = before as MatchChange["parts"];
      return { ...done, parts, expect: done.parts } satisfies MatchChange;
    }
  }
}
