import type { AppLoadContext } from "@remix-run/node";
import type { BatchKind } from "../../inventory/batch.ts";
import { formatFor } from "../../inventory/format.ts";
import type { BulkChange, ChosenOptions } from "../../jobs/batches/chosen.ts";
import { openBatch } from "../../prisma/batches.ts";
import { COUNTED, countItems } from "../../prisma/item-list.ts";
import { channelColumns } from "../access/merchant.server.ts";
import { actorOf, type Merchant } from "../access/person.ts";
import { ruleFieldsOf } from "../buffers/rule-fields.ts";
import { parseRule } from "../buffers/rule-form.ts";
import { channelTitle } from "../channels/channel-title.ts";
import { runBatch } from "../files/batches.server.ts";
import { mayImport } from "../files/import-kind.ts";
import { BULK_REFUSALS, bulkTitle } from "./bulk-texts.ts";
import { MOST_CHOSEN } from "./item-search.ts";
import { itemQuery, readItemSearch } from "./items.server.ts";
import { foundText } from "./items-texts.ts";

export type BulkResult =
  /** A batch looks at each of the items; what it would change is shown on its page. */
  | { outcome: "bulk-begun"; batch: string }
  | { outcome: "bulk-invalid"; errors: Partial<Record<string, string>> }
  | { outcome: "bulk-refused"; why: string };

const LONGEST_TITLE = 300;

/** Begins what somebody wants to have done with the items he chose. */
export async function beginBulk(
  context: AppLoadContext,
  merchant: Merchant,
  form: FormData,
): Promise<BulkResult> {
  const { db, now } = context.services;
  const asked = askedChange(form);
  if (asked.outcome !== "asked") return asked;
  const { change } = asked;
  const kind: BatchKind = change.of === "category" ? "items" : "buffers";
  if (!mayImport(merchant.person.can, kind)) {
    return { outcome: "bulk-refused", why: BULK_REFUSALS.role };
  }
  const which = whichItems(merchant.id, form);
  const found = await countItems(db, { shop: merchant.id, ...which }, new Date(now()));
  if (found === 0) return { outcome: "bulk-refused", why: BULK_REFUSALS.none };
  const format = formatFor(merchant);
  const items = foundText({ count: Math.min(found, COUNTED), more: found > COUNTED }, format);
  const titleOf = channelTitle(await channelColumns(context, merchant.id));
  const title = bulkTitle(change, items, format, titleOf).slice(0, LONGEST_TITLE);
  const options: ChosenOptions = { which, change };
  const batch = await openBatch(db, merchant.id, {
    ...{ kind, title, actor: actorOf(merchant), state: "checking", options },
    ...(found > COUNTED ? {} : { total: found }),
  });
  await runBatch(context.services, batch);
  return { outcome: "bulk-begun", batch };
}

/** Those named one by one, or all that a search finds. */
function whichItems(shop: string, form: FormData): ChosenOptions["which"] {
  const searched = new URLSearchParams(form.get("all") === "on" ? String(form.get("search")) : "");
  const { shop: _, ...which } = itemQuery(shop, readItemSearch(searched));
  if (form.get("all") === "on") return which;
  const items = String(form.get("items") ?? "").split(",");
  return { ...which, items: items.filter((id) => id !== "").slice(0, MOST_CHOSEN) };
}

type Asked = { outcome: "asked"; change: BulkChange } | Exclude<BulkResult, { batch: string }>;

function askedChange(form: FormData): Asked {
  const channel = String(form.get("channel") ?? "") || null;
  switch (form.get("do")) {
    case "category":
      return askedCategory(String(form.get("category") ?? "").trim(), form.get("none") === "on");
    case "rule": {
      const scope = { channel: "", level: "channel", category: "", sku: "" };
      const parsed = parseRule({ ...ruleFieldsOf(form), ...scope });
      if (parsed.outcome === "invalid") {
        return { outcome: "bulk-invalid", errors: parsed.errors };
      }
      return { outcome: "asked", change: { of: "rule", channel, policy: parsed.rule } };
    }
    case "unrule":
      return { outcome: "asked", change: { of: "no-rules", channel } };
    default:
      throw new Response("Load the page again and retry.", { status: 400 });
  }
}

function askedCategory(category: string, none: boolean): Asked {
  if (none) return { outcome: "asked", change: { of: "category", category: null } };
  if (category === "" || category.length > 200) {
    return { outcome: "bulk-invalid", errors: { category: BULK_REFUSALS.category } };
  }
  return { outcome: "asked", change: { of: "category", category } };
}
