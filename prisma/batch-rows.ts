import { Prisma, type Queryable } from "./client.ts";

/** What is wrong with a row, by column, and what to do about it. */
export interface RowProblem {
  column: string;
  why: string;
  fix: string;
}

/** A row as its check leaves it. */
export interface CheckedRow {
  line: number;
  /** same: nothing would change. */
  state: "ready" | "same" | "bad";
  /** What it is about, unique within the batch; null when that cannot be read. */
  key: string | null;
  item?: string | null;
  change?: object | null;
  problems?: RowProblem[];
}

/**
 * Adds checked rows. One that is about the same thing as an earlier row of the batch is not added:
 * the answer says which, and the earlier one's line.
 */
export async function addRows(
  db: Queryable,
  shop: string,
  batch: string,
  rows: readonly CheckedRow[],
): Promise<{ line: number; first: number }[]> {
  if (rows.length === 0) return [];
  const text = JSON.stringify(rows.map(({ problems = null, ...row }) => ({ ...row, problems })));
  return db.$queryRaw<{ line: number; first: number }[]>`
    with new as (
      select * from jsonb_to_recordset(${text}::jsonb) as r(line int, state text, key text,
        item text, change jsonb, problems jsonb)
    ), added as (
      insert into batch_row (batch_id, line, shop_id, state, key, item_id, change, problems)
      select ${BigInt(batch)}, line, ${shop}, state, key, item, change,
        nullif(problems, 'null'::jsonb)
      from new order by line
      on conflict (batch_id, key) do nothing
      returning line, key
    )
    select n.line, coalesce(f.line, s.line) as first
    from new n
    left join batch_row f on f.batch_id = ${BigInt(batch)} and f.key = n.key
    left join added s on s.key = n.key
    where n.key is not null and n.line not in (select line from added)
    order by n.line`;
}

/**
 * Tells PostgreSQL how many rows there are. It finds out by itself, a minute later; until then it
 * takes a batch of a million rows for a handful, and joins it accordingly.
 */
export async function learnRows(db: Queryable): Promise<void> {
  await db.$executeRaw`analyze batch_row`;
}

export async function clearRows(db: Queryable, shop: string, batch: string): Promise<void> {
  await db.$executeRaw`
    delete from batch_row where batch_id = ${BigInt(batch)} and shop_id = ${shop}`;
}

/** A row to be applied. */
export interface ReadyRow<C = unknown> {
  line: number;
  item: string | null;
  change: C;
}

/** Rows to be applied after a line, in their order. */
export async function readyRows<C>(
  db: Queryable,
  shop: string,
  batch: string,
  { after, limit }: { after: number; limit: number },
): Promise<ReadyRow<C>[]> {
  return db.$queryRaw<ReadyRow<C>[]>`
    select line, item_id as item, change from batch_row
    where batch_id = ${BigInt(batch)} and shop_id = ${shop} and line > ${after}
      and state = 'ready'
    order by line limit ${limit}`;
}

/** The rows to be applied that are about these items. */
export async function rowsOfItems<C>(
  db: Queryable,
  shop: string,
  batch: string,
  items: readonly string[],
): Promise<{ item: string; change: C }[]> {
  return db.$queryRaw<{ item: string; change: C }[]>`
    select item_id as item, change from batch_row
    where batch_id = ${BigInt(batch)} and shop_id = ${shop} and state = 'ready'
      and item_id = any(${[...items]}::text[])`;
}

/** Items that rows to be applied are about; some of them, when there are more than `limit`. */
export async function itemsOfRows(
  db: Queryable,
  shop: string,
  batch: string,
  limit: number,
): Promise<string[]> {
  const rows = await db.$queryRaw<{ item: string }[]>`
    select distinct item_id as item from batch_row
    where batch_id = ${BigInt(batch)} and shop_id = ${shop} and state = 'ready'
      and item_id is not null
    order by item_id limit ${limit}`;
  return rows.map(({ item }) => item);
}

/** A row that could not be applied, or be taken back. */
export interface RefusedRow {
  line: number;
  problems: RowProblem[];
}

export async function refuseRows(
  db: Queryable,
  shop: string,
  batch: string,
  rows: readonly RefusedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    update batch_row b set state = 'refused', problems = r.problems
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(line int, problems jsonb)
    where b.batch_id = ${BigInt(batch)} and b.shop_id = ${shop} and b.line = r.line`;
}

/**
 * Keeps what was there before rows were applied, where no movement tells it. Once: a page that is
 * applied again after a crash would take its own effect for what was there before.
 */
export async function keepBefore(
  db: Queryable,
  shop: string,
  batch: string,
  rows: readonly { line: number; before: object | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  // Nothing is kept as a JSON null: a row without any was not applied.
  const text = JSON.stringify(rows);
  await db.$executeRaw`
    update batch_row b set before = coalesce(r.before, 'null'::jsonb)
    from jsonb_to_recordset(${text}::jsonb) as r(line int, before jsonb)
    where b.batch_id = ${BigInt(batch)} and b.shop_id = ${shop} and b.line = r.line
      and b.before is null`;
}

/** An applied row with what was there before it. */
export interface AppliedRow {
  line: number;
  item: string | null;
  change: unknown;
  before: unknown;
}

/** Rows of a batch that were applied and made no movement, in order, after a line. */
export async function appliedRows(
  db: Queryable,
  shop: string,
  batch: string,
  { after, limit }: { after: number; limit: number },
): Promise<AppliedRow[]> {
  return db.$queryRaw<AppliedRow[]>`
    select line, item_id as item, change, before from batch_row
    where batch_id = ${BigInt(batch)} and shop_id = ${shop} and line > ${after}
      and state = 'ready' and before is not null
    order by line limit ${limit}`;
}

export async function countAppliedRows(
  db: Queryable,
  shop: string,
  batch: string,
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from batch_row
    where batch_id = ${BigInt(batch)} and shop_id = ${shop} and state = 'ready'
      and before is not null`;
  return row?.count ?? 0;
}

export interface ListedRow {
  line: number;
  state: string;
  sku: string | null;
  change: Record<string, unknown> | null;
  problems: RowProblem[] | null;
}

/** Rows for people, in order, after a line: those with problems, or those that change something. */
export async function listRows(
  db: Queryable,
  shop: string,
  batch: string,
  { only, after, limit }: { only: "problems" | "changes"; after: number; limit: number },
): Promise<ListedRow[]> {
  const states =
    only === "problems" ? Prisma.sql`r.state in ('bad', 'refused')` : Prisma.sql`r.state = 'ready'`;
  return db.$queryRaw<ListedRow[]>`
    select r.line, r.state, i.sku, r.change, r.problems
    from batch_row r left join item i on i.id = r.item_id and i.shop_id = r.shop_id
    where r.batch_id = ${BigInt(batch)} and r.shop_id = ${shop} and ${states} and r.line > ${after}
    order by r.line limit ${limit}`;
}
