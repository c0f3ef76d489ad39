import type { Database } from "../../../prisma/client.ts";

/** A shop as large as the Items page must stay quick for. */
export interface Catalogue {
  shop: string;
  /** How many items, and how many movements of each. */
  items: number;
  movements: number;
}

/** A partition that no ledger has: what is seeded is read by pages, and is not the ledger's. */
const BESIDE = 1_000;

/** Words that titles are made of: some in a third of all titles, some in a thousandth. */
const WORDS = {
  kind: [
    "Jacket",
    "Shirt",
    "Lamp",
    "Mug",
    "Backpack",
    "Notebook",
    "Sock",
    "Kettle",
    "Tent",
    "Rope",
  ],
  stuff: ["cotton", "wool", "linen", "steel", "ceramic", "recycled", "waxed", "felt", "oak"],
  colour: [
    "black",
    "navy",
    "olive",
    "sand",
    "rust",
    "ivory",
    "teal",
    "plum",
    "slate",
    "amber",
    "mint",
  ],
};

/**
 * Fills an empty record with items, balances, movements and listings on two channels, by a handful
 * of statements. A hundredth is listed nowhere, a fiftieth is sold out, a few are oversold.
 */
export async function seedCatalogue(
  db: Database,
  { shop, items, movements }: Catalogue,
  connections: readonly string[],
): Promise<void> {
  await db.$executeRaw`
    insert into item (id, shop_id, sku, title, category, barcode)
    select 'item' || lpad(n::text, 8, '0'), ${shop},
      upper(left((${WORDS.kind}::text[])[1 + n % 10], 3)) || '-' || lpad((n * 7919 % 1000000)::text, 6, '0')
        || '-' || n,
      (${WORDS.kind}::text[])[1 + n % 10] || ' ' || (${WORDS.stuff}::text[])[1 + abs(hashtext('w' || n)) % 9] || ' '
        || (${WORDS.colour}::text[])[1 + abs(hashtext('k' || n)) % 11] || ' No. ' || n,
      'Category ' || lpad((abs(hashtext('g' || n)) % 40)::text, 2, '0'), (4000000000000 + n::bigint * 17)::text
    from generate_series(1, ${items}) n`;
  await db.$executeRaw`
    insert into balance (shop_id, item_id, bucket, location, quantity, seq, partition)
    select ${shop}, 'item' || lpad(n::text, 8, '0'), b.bucket, b.location, b.quantity,
      n::bigint * ${movements}, ${BESIDE}
    from generate_series(1, ${items}) n cross join lateral (values
      ('sellable', 'MAIN', case when n % 50 = 0 then 0 else abs(hashtext('m' || n)) % 400 end),
      ('sellable', 'STORE', case when n % 50 = 0 then 0 else abs(hashtext('s' || n)) % 40 end),
      ('committed', '', case when n % 1000 = 0 then 3 else abs(hashtext('c' || n)) % 7 end),
      ('held', '', 0)
    ) b(bucket, location, quantity)`;
  await seedMovements(db, shop, items, movements);
  await db.$executeRaw`
    update item_stock s set on_hand = b.on_hand, available = b.on_hand - b.committed,
      moved_at = now() - (substr(s.item_id, 5)::int % 90000) * interval '1 minute', seq = b.seq
    from (select item_id, max(seq) as seq,
        sum(quantity) filter (where bucket = 'sellable') as on_hand,
        sum(quantity) filter (where bucket = 'committed') as committed
      from balance where shop_id = ${shop} group by item_id) b
    where s.shop_id = ${shop} and s.item_id = b.item_id`;
  for (const [at, connection] of connections.entries()) {
    await db.$executeRaw`
      insert into listing (id, shop_id, connection_id, item_id, external_id, sku, title,
        planned, planned_seq, planned_at, accepted, accepted_seq, accepted_at, shown, shown_at)
      select ${`listing-${at}-`} || n, ${shop}, ${connection}, i.id, 'L' || n, i.sku, i.title,
        greatest(0, s.available), s.seq, now(), greatest(0, s.available), s.seq, now(),
        greatest(0, s.available), now()
      from generate_series(1, ${items}) n
      join item i on i.id = 'item' || lpad(n::text, 8, '0')
      join item_stock s on s.shop_id = i.shop_id and s.item_id = i.id
      where n % 100 <> 0 and (${at} = 0 or n % 3 <> 0)`;
  }
  await db.$executeRaw`
    insert into drift (shop_id, connection_id, listing_id, expected, found, cause, found_at)
    select ${shop}, connection_id, id, accepted, accepted + 1, 'manual-edit', now()
    from listing where shop_id = ${shop} and substr(external_id, 2)::int % 997 = 0`;
  // As PostgreSQL does by itself within a minute of such an import.
  await db.$executeRawUnsafe("vacuum (analyze)");
}

async function seedMovements(
  db: Database,
  shop: string,
  items: number,
  movements: number,
): Promise<void> {
  await db.$executeRaw`
    insert into movement (partition, seq, shop_id, item_id, activity, type, at, channel, order_id,
      actor, reason)
    select ${BESIDE}, (n::bigint - 1) * ${movements} + m, ${shop}, 'item' || lpad(n::text, 8, '0'),
      'seed/' || n || '/' || m, case when m = 1 then 'receive' else 'sell' end,
      now() - (n % 90000) * interval '1 minute' - (${movements} - m) * interval '1 hour',
      case when m > 1 then 'shopify' end, case when m > 1 then 'order-' || n || '-' || m end,
      case when m = 1 then 'person:seed' else 'shopify' end, case when m = 1 then 'delivery' end
    from generate_series(1, ${items}) n cross join generate_series(1, ${movements}) m`;
  await db.$executeRaw`
    insert into movement_leg (partition, seq, leg, shop_id, item_id, bucket, location, quantity)
    select v.partition, v.seq, l.leg, v.shop_id, v.item_id, l.bucket, l.location, l.quantity
    from movement v cross join lateral (
      select 0, 'sellable', 'MAIN', 1 where v.type = 'receive' union all
      select 1, 'outside', '', -1 where v.type = 'receive' union all
      select 0, 'committed', '', 1 where v.type = 'sell' union all
      select 1, 'unclaimed', '', -1 where v.type = 'sell'
    ) l(leg, bucket, location, quantity)
    where v.shop_id = ${shop}`;
}
