import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { removeItemView, saveItemView } from "../../prisma/item-views.ts";
import type { Merchant } from "../access/person.ts";
import { itemParams } from "./item-search.ts";
import { readItemSearch } from "./items.server.ts";

export type ViewResult =
  | { outcome: "view-saved"; name: string }
  | { outcome: "view-removed" }
  | { outcome: "view-refused"; why: string };

const nameOf = z.string().trim().min(1).max(60);

/** Keeps the search of the form's address under a name, for its person or for the shop. */
export async function saveView(
  { services }: AppLoadContext,
  { id: shop, person }: Merchant,
  form: FormData,
): Promise<ViewResult> {
  const name = nameOf.safeParse(form.get("name"));
  if (!name.success) return { outcome: "view-refused", why: "Give it a name, up to 60 letters." };
  const shared = form.get("shared") === "on";
  if (shared && !person.can("settings.change")) {
    return { outcome: "view-refused", why: "Your role may not save views for everybody." };
  }
  // What is kept has been understood: a view of a later version of the page cannot break this one.
  const search = itemParams(readItemSearch(new URLSearchParams(String(form.get("search") ?? ""))));
  const view = { name: name.data, search: search.toString(), shared };
  const { outcome } = await saveItemView(services.db, { shop, person: person.id }, view);
  if (outcome === "saved") return { outcome: "view-saved", name: view.name };
  return { outcome: "view-refused", why: "There are too many views: remove one first." };
}

/** Takes a view away; those of the shop take the right to change its settings. */
export async function removeView(
  { services }: AppLoadContext,
  { id: shop, person }: Merchant,
  form: FormData,
): Promise<ViewResult> {
  const view = { id: String(form.get("view") ?? ""), shared: person.can("settings.change") };
  await removeItemView(services.db, { shop, person: person.id }, view);
  return { outcome: "view-removed" };
}
