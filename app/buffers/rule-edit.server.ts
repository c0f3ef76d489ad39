import type { BufferRule } from "../../inventory/buffer.ts";
import { addRows, keepBefore } from "../../prisma/batch-rows.ts";
import { openBatch } from "../../prisma/batches.ts";
import { editRules, findRule, type RuleEdit, type RuleKey } from "../../prisma/buffers.ts";
import type { Database } from "../../prisma/client.ts";
import { findItemBySku } from "../../prisma/items.ts";
import { skusOfItems } from "../../prisma/skus.ts";
import type { RuleFields } from "./rule-fields.ts";
import { parseRule } from "./rule-form.ts";

/** What a person asks for, in the fields that ask for it again. */
export type RuleAsk = { of: "save"; fields: RuleFields } | { of: "remove"; rule: string };

export type AskedEdit =
  | { outcome: "asked"; ask: RuleAsk; edit: RuleEdit & { sku?: string } }
  | { outcome: "invalid"; errors: Partial<Record<string, string>> }
  | { outcome: "refused"; why: string };

/** The rule of a form, or of the button that removes one. */
export async function askedEdit(db: Database, shop: string, ask: RuleAsk): Promise<AskedEdit> {
  return ask.of === "save" ? askedRule(db, shop, ask) : askedRemoval(db, shop, ask);
}

async function askedRule(
  db: Database,
  shop: string,
  ask: Extract<RuleAsk, { of: "save" }>,
): Promise<AskedEdit> {
  const parsed = parseRule(ask.fields);
  if (parsed.outcome === "invalid") return parsed;
  const { sku, channel, category, ...policy } = parsed.rule;
  const scope: RuleKey = {
    ...(channel === undefined ? {} : { channel }),
    ...(category === undefined ? {} : { category }),
  };
  if (sku === undefined) return { outcome: "asked", ask, edit: { scope, policy } };
  const item = await findItemBySku(db, shop, sku);
  if (!item) return { outcome: "invalid", errors: { sku: `No item has the SKU ${sku}.` } };
  return { outcome: "asked", ask, edit: { scope: { ...scope, item: item.id }, policy, sku } };
}

async function askedRemoval(
  db: Database,
  shop: string,
  ask: Extract<RuleAsk, { of: "remove" }>,
): Promise<AskedEdit> {
  const rule = await findRule(db, shop, ask.rule);
  if (!rule) return { outcome: "refused", why: "This rule is not there any more." };
  const scope = scopeOf(rule);
  const { item } = scope;
  const sku = item && (await skusOfItems(db, shop, [item])).get(item);
  return { outcome: "asked", ask, edit: { scope, policy: null, ...(sku ? { sku } : {}) } };
}

function scopeOf({ channel, category, item }: BufferRule): RuleKey {
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(category === undefined ? {} : { category }),
    ...(item === undefined ? {} : { item }),
  };
}

/**
 * Saves or removes a rule, as a batch of one, so that it can be taken back like any other.
 * @returns the batch's id.
 */
export async function applyEdit(
  db: Database,
  shop: string,
  edit: RuleEdit & { sku?: string },
  { title, actor }: { title: string; actor: string },
): Promise<string> {
  let batch = "";
  await editRules(db, shop, [edit], async (tx, [edited]) => {
    const done = { state: "done", total: 1, counts: { ready: 1, applied: 1 } } as const;
    batch = await openBatch(tx, shop, { kind: "buffers", title, actor, ...done });
    const item = edit.scope.item ?? null;
    await addRows(tx, shop, batch, [{ line: 1, state: "ready", key: "rule", item, change: edit }]);
    await keepBefore(tx, shop, batch, [{ line: 1, before: edited?.before ?? null }]);
  });
  return batch;
}
