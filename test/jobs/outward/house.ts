import { pino } from "pino";
import { createPacer } from "../../../connectors/pacer.ts";
import { consumeForChannel } from "../../../jobs/channel-consumer.ts";
import { filePoll } from "../../../jobs/handlers/file-poll.ts";
import { pushConnection } from "../../../jobs/handlers/push-connection.ts";
import {
  type ReadBackDeps,
  readbackConnection,
} from "../../../jobs/handlers/readback-connection.ts";
import { importConnection } from "../../../jobs/import-listings.ts";
import type { Ledger, StockEvent } from "../../../ledger/contract.ts";
import type { Entry } from "../../../ledger/entry.ts";
import { type Database, openDatabase } from "../../../prisma/client.ts";
import {
  type ConnectionRow,
  ensureConnection,
  noteOrdersRead,
} from "../../../prisma/connections.ts";
import { ensureItems } from "../../../prisma/items.ts";
import { keyring } from "../../../prisma/sealed.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { Book } from "../../prisma/book.ts";
import { freshDatabase } from "../../support/servers.ts";
import type { Marketplace } from "./marketplace.ts";

export const silent = pino({ level: "silent" });

export const ring = keyring(`k1:${Buffer.alloc(32, 7).toString("base64")}`);

/** Where a test's clock starts. */
export const START = Date.UTC(2026, 10, 24, 12);

/** A record, marketplaces that are connected to it, and a clock that only a test moves. */
export interface House {
  db: Database;
  close(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const database = await freshDatabase();
  const db = openDatabase(database.url);
  return {
    db,
    close: async () => {
      await db.$disconnect();
      await database.stop();
    },
  };
}

let shops = 0;

/** One merchant with items, on some marketplaces, whose stock a test moves by its book. */
export class Merchant {
  readonly db: Database;
  readonly shop: string;
  readonly items: Record<string, string>;
  readonly book: Book;
  readonly connections = new Map<string, ConnectionRow>();
  readonly marketplaces = new Map<string, Marketplace>();
  /** Jobs asked for: now (0) or in so many ms. */
  readonly asked: { name: string; connection: string; ms: number }[] = [];
  readonly told: { shop: string; items?: string[] }[] = [];
  readonly stop = new AbortController();
  now = START;
  /** Each push finds the orders read a moment ago, unless a test says that nobody did. */
  readsOrders = true;

  private constructor(db: Database, shop: string, items: Record<string, string>) {
    this.db = db;
    this.shop = shop;
    this.items = items;
    this.book = new Book(3, shop);
  }

  /** Everything on each marketplace is listed as `L-<SKU>` and shows `shows` until it is pushed. */
  static async open(
    db: Database,
    skus: readonly string[],
    marketplaces: readonly Marketplace[],
    shows = 0,
  ): Promise<Merchant> {
    shops += 1;
    const { id: shop } = await ensureShop(db, `shop-${shops}.example`, `Shop ${shops}`);
    const found = await ensureItems(
      db,
      shop,
      skus.map((sku) => ({ sku, title: sku, category: "clothes" })),
    );
    const items = Object.fromEntries([...found].map(([sku, item]) => [sku, item.id]));
    const merchant = new Merchant(db, shop, items);
    for (const marketplace of marketplaces) {
      for (const sku of skus) marketplace.numbers.set(`L-${sku}`, shows);
      await merchant.connect(marketplace);
    }
    return merchant;
  }

  async connect(marketplace: Marketplace): Promise<void> {
    const { channel } = marketplace;
    const connection = await ensureConnection(this.db, ring, this.shop, {
      ...{ channel, name: channel, account: `${channel}-${shops}`, settings: {}, secrets: {} },
    });
    this.connections.set(channel, connection);
    this.marketplaces.set(channel, marketplace);
    const deps = { db: this.db, session: marketplace.session(), now: () => this.now };
    await importConnection({ ...deps, pause: async () => {} }, this.shop, connection.id);
  }

  item(sku: string): string {
    return this.items[sku] ?? "no such item";
  }

  id(channel: string): string {
    return this.connections.get(channel)?.id ?? "no such connection";
  }

  readonly lane: ReadBackDeps = {
    db: undefined as unknown as Database,
    connectorOf: (channel) => this.marketplaces.get(channel)?.connector,
    session: async ({ channel }) => this.marketplaces.get(channel)?.session() ?? null,
    pacer: createPacer({ now: () => this.now }),
    failures: new Map(),
    later: (name, connection, ms) => void this.asked.push({ name, connection, ms }),
    live: { publish: (shop, change) => void this.told.push({ shop, ...change }) },
    metrics: { push: () => {} },
    now: () => this.now,
    log: silent,
    signal: this.stop.signal,
  };

  async consume(
    entries: Entry[],
    enqueue: (name: string, payload: object) => Promise<void> = async () => {},
    ledger: Pick<Ledger, "stock"> = { stock: () => Promise.reject(new Error("not asked")) },
  ): Promise<void> {
    const { db, book } = this;
    const { live, now } = this.lane;
    const { connectorOf } = this.lane;
    const world = { db, ledger, partitionOf: () => book.partition, connectorOf };
    const deps = { ...world, enqueue, live, now, log: silent };
    for (const channel of this.marketplaces.keys()) {
      await consumeForChannel(deps, channel, { partition: book.partition, entries });
    }
  }

  /** Tells every channel's consumer of the events, as one batch. */
  async hear(...events: StockEvent[]): Promise<void> {
    const enqueue = async (name: string, payload: object) => {
      this.asked.push({ name, connection: Object.values(payload)[0], ms: 0 });
    };
    const entries = events.map((event): Entry => {
      return { kind: "event", partition: event.partition, seq: event.seq, event };
    });
    await this.consume(entries, enqueue);
  }

  async push(channel: string): Promise<void> {
    if (this.readsOrders) await this.ordersRead(this.now);
    await pushConnection({ ...this.lane, db: this.db }, { connection: this.id(channel) });
  }

  /** The orders of every marketplace were read at `at` (ms); by default for all the test's time. */
  async ordersRead(at = Date.UTC(2100, 0, 1)): Promise<void> {
    for (const { id } of this.connections.values()) {
      await noteOrdersRead(this.db, this.shop, id, new Date(at));
    }
  }

  pollFiles(channel: string): Promise<void> {
    return filePoll({ ...this.lane, db: this.db }, { connection: this.id(channel) });
  }

  readBack(channel: string): Promise<void> {
    const deps = { ...this.lane, db: this.db, driftAfterMs: 600_000 };
    return readbackConnection(deps, { connection: this.id(channel) });
  }

  /** In how many ms each run of a job asked for the next one. */
  wishes(name: string): number[] {
    return this.asked.flatMap((wish) => (wish.name === name && wish.ms > 0 ? wish.ms : []));
  }

  listing(channel: string, sku: string) {
    return this.db.listing.findFirstOrThrow({
      where: { shopId: this.shop, connectionId: this.id(channel), externalId: `L-${sku}` },
    });
  }
}
