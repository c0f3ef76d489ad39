import type { Queryable } from "./client.ts";

/** A search of items that somebody gave a name to. */
export interface ItemView {
  id: string;
  name: string;
  /** The search of its address. */
  search: string;
  /** Everybody of the shop has it. */
  shared: boolean;
}

/** Whose views: those of the shop, and those of one of its people. */
export interface ViewOwner {
  shop: string;
  person: string;
}

/** More than a menu can show. */
export const VIEWS_MOST = 50;

/** The shop's views and the person's own, by name. */
export async function listItemViews(
  db: Queryable,
  { shop, person }: ViewOwner,
): Promise<ItemView[]> {
  const rows = await db.itemView.findMany({
    where: { shopId: shop, personId: { in: [person, ""] } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  return rows.map(({ id, name, search, personId }) => {
    return { id, name, search, shared: personId === "" };
  });
}

/** Keeps a search under a name; the same name again means the new search. */
export async function saveItemView(
  db: Queryable,
  { shop, person }: ViewOwner,
  { name, search, shared }: Omit<ItemView, "id">,
): Promise<{ outcome: "saved" | "too-many" }> {
  const owner = { shopId: shop, personId: shared ? "" : person };
  const others = await db.itemView.count({ where: { ...owner, NOT: { name } } });
  if (others >= VIEWS_MOST) return { outcome: "too-many" };
  const named = { shopId_personId_name: { ...owner, name } };
  const data = { ...owner, name, search };
  await db.itemView.upsert({ where: named, create: data, update: { search } });
  return { outcome: "saved" };
}

/** Takes a view away: one's own, or with `shared` one of the shop. */
export async function removeItemView(
  db: Queryable,
  { shop, person }: ViewOwner,
  { id, shared }: Pick<ItemView, "id" | "shared">,
): Promise<void> {
  const personId = shared ? { in: ["", person] } : person;
  await db.itemView.deleteMany({ where: { id, shopId: shop, personId } });
}
