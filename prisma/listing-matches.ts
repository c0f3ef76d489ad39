import { Prisma, type Queryable } from "./client.ts";

/** A listing and what its sale takes, for files that say so. */
export interface ListingMatch {
  id: string;
  connection: string;
  channel: string;
  account: string;
  externalId: string;
  sku: string;
  title: string;
  planned: number | null;
  parts: { sku: string; units: number }[];
}

export interface ListingName {
  channel: string;
  account: string;
  externalId: string;
}

const COLUMNS = Prisma.sql`l.id, l.connection_id as connection, c.channel, c.account,
  l.external_id as "externalId", l.sku, l.title, l.planned, coalesce(parts.list, '[]') as parts`;

const PARTS = Prisma.sql`left join lateral (
    select jsonb_agg(jsonb_build_object('sku', i.sku, 'units', p.units) order by i.sku) as list
    from (
      select l.item_id as item, l.units_per_sale as units where l.item_id is not null
      union all
      select k.item_id, k.units from listing_component k where k.listing_id = l.id
    ) p join item i on i.id = p.item and i.shop_id = l.shop_id
  ) parts on true`;

/** The listings that carry one of these ids on their channel, whichever account they are of. */
export async function namedListings(
  db: Queryable,
  shop: string,
  names: readonly Pick<ListingName, "channel" | "externalId">[],
): Promise<ListingMatch[]> {
  return db.$queryRaw<ListingMatch[]>`
    select ${COLUMNS} from listing l
    join connection c on c.id = l.connection_id and c.shop_id = l.shop_id ${PARTS}
    where l.shop_id = ${shop} and (c.channel, l.external_id) in (
      select channel, "externalId" from jsonb_to_recordset(${JSON.stringify(names)}::jsonb)
        as n(channel text, "externalId" text))`;
}

/** Listings in the order of their ids, after one of them. */
export async function listMatches(
  db: Queryable,
  shop: string,
  { after, limit }: { after: string; limit: number },
): Promise<ListingMatch[]> {
  return db.$queryRaw<ListingMatch[]>`
    select ${COLUMNS} from listing l
    join connection c on c.id = l.connection_id and c.shop_id = l.shop_id ${PARTS}
    where l.shop_id = ${shop} and l.gone_at is null and l.id > ${after}
    order by l.id limit ${limit}`;
}
