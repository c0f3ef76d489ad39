import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { endAccess, eraseShop } from "../../prisma/leaving.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { RING } from "../app/world.ts";
import { freshDatabase } from "../support/servers.ts";

/** Tables that have no row of a shop after it was redacted. */
const EMPTIED = [
  ...["api_token", "batch_chunk", "consent_request", "login_tries", "notification"],
  ...["notify_target", "password_link", "person", "sign_in", "webhook_delivery"],
  "webhook_endpoint",
];

/** What stays: numbers about goods, and the words that name goods. `erased` columns do not. */
const KEPT: Record<string, { kept: string; erased?: string }> = {
  balance: { kept: "item_id bucket location" },
  // People are ids there, which name nobody once the people are gone.
  batch: {
    kept: "kind title actor state radius confirmed counts cursor error",
    erased: "options",
  },
  batch_row: { kept: "state key item_id change before", erased: "problems" },
  buffer_rule: { kept: "id channel category item_id kind" },
  call_pace: { kept: "connection_id call" },
  // By its account a merchant who comes back is led to what he had.
  connection: {
    kept: "id channel name account settings shut_out drift_policy",
    erased: "secrets trouble orders_place places",
  },
  connection_task: { kept: "connection_id kind state cursor counts error" },
  dead_letter: { kept: "kind subject error state closed_why closed_by" },
  drift: { kept: "connection_id listing_id cause detail state" },
  hold: { kept: "id item_id channel state actor" },
  hold_settings: { kept: "" },
  // Connectors drop names and addresses before the inbox.
  inbox_message: { kept: "connection_id external_id topic payload state error heard_by" },
  item: { kept: "id sku title category barcode" },
  item_stock: { kept: "item_id" },
  // Views that everybody of the shop has; a person's own go with the person.
  item_view: { kept: "id person_id name search" },
  listing: {
    kept: "id connection_id item_id external_id sku title handle reasons trouble barcode matched_by unpushable push_group stock_id",
  },
  listing_component: { kept: "listing_id item_id stock" },
  listing_plan: { kept: "listing_id reasons" },
  location: { kept: "id code name serves" },
  movement: {
    kept: "item_id activity type channel connection_id order_id hold_id actor reason reference",
  },
  movement_leg: { kept: "item_id bucket location" },
  order_line: { kept: "connection_id order_id item_id channel" },
  push: { kept: "listing_id outcome detail" },
  push_file: { kept: "connection_id external_id state lines error" },
  return_notice: { kept: "connection_id return_id listing sku item_id order_id stage" },
  revision: { kept: "connection_id push_group" },
  sales_line: { kept: "order_id item_id currency kind country" },
  surprise: { kept: "connection_id listing_id" },
  snapshot: { kept: "id digest reason", erased: "body" },
};

/** Of nobody's shop, but for the shop itself. */
const SHOPLESS = ["_prisma_migrations", "partition_mark", "shop"];

const PRIVATE = "ada lovelace <ada@example.com>";

interface Column {
  table: string;
  name: string;
  type: string;
  needed: boolean;
  defaulted: boolean;
}

let server: Awaited<ReturnType<typeof freshDatabase>>;
let sql: pg.Client;
let db: Database;
let columns: Column[];

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
  sql = new pg.Client({ connectionString: server.url });
  await sql.connect();
  const found = await sql.query(`
    select table_name as table, column_name as name, udt_name as type,
      is_nullable = 'NO' and column_default is null as needed,
      column_default is not null as defaulted
    from information_schema.columns
    where table_schema = 'public' and is_generated = 'NEVER'
    order by table_name, ordinal_position`);
  columns = found.rows;
});

afterAll(async () => {
  await sql.end();
  await db.$disconnect();
  await server.stop();
});

const tables = () => [...new Set(columns.map((column) => column.table))];
const owned = () => tables().filter((table) => !SHOPLESS.includes(table));
const columnsOf = (table: string) => columns.filter((column) => column.table === table);
const isText = ({ type }: Column) => ["text", "_text", "jsonb"].includes(type);
const words = (text = "") => text.split(" ").filter(Boolean);

test("G: of every table that a shop has rows in, each column of words is decided upon", () => {
  for (const table of tables()) {
    const belongs = columnsOf(table).some(({ name }) => name === "shop_id");
    expect(belongs, `${table} has a shop, or is named above`).toBe(!SHOPLESS.includes(table));
    if (!belongs || EMPTIED.includes(table)) continue;
    const { kept, erased } = KEPT[table] ?? { kept: `decide upon the table ${table}` };
    const stored = columnsOf(table).filter((column) => isText(column) && column.name !== "shop_id");
    const decided = [...words(kept), ...words(erased)].sort();
    expect(decided, table).toEqual(stored.map(({ name }) => name).sort());
  }
});

