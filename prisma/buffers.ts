import type { BufferRule as BufferRuleRow } from "../generated/prisma/client.ts";
import type { Buffer, BufferRule } from "../inventory/buffer.ts";
import type { Database, Queryable } from "./client.ts";

/** The rules of one shop. */
export async function listRules(db: Queryable, shop: string): Promise<BufferRule[]> {
  const rows = await db.bufferRule.findMany({ where: { shopId: shop }, orderBy: { id: "asc" } });
  return rows.map(asRule);
}

/**
 * The rules of some shops, for a planner's transaction. Until that transaction ends no rule of
 * these shops changes: what was planned from them is committed before the next rule is, and the
 * plans that follow the change come after it. So a rule takes effect at once, without a cache that
 * would have to be told (row B1).
 */
export async function rulesForPlanning(
  tx: Queryable,
  shops: readonly string[],
): Promise<Map<string, BufferRule[]>> {
  // A statement of its own: what is read must have been committed before the locks were had.
  await tx.$executeRaw`
    select pg_advisory_xact_lock_shared(${LOCK}, hashtext(shop))
    from unnest(${[...shops]}::text[]) as shop`;
  const rows = await tx.bufferRule.findMany({
    where: { shopId: { in: [...shops] } },
    orderBy: { id: "asc" },
  });
  const rules = new Map<string, BufferRule[]>(shops.map((shop) => [shop, []]));
  for (const row of rows) rules.get(row.shopId)?.push(asRule(row));
  return rules;
}

/**
 * Makes a rule, or gives the one of the same scope these values. The caller replans the listings it
 * covers: see the job "listings.replan".
 * @returns the rule's id.
 */
export async function saveRule(
  db: Database,
  shop: string,
  rule: Omit<BufferRule, "id">,
): Promise<string> {
  return changeRules(db, shop, async (tx) => {
    const scope = {
      channel: rule.channel ?? null,
      category: rule.category ?? null,
      itemId: rule.item ?? null,
    };
    const data = { ...policyColumns(rule), ...scope };
    const known = await tx.bufferRule.findFirst({ where: { shopId: shop, ...scope } });
    const saved = known
      ? await tx.bufferRule.update({ where: { id: known.id, shopId: shop }, data })
      : await tx.bufferRule.create({ data: { shopId: shop, ...data } });
    return saved.id;
  });
}

/** Takes a rule away. False when the shop has none of this id. The caller replans. */
export async function removeRule(db: Database, shop: string, rule: string): Promise<boolean> {
  return changeRules(db, shop, async (tx) => {
    const { count } = await tx.bufferRule.deleteMany({ where: { id: rule, shopId: shop } });
    return count > 0;
  });
}

/** First half of the advisory locks' keys: the rules of a shop. */
const LOCK = 1;

/**
 * Changes what a shop's plans follow from: waits for the planners that read it, and makes the next
 * ones wait.
 */
export function changeRules<T>(db: Database, shop: string, change: (tx: Queryable) => Promise<T>) {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(${LOCK}, hashtext(${shop}))`;
    return change(tx);
  });
}

function policyColumns({ buffer, floor, cap, showLastUnit }: Omit<BufferRule, "id">) {
  return {
    kind: buffer.kind,
    value: buffer.kind === "percent" ? buffer.show : buffer.kind === "fixed" ? buffer.units : 0,
    floor: floor ?? null,
    cap: cap ?? null,
    showLastUnit: showLastUnit ?? false,
  };
}

function asRule(row: BufferRuleRow): BufferRule {
  const rule: BufferRule = {
    id: row.id,
    buffer: asBuffer(row.kind, row.value),
    showLastUnit: row.showLastUnit,
  };
  if (row.channel !== null) rule.channel = row.channel;
  if (row.category !== null) rule.category = row.category;
  if (row.itemId !== null) rule.item = row.itemId;
  if (row.floor !== null) rule.floor = row.floor;
  if (row.cap !== null) rule.cap = row.cap;
  return rule;
}

function asBuffer(kind: string, value: number): Buffer {
  switch (kind) {
    case "percent":
      return { kind, show: value };
    case "fixed":
      return { kind, units: value };
    case "allocated":
      return { kind };
    default:
      throw new Error(`a buffer rule of kind "${kind}" was stored`);
  }
}
