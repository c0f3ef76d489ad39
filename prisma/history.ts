import { Prisma, type Queryable } from "./client.ts";
import { itemSearch } from "./item-sets.ts";
import { type MovementRow, rowsWithLegs } from "./movements.ts";

/** A movement of any of a shop's items. */
export interface HistoryRow extends MovementRow {
  partition: number;
  item: string;
  sku: string;
  title: string;
}

/** Which movements of a shop. Row E8. */
export interface HistoryQuery {
  shop: string;
  /** An order, a reference, or a part of a SKU, title or barcode; "" for all. */
  search: string;
  type?: string | undefined;
  channel?: string | undefined;
  actor?: string | undefined;
  /** From this moment on, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
}

/** A place between two movements: the row beside it. */
export type HistoryCursor = readonly [at: string, partition: number, seq: number];

export interface HistoryPage {
  /** Newest first. */
  rows: HistoryRow[];
  /** Where older movements begin; null = there are none. */
  older: HistoryCursor | null;
}

/** A page of a shop's history, newest first, before the place that the cursor names. */
export async function historyPage(
  db: Queryable,
  query: HistoryQuery,
  { before, limit }: { before?: HistoryCursor | undefined; limit: number },
): Promise<HistoryPage> {
  const conditions = await matching(db, query);
  const found = await db.$queryRaw<Found[]>`
    select ${COLUMNS} from movement m join item i on i.id = m.item_id and i.shop_id = m.shop_id
    where ${conditions} and ${beyond(before)}
    order by m.at desc, m.partition desc, m.seq desc limit ${limit + 1}`;
  const page = found.slice(0, limit);
  const rows = await rowsWithLegs(db, query.shop, page);
  const last = page.at(-1);
  const older = found.length > limit && last ? cursorOf(last) : null;
  return { rows: rows.map((row, at) => ({ ...row, ...nameOf(page[at] as Found) })), older };
}

/** Who has moved stock of the shop, by name: people, programs and marketplaces. */
export async function historyActors(db: Queryable, shop: string): Promise<string[]> {
  // From one name to the next along the index: as many steps as there are names, not movements.
  const rows = await db.$queryRaw<{ actor: string }[]>`
    with recursive step as (
      (select actor from movement where shop_id = ${shop} and actor > '' order by actor limit 1)
      union all
      select (select m.actor from movement m where m.shop_id = ${shop} and m.actor > s.actor
        order by m.actor limit 1)
      from step s where s.actor is not null
    ) select actor from step where actor is not null limit 500`;
  return rows.map((row) => row.actor);
}

interface Found extends MovementFields {
  itemId: string;
  sku: string;
  title: string;
}
type MovementFields = Parameters<typeof rowsWithLegs>[2][number];

const COLUMNS = Prisma.sql`m.partition, m.seq, m.item_id as "itemId", m.type, m.at,
  m.occurred_at as "occurredAt", m.channel, m.order_id as "orderId", m.hold_id as "holdId",
  m.oversold, m.actor, m.reason, m.reference, m.batch_id as "batchId", i.sku, i.title`;

function nameOf({ partition, itemId: item, sku, title }: Found) {
  return { partition, item, sku, title };
}

function cursorOf({ at, partition, seq }: Found): HistoryCursor {
  return [at.toISOString(), partition, Number(seq)];
}

function beyond(before: HistoryCursor | undefined): Prisma.Sql {
  if (!before) return Prisma.sql`true`;
  const [at, partition, seq] = before;
  return Prisma.sql`(m.at, m.partition, m.seq) < (${new Date(at)}, ${partition}, ${seq}::bigint)`;
}

async function matching(db: Queryable, query: HistoryQuery): Promise<Prisma.Sql> {
  const { shop, search, type, channel, actor, from, to } = query;
  const conditions = [Prisma.sql`m.shop_id = ${shop}`];
  if (type !== undefined) conditions.push(Prisma.sql`m.type = ${type}`);
  if (channel !== undefined) conditions.push(Prisma.sql`m.channel = ${channel}`);
  if (actor !== undefined) conditions.push(Prisma.sql`m.actor = ${actor}`);
  if (from !== undefined) conditions.push(Prisma.sql`m.at >= ${from}`);
  if (to !== undefined) conditions.push(Prisma.sql`m.at < ${to}`);
  if (search !== "") conditions.push(await searched(db, shop, search));
  return Prisma.join(conditions, " and ");
}

/** Items that a search finds are named to the index of movements; more than that are "many". */
const NAMED = 500;

async function searched(db: Queryable, shop: string, search: string): Promise<Prisma.Sql> {
  const items = Prisma.sql`
    select i.id from item i where i.shop_id = ${shop} and ${itemSearch(search)}`;
  const found = await db.$queryRaw<{ id: string }[]>`${items} limit ${NAMED + 1}`;
  const told = Prisma.sql`m.order_id = ${search} or m.reference = ${search}`;
  if (found.length === 0) return Prisma.sql`(${told})`;
  if (found.length > NAMED) return Prisma.sql`(${told} or m.item_id in (${items}))`;
  const ids = found.map((row) => row.id);
  return Prisma.sql`(${told} or m.item_id = any(${ids}::text[]))`;
}
