import type { BufferRule as BufferRuleRow } from "../generated/prisma/client.ts";
import type { Buffer, BufferPolicy, BufferRule } from "../inventory/buffer.ts";
import { type Database, Prisma, type Queryable } from "./client.ts";
import { keysetPage, type Place } from "./keyset.ts";

/** The rules of one shop. */
export async function listRules(db: Queryable, shop: string): Promise<BufferRule[]> {
  const rows = await db.bufferRule.findMany({ where: { shopId: shop }, orderBy: { id: "asc" } });
  return rows.map(asRule);
}

/**
 * The rules that can be in force for some items: theirs, and those that name no item. A shop may
 * have one for each of its hundred thousand items.
 */
export async function rulesForItems(
  db: Queryable,
  shop: string,
  items: readonly string[],
): Promise<BufferRule[]> {
  const rows = await db.$queryRaw<BufferRuleRow[]>`
    select ${COLUMNS} from buffer_rule r
    where shop_id = ${shop} and (item_id is null or item_id = any(${[...new Set(items)]}::text[]))
    order by item_id nulls first, category nulls first, channel nulls first, id`;
  return rows.map(asRule);
}

const COLUMNS = Prisma.sql`r.id, r.shop_id as "shopId", r.channel, r.category, r.item_id as "itemId",
  r.kind, r.value, r.floor, r.cap, r.show_last_unit as "showLastUnit"`;

/** A place between two rules that name an item. */
export type ItemRuleCursor = readonly [sku: string, rule: string];

export interface ItemRulesPage {
  rules: (BufferRule & { sku: string })[];
  previous: ItemRuleCursor | null;
  next: ItemRuleCursor | null;
}

/** The rules that name an item, by its SKU, a page at a time. */
export async function itemRules(
  db: Queryable,
  shop: string,
  { limit, ...place }: Place<ItemRuleCursor> & { limit: number },
): Promise<ItemRulesPage> {
  const { after, before } = place;
  const [sku, id] = before ?? after ?? [];
  const order = before ? Prisma.sql`desc` : Prisma.sql`asc`;
  const beyond = before
    ? Prisma.sql`and (i.sku, r.id) < (${sku}, ${id})`
    : after
      ? Prisma.sql`and (i.sku, r.id) > (${sku}, ${id})`
      : Prisma.empty;
  const found = await db.$queryRaw<(BufferRuleRow & { sku: string })[]>`
    select ${COLUMNS}, i.sku
    from buffer_rule r join item i on i.id = r.item_id and i.shop_id = r.shop_id
    where r.shop_id = ${shop} ${beyond}
    order by i.sku ${order}, r.id ${order} limit ${limit + 1}`;
  const { rows, hasPrevious, hasNext } = keysetPage(found, limit, place);
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    rules: rows.map((row) => ({ ...asRule(row), sku: row.sku })),
    previous: hasPrevious && first ? [first.sku, first.id] : null,
    next: hasNext && last ? [last.sku, last.id] : null,
  };
}

/** One rule; null when the shop has none of this id. */
export async function findRule(
  db: Queryable,
  shop: string,
  rule: string,
): Promise<BufferRule | null> {
  const row = await db.bufferRule.findFirst({ where: { shopId: shop, id: rule } });
  return row && asRule(row);
}

/**
 * Holds the rules of some shops still until a planner's transaction ends: what is planned from them
 * is committed before the next rule is, and the plans that follow the change come after it. So a
 * rule takes effect at once, without a cache that would have to be told (row B1). What is read
 * after this has been committed before.
 */
export async function holdRules(tx: Queryable, shops: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    select pg_advisory_xact_lock_shared(${LOCK}, hashtext(shop))
    from unnest(${[...shops]}::text[]) as shop`;
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
    const items = edits.flatMap(({ scope }) => scope.item ?? []);
    const rules = await rulesForItems(tx, shop, items);
    const policyOf = policiesOf(rules);
    const known = new Map(rules.map((rule) => [scopeKey(rule), rule.id]));
    const edited = edits.map(({ scope, policy, expect }) => {
      const before = policyOf(scope);
      const expected =
        expect === undefined || samePolicy(before, expect) || samePolicy(before, policy);
      return { before, edited: expected };
    });
    const due = edits.filter((_edit, at) => edited[at]?.edited);
    await replaceRules(
      tx,
      shop,
      due.map(({ scope, policy }) => ({ scope, policy, id: known.get(scopeKey(scope)) })),
    );
    await within(tx, edited);
    return edited;
  });
}

/** Who replaces a rule keeps its name: a page may be open on it. */
async function replaceRules(
  tx: Queryable,
  shop: string,
  rules: readonly { scope: RuleKey; policy: BufferPolicy | null; id: string | undefined }[],
): Promise<void> {
  const replaced = rules.flatMap(({ id }) => id ?? []);
  await tx.$executeRaw`
    delete from buffer_rule where shop_id = ${shop} and id = any(${replaced}::text[])`;
  const rows = rules.flatMap(({ scope, policy, id = null }) =>
    policy ? [{ id, ...scopeColumns(scope), ...policyColumns(policy) }] : [],
  );
  await tx.$executeRaw`
    insert into buffer_rule (id, shop_id, channel, category, item_id, kind, value, floor, cap,
      show_last_unit)
    select coalesce(id, gen_random_uuid()::text), ${shop}, channel, category, "itemId", kind, value,
      floor, cap, "showLastUnit"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, channel text,
      category text, "itemId" text, kind text, value float8, floor int, cap int,
      "showLastUnit" boolean)`;
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

/** The policy of these very rules for a scope; null where none of them is for it. */
export function policiesOf(rules: readonly BufferRule[]): (scope: RuleKey) => BufferPolicy | null {
  const known = new Map(rules.map((rule) => [scopeKey(rule), rule]));
  return (scope) => {
    const rule = known.get(scopeKey(scope));
    return rule ? policyOf(rule) : null;
  };
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

/** Whether two policies come to the same; null = no rule. */
export function samePolicy(a: BufferPolicy | null, b: BufferPolicy | null): boolean {
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
