import type { BufferRule as BufferRuleRow } from "../generated/prisma/client.ts";
import type { Buffer, BufferPolicy, BufferRule } from "../inventory/buffer.ts";
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

/** What a rule applies to. A missing member means "every". */
export type RuleKey = Pick<BufferRule, "channel" | "category" | "item">;

/** A rule to make, or to replace the one of the same scope with; without a policy, to remove. */
export interface RuleEdit {
  scope: RuleKey;
  policy: BufferPolicy | null;
  /** Only where this is the policy now (null = no rule): somebody may have changed it since. */
  expect?: BufferPolicy | null;
}

/** What an edit found: the policy before it (null = no rule), and whether it was as expected. */
export interface RuleEdited {
  before: BufferPolicy | null;
  edited: boolean;
}

/**
 * Makes, replaces and removes rules, all or none. `within` belongs to the same step, for what is to
 * be remembered of it. The caller replans the listings they cover: see the job "listings.replan".
 */
export async function editRules(
  db: Database,
  shop: string,
  edits: readonly RuleEdit[],
  within: (tx: Queryable, edited: RuleEdited[]) => Promise<void> = async () => {},
): Promise<RuleEdited[]> {
  return changeRules(db, shop, async (tx) => {
    const known = new Map((await listRules(tx, shop)).map((rule) => [scopeKey(rule), rule]));
    const edited = edits.map(({ scope, policy, expect }) => {
      const rule = known.get(scopeKey(scope));
      const before = rule ? policyOf(rule) : null;
      const expected = expect === undefined || same(before, expect) || same(before, policy);
      return { before, edited: expected };
    });
    const due = edits.filter((_edit, at) => edited[at]?.edited);
    const replaced = due.flatMap(({ scope }) => known.get(scopeKey(scope))?.id ?? []);
    await tx.bufferRule.deleteMany({ where: { shopId: shop, id: { in: replaced } } });
    await tx.bufferRule.createMany({
      data: due.flatMap(({ scope, policy }) => {
        if (!policy) return [];
        // Who replaces a rule keeps its name: a page may be open on it.
        const id = known.get(scopeKey(scope))?.id;
        const columns = { ...scopeColumns(scope), ...policyColumns(policy) };
        return [{ shopId: shop, ...columns, ...(id === undefined ? {} : { id }) }];
      }),
    });
    await within(tx, edited);
    return edited;
  });
}

/**
 * Makes a rule, or gives the one of the same scope these values. The caller replans.
 * @returns the rule's id.
 */
export async function saveRule(
  db: Database,
  shop: string,
  { channel, category, item, ...policy }: Omit<BufferRule, "id">,
): Promise<string> {
  const scope: RuleKey = {};
  if (channel !== undefined) scope.channel = channel;
  if (category !== undefined) scope.category = category;
  if (item !== undefined) scope.item = item;
  let id = "";
  await editRules(db, shop, [{ scope, policy }], async (tx) => {
    const where = { shopId: shop, ...scopeColumns(scope) };
    id = (await tx.bufferRule.findFirstOrThrow({ where, select: { id: true } })).id;
  });
  return id;
}

/** Takes a rule away. False when the shop has none of this id. The caller replans. */
export async function removeRule(db: Database, shop: string, rule: string): Promise<boolean> {
  return changeRules(db, shop, async (tx) => {
    const { count } = await tx.bufferRule.deleteMany({ where: { id: rule, shopId: shop } });
    return count > 0;
  });
}

/** The rules as they would be after edits. */
export function rulesAfter(rules: readonly BufferRule[], edits: readonly RuleEdit[]): BufferRule[] {
  const after = new Map(rules.map((rule) => [scopeKey(rule), rule]));
  for (const [at, { scope, policy }] of edits.entries()) {
    if (policy) after.set(scopeKey(scope), { ...scope, ...policy, id: `edit-${at}` });
    else after.delete(scopeKey(scope));
  }
  return [...after.values()];
}

function scopeKey({ channel, category, item }: RuleKey): string {
  return JSON.stringify([channel ?? null, category ?? null, item ?? null]);
}

function scopeColumns({ channel, category, item }: RuleKey) {
  return { channel: channel ?? null, category: category ?? null, itemId: item ?? null };
}

function policyOf({ buffer, floor, cap, showLastUnit = false }: BufferRule): BufferPolicy {
  const limits = {
    ...(floor === undefined ? {} : { floor }),
    ...(cap === undefined ? {} : { cap }),
  };
  return { buffer, ...limits, showLastUnit };
}

function same(a: BufferPolicy | null, b: BufferPolicy | null): boolean {
  const text = (policy: BufferPolicy | null) => JSON.stringify(policy && policyColumns(policy));
  return text(a) === text(b);
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
  }, TRANSACTION);
}

/** A file may bring thousands of rules. */
const TRANSACTION = { timeout: 30_000, maxWait: 10_000 };

function policyColumns({ buffer, floor, cap, showLastUnit }: BufferPolicy) {
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