/** A value of the column's type: a private one where it is to be erased. */
function sample({ table, name, type }: Column, shop: string): unknown {
  if (name === "shop_id") return shop;
  const secret = EMPTIED.includes(table) || words(KEPT[table]?.erased).includes(name);
  const word = secret ? PRIVATE : `${table} ${name}`;
  switch (type) {
    case "text":
      return name === "person_id" && table === "item_view" ? "p1" : `${word} ${shop}`;
    case "_text":
      return [word];
    case "jsonb":
      return JSON.stringify(name === "options" ? { rows: 1, sample: [[word]] } : [word]);
    case "timestamptz":
    case "date":
      return new Date();
    case "bool":
      return false;
    default:
      return shopNumber(shop);
  }
}

/** Numbers are keys in places: each shop has its own. */
const shopNumber = (shop: string) => Number.parseInt(shop.slice(-6), 36) % 1_000_000;

/** A row of the shop in every table. Nothing refers to anything: only what is written matters. */
async function fill(shop: string): Promise<void> {
  await sql.query("set session_replication_role = replica");
  for (const table of owned()) {
    const own = columnsOf(table).filter((column) => {
      const { needed, defaulted, name } = column;
      return (
        needed || (isText(column) && (!defaulted || words(KEPT[table]?.erased).includes(name)))
      );
    });
    const names = own.map(({ name }) => `"${name}"`).join(", ");
    const places = own.map((_, at) => `$${at + 1}`).join(", ");
    await sql.query(
      `insert into "${table}" (${names}) values (${places})`,
      own.map((column) => sample(column, shop)),
    );
  }
  await sql.query("set session_replication_role = origin");
}

async function rowsOf(shop: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const table of owned()) {
    const { rows } = await sql.query(
      `select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as text from "${table}" t where shop_id = $1`,
      [shop],
    );
    texts.set(table, rows[0].text);
  }
  return texts;
}

describe("G: shop/redact", () => {
  let [shop, other] = ["", ""];
  let before: Map<string, string>;

  beforeAll(async () => {
    const made = [
      ensureShop(db, "north.example", PRIVATE),
      ensureShop(db, "south.example", PRIVATE),
    ];
    [shop = "", other = ""] = (await Promise.all(made)).map(({ id }) => id);
    await fill(shop);
    await fill(other);
    before = await rowsOf(other);
    for (const table of owned()) expect((await rowsOf(shop)).get(table), table).not.toBe("[]");
    await eraseShop(db, RING, shop, new Date());
  });

  test("leaves no row of the shop with personal data or a secret", async () => {
    const left = await rowsOf(shop);
    for (const [table, text] of left) {
      expect(text, table).not.toContain("ada@");
      if (EMPTIED.includes(table)) expect(text, table).toBe("[]");
    }
    const named = await db.shop.findUnique({ where: { id: shop }, select: { name: true } });
    expect(named?.name).toBe("north");
  });

  test("keeps numbers about goods", async () => {
    const left = await rowsOf(shop);
    for (const table of ["movement", "movement_leg", "balance", "item", "listing", "order_line"]) {
      expect(left.get(table), table).not.toBe("[]");
    }
  });

  test("touches no other shop", async () => {
    expect(await rowsOf(other)).toEqual(before);
  });

  test("uninstalling ends what acts for a shop, and keeps the rest, however often it is told", async () => {
    expect(await endAccess(db, RING, other, new Date())).toEqual({
      ...{ connections: 1, tokens: 1, endpoints: 1 },
    });
    const left = await rowsOf(other);
    for (const gone of ["sign_in", "password_link", "notify_target", "consent_request"]) {
      expect(left.get(gone), gone).toBe("[]");
    }
    for (const kept of ["person", "movement", "item", "batch", "webhook_endpoint", "api_token"]) {
      expect(left.get(kept), kept).not.toBe("[]");
    }
    const again = await endAccess(db, RING, other, new Date());
    expect(again).toEqual({ connections: 0, tokens: 0, endpoints: 0 });
    expect(await db.webhookDelivery.count({ where: { shopId: other, state: "waiting" } })).toBe(0);
  });
});
