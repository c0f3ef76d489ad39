import type { AppLoadContext } from "@remix-run/node";
import type { BufferRule } from "../inventory/buffer.ts";
import { listRules, removeRule, saveRule } from "../prisma/buffers.ts";
import { findItemBySku } from "../prisma/items.ts";
import { placesOf } from "../prisma/locations.ts";
import { type RuleScope, shopCategories } from "../prisma/rule-scope.ts";
import { skusOfItems } from "../prisma/skus.ts";
import { channelColumns } from "./merchant.server.ts";
import { replanNow } from "./replan-now.server.ts";
import type { RuleFields } from "./rule-fields.ts";
import { parseRule } from "./rule-form.ts";
import { previewRules, type RulePreview } from "./rule-preview.server.ts";

export type RuleResult =
  | { outcome: "invalid"; errors: Partial<Record<string, string>> }
  | { outcome: "preview"; of: "save"; fields: RuleFields; preview: RulePreview }
  | { outcome: "preview"; of: "remove"; rule: string; preview: RulePreview }
  /** `listings` are planned anew: now, or by the worker when they are many. */
  | { outcome: "saved" | "removed"; listings: number; by: "now" | "worker" }
  | { outcome: "refused"; why: string };

export async function readBuffers(context: AppLoadContext, shop: string) {
  const { db } = context.services;
  const [rules, categories, columns] = await Promise.all([
    listRules(db, shop),
    shopCategories(db, shop),
    channelColumns(context, shop),
  ]);
  const named = rules.flatMap((rule) => rule.item ?? []);
  const skus = await skusOfItems(db, shop, named);
  return { rules, categories, columns, skus: Object.fromEntries(skus) };
}

/** Shows, saves or removes a rule, as the form's `intent` says. */
export async function changeBuffers(
  context: AppLoadContext,
  shop: string,
  form: FormData,
): Promise<RuleResult> {
  const intent = form.get("intent");
  if (intent === "preview" || intent === "save") return changeRule(context, shop, form, intent);
  const removing = intent === "remove" || intent === "preview-remove";
  if (!removing) return { outcome: "refused", why: "Load the page again and retry." };
  return dropRule(context, shop, String(form.get("rule") ?? ""), intent);
}

async function changeRule(
  context: AppLoadContext,
  shop: string,
  form: FormData,
  intent: "preview" | "save",
): Promise<RuleResult> {
  const { db } = context.services;
  const fields = fieldsOf(form);
  const parsed = parseRule(fields);
  if (parsed.outcome === "invalid") return parsed;
  const { sku, ...typed } = parsed.rule;
  const item = sku === undefined ? undefined : await findItemBySku(db, shop, sku);
  if (item === null) return { outcome: "invalid", errors: { sku: `No item has the SKU ${sku}.` } };
  const rule = item === undefined ? typed : { ...typed, item: item.id };
  const [now, places] = await Promise.all([listRules(db, shop), placesOf(db, shop)]);
  const scope = scopeOf(rule);
  const others = now.filter((other) => !sameScope(other, scope));
  const then = [...others, { ...rule, id: "preview" }];
  const setup = { before: { rules: now, places }, after: { rules: then, places } };
  const preview = await previewRules(db, shop, setup, scope);
  if (intent === "preview") return { outcome: "preview", of: "save", fields, preview };
  await saveRule(db, shop, rule);
  return { outcome: "saved", ...(await replanNow(context.services, shop, scope, preview)) };
}

async function dropRule(
  context: AppLoadContext,
  shop: string,
  id: string,
  intent: "preview-remove" | "remove",
): Promise<RuleResult> {
  const { db } = context.services;
  const [now, places] = await Promise.all([listRules(db, shop), placesOf(db, shop)]);
  const rule = now.find((one) => one.id === id);
  if (!rule) return { outcome: "refused", why: "This rule is not there any more." };
  const then = now.filter((one) => one.id !== id);
  const scope = scopeOf(rule);
  const setup = { before: { rules: now, places }, after: { rules: then, places } };
  const preview = await previewRules(db, shop, setup, scope);
  if (intent === "preview-remove") return { outcome: "preview", of: "remove", rule: id, preview };
  await removeRule(db, shop, id);
  return { outcome: "removed", ...(await replanNow(context.services, shop, scope, preview)) };
}

function scopeOf({ channel, category, item }: Omit<BufferRule, "id">): RuleScope {
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(category === undefined ? {} : { category }),
    ...(item === undefined ? {} : { item }),
  };
}

function sameScope(rule: BufferRule, scope: RuleScope): boolean {
  const { channel, category, item } = scope;
  return rule.channel === channel && rule.category === category && rule.item === item;
}

function fieldsOf(form: FormData): RuleFields {
  const text = (name: string) => String(form.get(name) ?? "");
  return {
    channel: text("channel"),
    level: text("level"),
    category: text("category"),
    sku: text("sku"),
    kind: text("kind"),
    value: text("value"),
    floor: text("floor"),
    cap: text("cap"),
    showLastUnit: text("showLastUnit"),
  };
}
