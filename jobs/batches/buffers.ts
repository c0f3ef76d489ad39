import type { Buffer, BufferPolicy } from "../../inventory/buffer.ts";
import { type CheckedRow, keepBefore, type ReadyRow } from "../../prisma/batch-rows.ts";
import type { BatchRow } from "../../prisma/batches.ts";
import {
  editRules,
  policiesOf,
  type RuleEdit,
  rulesForItems,
  samePolicy,
} from "../../prisma/buffers.ts";
import type { Queryable } from "../../prisma/client.ts";
import { findItemsBySku } from "../../prisma/items.ts";
import { quoted, wholeOf } from "../order-files/cells.ts";
import { RowCheck } from "../order-files/row.ts";
import {
  type Applied,
  type ApplyDeps,
  bad,
  type Cell,
  type Kind,
  type Reading,
  type ReadRow,
  refusal,
} from "./kind.ts";

/** What becomes of the rule of one scope. */
export interface BufferChange extends RuleEdit {
  /** The SKU of the item that the scope names. */
  sku?: string;
}

/** So many rules are saved in one step: one for every item of a large shop. */
const MOST_RULES = 250_000;

/** Buffer rules by their scope. Rules play together, so a file's are saved all at once or not. */
export const buffers: Kind<BufferChange> = {
  read: readRule,
  check: checkRules,
  apply: applyRules,
  atOnce: MOST_RULES,
};

const CHANNEL = /^[a-z][a-z0-9-]{0,49}$/;

function readRule(cell: Cell, { decimalComma }: Reading) {
  const check = new RowCheck();
  const [channel, category, sku] = [cell("channel").toLowerCase(), cell("category"), cell("sku")];
  if (channel !== "" && !CHANNEL.test(channel)) {
    check.refuse("Channel", `${quoted(channel)} is no channel`, "write e.g. amazon, or nothing");
  }
  if (category !== "" && sku !== "") {
    check.refuse("Category", "stands beside a SKU", "a rule is for one of the two");
  }
  const policy = readPolicy(cell, check, decimalComma);
  if (check.problems.length > 0) return { problems: check.problems };
  const scope = { ...(channel ? { channel } : {}), ...(category ? { category } : {}) };
  const change = { scope, policy, ...(sku ? { sku } : {}) };
  return { key: JSON.stringify([channel, category, sku]), change };
}

function readPolicy(cell: Cell, check: RowCheck, decimalComma: boolean): BufferPolicy | null {
  const kind = cell("kind").toLowerCase();
  if (kind === "remove") return null;
  const units = (column: string, key: string) => {
    if (cell(key) === "") return undefined;
    const count = check.take(column, wholeOf(cell(key), decimalComma), 0);
    if (count < 0) check.refuse(column, "is below 0", "write 0 or more");
    return count;
  };
  const buffer = readBuffer(kind, cell("value"), check, decimalComma);
  const [floor, cap] = [units("Hold back at least", "floor"), units("Never show more than", "cap")];
  const last = cell("lastUnit").toLowerCase();
  if (!["", "yes", "no", "true", "false", "1", "0"].includes(last)) {
    check.refuse("Show the last unit", `${quoted(last)} is no answer`, "write yes or no");
  }
  const limits = {
    ...(floor === undefined ? {} : { floor }),
    ...(cap === undefined ? {} : { cap }),
  };
  return { buffer, ...limits, showLastUnit: ["yes", "true", "1"].includes(last) };
}

function readBuffer(kind: string, value: string, check: RowCheck, decimalComma: boolean): Buffer {
  const text = (decimalComma ? value.replace(",", ".") : value).replace(/\s*%$/, "");
  switch (kind) {
    case "percent":
      if (!/^\d{1,3}(\.\d{1,2})?0*$/.test(text) || Number(text) > 100) {
        check.refuse("Value", `${quoted(value)} is no percentage`, "write 0 to 100");
      }
      return { kind, show: Number(text) };
    case "fixed": {
      const units = check.take("Value", wholeOf(value, decimalComma), 0);
      if (units < 0) check.refuse("Value", "is below 0", "write the units held back");
      return { kind, units };
    }
    case "allocated":
      return { kind };
    default:
      check.refuse(
        "Kind",
        kind === "" ? "is empty" : `${quoted(kind)} is no kind`,
        "write percent, fixed, allocated or remove",
      );
      return { kind: "allocated" };
  }
}

async function checkRules(
  db: Queryable,
  shop: string,
  rows: readonly ReadRow<BufferChange>[],
): Promise<CheckedRow[]> {
  const skus = rows.flatMap(({ change }) => change.sku ?? []);
  const items = await findItemsBySku(db, shop, skus);
  const named = [...items.values()].map(({ id }) => id);
  const policyOf = policiesOf(await rulesForItems(db, shop, named));
  return rows.map((row) => {
    const { line, key } = row;
    const { sku, scope } = row.change;
    const item = sku === undefined ? undefined : items.get(sku);
    if (sku !== undefined && item === undefined) {
      const fix = "correct it, or import your items first";
      return bad(row, [{ column: "SKU", why: `no item has the SKU ${sku}`, fix }]);
    }
    const change = item ? { ...row.change, scope: { ...scope, item: item.id } } : row.change;
    const same = samePolicy(policyOf(change.scope), change.policy);
    return { line, state: same ? "same" : "ready", key, item: item?.id ?? null, change };
  });
}

async function applyRules(
  { db }: ApplyDeps,
  { id, shop }: BatchRow,
  rows: readonly ReadyRow<BufferChange>[],
): Promise<Applied> {
  const edits = rows.map(({ change }) => change);
  const edited = await editRules(db, shop, edits, (tx, found) =>
    keepBefore(
      tx,
      shop,
      id,
      rows.flatMap(({ line }, at) =>
        found[at]?.edited ? [{ line, before: found[at].before }] : [],
      ),
    ),
  );
  const refused = rows.flatMap(({ line }, at) =>
    edited[at]?.edited ? [] : [refusal(line, "Rule", "was changed since", "it stays as it is now")],
  );
  return { outcome: "applied", refused, replan: [{}] };
}
