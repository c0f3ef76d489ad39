import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { mayGoAhead } from "../../inventory/blast-radius.ts";
import {
  type ListingChange,
  previewRules,
  type RulePreview,
  type SetupChange,
  setupChanges,
} from "../../jobs/rule-preview.ts";
import {
  itemRules,
  listRules,
  type RuleEdit,
  rulesAfter,
  rulesForItems,
} from "../../prisma/buffers.ts";
import { readBlastLimits } from "../../prisma/guard.ts";
import { placesOf } from "../../prisma/locations.ts";
import { type RuleScope, shopCategories } from "../../prisma/rule-scope.ts";
import { channelColumns } from "../access/merchant.server.ts";
import { actorOf, type Merchant } from "../access/person.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { replanNow } from "../guard/replan-now.server.ts";
import { placeText, readPlace } from "../page-place.ts";
import { applyEdit, askedEdit, type RuleAsk } from "./rule-edit.server.ts";
import { ruleFieldsOf } from "./rule-fields.ts";
import { ruleScopeText } from "./rule-scope-text.ts";

export type RuleResult =
  | { outcome: "invalid"; errors: Partial<Record<string, string>> }
  | {
      outcome: "preview";
      ask: RuleAsk;
      preview: RulePreview;
      changes: ChangesPage;
    }
  /** `listings` are planned anew: now, or by the worker when they are many. */
  | { outcome: "saved" | "removed"; listings: number; by: "now" | "worker"; batch: string }
  | { outcome: "refused"; why: string };

/** Some of the listings that change, in an order that stays. */
export interface ChangesPage {
  rows: ListingChange[];
  /** Where the next page begins; null = there is none. */
  next: string | null;
  first: boolean;
}

const PAGE = 25;

const placeSchema = z.tuple([z.string().max(500), z.string().max(50)]);

/** The rules: those for categories and channels, and a page of those that name an item. */
export async function readBuffers(
  context: AppLoadContext,
  shop: string,
  { searchParams }: Pick<URL, "searchParams">,
) {
  const { db } = context.services;
  const place = {
    after: readPlace(searchParams.get("after"), placeSchema),
    before: readPlace(searchParams.get("before"), placeSchema),
  };
  const [general, own, categories, columns] = await Promise.all([
    rulesForItems(db, shop, []),
    itemRules(db, shop, { ...place, limit: PAGE }),
    shopCategories(db, shop),
    channelColumns(context, shop),
  ]);
  return {
    rules: [...general, ...own.rules.map(({ sku: _, ...rule }) => rule)],
    skus: Object.fromEntries(own.rules.map(({ item, sku }) => [item, sku])),
    ...{ previous: placeText(own.previous), next: placeText(own.next), categories, columns },
  };
}

/** Shows, saves or removes a rule, as the form's `intent` says. */
export async function changeBuffers(
  context: AppLoadContext,
  merchant: Merchant,
  form: FormData,
): Promise<RuleResult> {
  const intent = String(form.get("intent"));
  const ask = askOf(intent, form);
  if (!ask) return { outcome: "refused", why: "Load the page again and retry." };
  const { db } = context.services;
  const asked = await askedEdit(db, merchant.id, ask);
  if (asked.outcome !== "asked") return asked;
  const { edit } = asked;
  const setup = await setupOf(context, merchant.id, edit);
  const preview = await previewRules(db, merchant.id, setup, edit.scope, {
    subject: JSON.stringify(edit),
    limits: await readBlastLimits(db, merchant.id),
  });
  const confirmed = form.get("confirm");
  const seen = mayGoAhead(preview.radius, typeof confirmed === "string" ? confirmed : null);
  if (intent === ask.of && seen) {
    const title = await titleOf(context, merchant.id, edit);
    const batch = await applyEdit(db, merchant.id, edit, { title, actor: actorOf(merchant) });
    const replanned = await replanNow(context.services, merchant.id, edit.scope, preview);
    return { outcome: ask.of === "save" ? "saved" : "removed", batch, ...replanned };
  }
  const after = String(form.get("after") ?? "");
  const changes = await changesPage(context, merchant.id, setup, edit.scope, after);
  return { outcome: "preview", ask, preview, changes };
}

/** The intents that show a change, and those that make it so. */
function askOf(intent: string, form: FormData): RuleAsk | null {
  switch (intent) {
    case "preview":
    case "save":
      return { of: "save", fields: ruleFieldsOf(form) };
    case "preview-remove":
    case "remove":
      return { of: "remove", rule: String(form.get("rule") ?? "") };
    default:
      return null;
  }
}

/** The rules now, and with an edit. */
export async function setupOf(
  { services: { db } }: Pick<AppLoadContext, "services">,
  shop: string,
  edit: RuleEdit,
): Promise<SetupChange> {
  const [rules, places] = await Promise.all([listRules(db, shop), placesOf(db, shop)]);
  return { before: { rules, places }, after: { rules: rulesAfter(rules, [edit]), places } };
}

async function changesPage(
  { services: { db } }: AppLoadContext,
  shop: string,
  setup: SetupChange,
  scope: RuleScope,
  after: string,
): Promise<ChangesPage> {
  const rows: ListingChange[] = [];
  for await (const chunk of setupChanges(db, shop, setup, scope, after)) {
    rows.push(...chunk.filter((change) => change.before !== change.after));
    if (rows.length > PAGE) break;
  }
  const page = rows.slice(0, PAGE);
  const next = rows.length > PAGE ? (page.at(-1)?.id ?? null) : null;
  return { rows: page, next, first: after === "" };
}

async function titleOf(context: AppLoadContext, shop: string, edit: RuleEdit & { sku?: string }) {
  const title = channelTitle(await channelColumns(context, shop));
  const scope = ruleScopeText(edit.scope, edit.sku, title);
  return edit.policy ? `Rule for ${scope}` : `Rule for ${scope} removed`;
}
