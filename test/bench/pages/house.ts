import { createLedger, type LedgerClient } from "../../../ledger/client.ts";
import { openDatabase } from "../../../prisma/client.ts";
import { ensureConnection } from "../../../prisma/connections.ts";
import { ensureItems } from "../../../prisma/items.ts";
import { ensureLocation } from "../../../prisma/locations.ts";
import { keyring } from "../../../prisma/sealed.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { KEYS, leave, openGround, startProcesses } from "../ground.ts";
import { seedCatalogue } from "./seed.ts";

/** The product's own processes on servers of their own, with one large shop. */
export interface House {
  url: string;
  shop: string;
  ledger: LedgerClient;
  /** Items that the ledger knows, by SKU; they are the first of every list by SKU. */
  live: Map<string, string>;
  stop(): Promise<void>;
}

const DOMAIN = "bench.example";
const LIVE = 40;

/** Starts everything and fills it. Whatever was started is stopped when a later step fails. */
export async function openHouse(items: number, say: (line: string) => void): Promise<House> {
  const ground = await openGround("bench-pages");
  try {
    say(`${items.toLocaleString("en-US")} items are seeded`);
    const filled = await fill(ground.databaseUrl, items);
    const ledger = createLedger({ url: ground.redisUrl });
    ground.stops.push(() => ledger.close());
    const { url } = await startProcesses(ground, DOMAIN, say);
    await receive(ledger, filled);
    return { ...filled, url, ledger, stop: () => leave(ground) };
  } catch (error) {
    await leave(ground);
    throw error;
  }
}

async function fill(databaseUrl: string, items: number) {
  const db = openDatabase(databaseUrl);
  const { id: shop } = await ensureShop(db, DOMAIN, "Bench");
  await ensureLocation(db, shop, { code: "MAIN", name: "Main warehouse" });
  const connections: string[] = [];
  for (const channel of ["shopify", "amazon"]) {
    const account = { channel, name: channel, account: channel, settings: {}, secrets: {} };
    connections.push((await ensureConnection(db, keyring(KEYS), shop, account)).id);
  }
  // Nobody is there to be called.
  await db.connection.updateMany({ where: { shopId: shop }, data: { disconnectedAt: new Date() } });
  await seedCatalogue(db, { shop, items, movements: 3 }, connections);
  const skus = Array.from({ length: LIVE }, (_, n) => `A-LIVE-${String(n).padStart(2, "0")}`);
  const made = await ensureItems(
    db,
    shop,
    skus.map((sku) => ({ sku, title: `Live item ${sku}` })),
  );
  await db.$disconnect();
  return { shop, live: new Map([...made].map(([sku, { id }]) => [sku, id])) };
}

async function receive(
  ledger: LedgerClient,
  { shop, live }: { shop: string; live: Map<string, string> },
): Promise<void> {
  for (const item of live.values()) {
    const command = { shop, item, activity: `seed/${item}`, location: "MAIN", quantity: 1_000 };
    for (;;) {
      const answer = await ledger.apply({ ...command, type: "receive" });
      if (answer.outcome === "applied") break;
      // The worker verifies the partitions when it starts.
      if (answer.outcome !== "unavailable") throw new Error(answer.outcome);
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
