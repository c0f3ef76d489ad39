import { Prisma, type Queryable } from "./client.ts";

/*
 * What going live would do. Every listing is planned whether its connection is live or not, so a dry
 * run is no simulation: it compares what the marketplace shows with the plan that would be pushed.
 */

/** A listing that would show another number. */
export interface DryRunChange {
  id: string;
  connection: string;
  channel: string;
  sku: string;
  title: string;
  /** What it shows at its marketplace; null = the marketplace does not say. */
  before: number | null;
  after: number;
  /** Somebody has said how many units there are of what it sells. */
  counted: boolean;
}

/** A connection's dry run in numbers. */
export interface DryRunTotals {
  connection: string;
  /** Listings that will be pushed. */
  pushed: number;
  /** Of those: show something now. */
  showing: number;
  changed: number;
  /** Of those: will show 0, and show something now. */
  zeroed: number;
  lower: number;
  higher: number;
  /** Will be pushed, and have no plan yet. */
  unplanned: number;
  /** Sums over what will be pushed. */
  unitsBefore: number;
  unitsAfter: number;
}

export const DRY_RUN_FILTERS = ["all", "zeroed", "lower", "higher"] as const;
export type DryRunFilter = (typeof DRY_RUN_FILTERS)[number];

const PUSHED = Prisma.sql`(l.pushed and l.gone_at is null and (l.item_id is not null or l.kit))`;
const BEFORE = Prisma.sql`coalesce(l.shown, 0)`;
const CHANGED = Prisma.sql`(${PUSHED} and l.planned is distinct from l.shown)`;
const ZEROED = Prisma.sql`(${BEFORE} > 0 and l.planned = 0)`;

const FILTERS: Record<DryRunFilter, Prisma.Sql> = {
  all: Prisma.sql`true`,
  zeroed: ZEROED,
  lower: Prisma.sql`(l.planned < ${BEFORE} and not ${ZEROED})`,
  higher: Prisma.sql`l.planned > ${BEFORE}`,
};

/** The totals of these connections; one without listings is absent. */
export async function dryRunTotals(
  db: Queryable,
  shop: string,
  connections: readonly string[],
): Promise<DryRunTotals[]> {
  return db.$queryRaw<DryRunTotals[]>`
    select l.connection_id as connection,
      (count(*) filter (where ${PUSHED}))::int as pushed,
      (count(*) filter (where ${PUSHED} and ${BEFORE} > 0))::int as showing,
      (count(*) filter (where ${CHANGED} and l.planned is not null))::int as changed,
      (count(*) filter (where ${CHANGED} and ${FILTERS.zeroed}))::int as zeroed,
      (count(*) filter (where ${CHANGED} and ${FILTERS.lower}))::int as lower,
      (count(*) filter (where ${CHANGED} and ${FILTERS.higher}))::int as higher,
      (count(*) filter (where ${PUSHED} and l.planned is null))::int as unplanned,
      coalesce(sum(${BEFORE}) filter (where ${PUSHED}), 0)::float8 as "unitsBefore",
      coalesce(sum(l.planned) filter (where ${PUSHED}), 0)::float8 as "unitsAfter"
    from listing l
    where l.shop_id = ${shop} and l.connection_id = any(${[...connections]}::text[])
    group by l.connection_id order by l.connection_id`;
}

export interface DryRunQuery {
  shop: string;
  connections: readonly string[];
  filter: DryRunFilter;
  /** "urgent": what will show 0 first, then what changes most. "id": for whoever reads it all. */
  order: "urgent" | "id";
  /** In the order of ids: only what comes after this one. */
  after?: string | undefined;
  offset?: number;
  limit: number;
}

/** Listings that would change. */
export async function dryRunChanges(
  db: Queryable,
  { shop, connections, filter, order, after = "", offset = 0, limit }: DryRunQuery,
): Promise<DryRunChange[]> {
  const urgent = Prisma.sql`${ZEROED} desc, abs(l.planned - ${BEFORE}) desc, l.sku, l.id`;
  return db.$queryRaw<DryRunChange[]>`
    select l.id, l.connection_id as connection, c.channel, l.sku, l.title, l.shown as before,
      l.planned as after, ${COUNTED} as counted
    from listing l join connection c on c.id = l.connection_id and c.shop_id = l.shop_id
    where l.shop_id = ${shop} and l.connection_id = any(${[...connections]}::text[])
      and ${CHANGED} and l.planned is not null and ${FILTERS[filter]}
      ${order === "id" ? Prisma.sql`and l.id > ${after}` : Prisma.empty}
    order by ${order === "id" ? Prisma.sql`l.id` : urgent}
    limit ${limit} offset ${offset}`;
}

const placed = (item: Prisma.Sql) => Prisma.sql`exists (
  select from balance b
  where b.shop_id = l.shop_id and b.item_id = ${item} and b.location <> '')`;

/** Somebody has said of every part of what it sells how many there are. */
const COUNTED = Prisma.sql`(
  (l.item_id is null or ${placed(Prisma.sql`l.item_id`)})
  and not exists (
    select from listing_component k
    where k.listing_id = l.id and not ${placed(Prisma.sql`k.item_id`)}))`;
