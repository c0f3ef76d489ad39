import { type CheckedRow, keepBefore, type ReadyRow } from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import type { Queryable } from "../../prisma/client.ts";
import {
  dropUnusedLocation,
  type LocationFields,
  putLocation,
} from "../../prisma/location-changes.ts";
import { listLocations } from "../../prisma/locations.ts";
import { wholeOf } from "../order-files/cells.ts";
import { RowCheck } from "../order-files/row.ts";
import {
  type Applied,
  type ApplyDeps,
  type Cell,
  type Kind,
  type Reading,
  type ReadRow,
  refusal,
} from "./kind.ts";

/** What becomes of one location. */
export interface LocationChange {
  code: string;
  set?: Partial<LocationFields>;
  /** Taking back: what there was (null = no such location), unless it was changed since. */
  restore?: LocationFields | null;
  /** What it has to be now; null = not there. */
  expect?: LocationFields | null;
}

/** Places by their code: made, or given what their row says. */
export const locations: Kind<LocationChange> = {
  read: readLocation,
  check: checkLocations,
  apply: applyLocations,
};

function readLocation(cell: Cell, { decimalComma }: Reading) {
  const check = new RowCheck();
  const code = cell("code");
  if (!/^[^\s/]{1,100}$/.test(code)) {
    check.refuse("Code", "is empty, long or has spaces", "write a short word, e.g. MAIN");
  }
  const name = cell("name").replace(/\s+/g, " ").slice(0, 200);
  const rank = cell("priority");
  const priority = rank === "" ? undefined : check.take("Priority", wholeOf(rank, decimalComma), 0);
  if (check.problems.length > 0) return { problems: check.problems };
  const set = { ...(name ? { name } : {}), ...(priority === undefined ? {} : { priority }) };
  return { key: code, change: { code, set } };
}

async function checkLocations(
  db: Queryable,
  shop: string,
  rows: readonly ReadRow<LocationChange>[],
): Promise<CheckedRow[]> {
  const known = await knownLocations(db, shop);
  return rows.map(({ line, key, change }) => {
    const now = known.get(change.code);
    const after = locationAfter(change, now ?? null);
    const same = now !== undefined && after !== null && equal(now, after);
    return { line, state: same ? "same" : "ready", key, change };
  });
}

async function applyLocations(
  { db }: ApplyDeps,
  { id, shop }: BatchRow,
  rows: readonly ReadyRow<LocationChange>[],
): Promise<Applied> {
  const known = await knownLocations(db, shop);
  const refused: ReturnType<typeof refusal>[] = [];
  for (const { line, change } of rows) {
    const now = known.get(change.code);
    if (!isExpected(change, now)) {
      refused.push(refusal(line, "Location", "was changed since", "it stays as it is now"));
      continue;
    }
    await keepBefore(db, shop, id, [{ line, before: now ?? null }]);
    const after = locationAfter(change, now ?? null);
    if (after) await putLocation(db, shop, change.code, after);
    else if (now && !(await dropUnusedLocation(db, shop, change.code))) {
      refused.push(refusal(line, "Location", "has held stock by now", "it is kept"));
    }
  }
  return { outcome: "applied", refused, replan: [] };
}

async function knownLocations(db: Queryable, shop: string): Promise<Map<string, LocationFields>> {
  const rows = await listLocations(db, shop);
  return new Map(rows.map(({ code, name, priority }) => [code, { name, priority }]));
}

/** What the location is to be, from what there is; null = not there. */
export function locationAfter(
  change: LocationChange,
  now: LocationFields | null,
): LocationFields | null {
  if (change.restore !== undefined) return change.restore;
  return { name: change.code, priority: 0, ...now, ...change.set };
}

/** Nobody has changed it since; or it is already as it is to be, because this runs again. */
function isExpected({ expect, restore }: LocationChange, now: LocationFields | undefined) {
  if (expect === undefined) return true;
  if (now === undefined) return expect === null || restore === null;
  return (expect !== null && equal(now, expect)) || (restore != null && equal(now, restore));
}

function equal(a: LocationFields, b: LocationFields): boolean {
  return a.name === b.name && a.priority === b.priority;
}
