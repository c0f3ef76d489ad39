import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  confirmUpToDate,
  type Persister,
  type PersisterState,
  startPersister,
} from "../../../jobs/persister.ts";
import type { LedgerHealth, StockEvent } from "../../../ledger/contract.ts";
import type { Entry } from "../../../ledger/entry.ts";
import type { Batch, EventReader } from "../../../ledger/events.ts";
import { type Database, openDatabase } from "../../../prisma/client.ts";
import { databaseTime, readMarks } from "../../../prisma/marks.ts";
import { differencesFromLegs, readStock } from "../../../prisma/stock.ts";
import { Book, entryOf } from "../../prisma/book.ts";
import { freshDatabase } from "../../support/servers.ts";
import { outageOf } from "./outage.ts";
import { silent } from "./world.ts";

/** A stream of one partition: entries come again from the first unacknowledged one on `retry`. */
class Stream implements EventReader {
  readonly #entries: Entry[] = [];
  #next = 0;
  acknowledged = 0;
  closed = false;
  /** Acknowledging fails so many times, as when Redis goes away after the commit. */
  deafFor = 0;

  add(...events: StockEvent[]): void {
    this.#entries.push(...events.map(entryOf));
  }

  async read(waitMs: number): Promise<Batch[]> {
    const entries = this.#entries.slice(this.#next);
    if (entries.length === 0) {
      await new Promise((done) => setTimeout(done, waitMs));
      return [];
    }
    this.#next = this.#entries.length;
    return [{ partition: 3, entries }];
  }

  async acknowledge({ entries }: Batch): Promise<void> {
    if (this.deafFor > 0) {
      this.deafFor -= 1;
      throw new Error("Redis is away");
    }
    this.acknowledged += entries.length;
  }

  retry(): void {
    this.#next = this.acknowledged;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let book: Book;
let stream: Stream;
let persister: Persister;

const away: LedgerHealth = { connected: false, epoch: undefined, partitions: [] };
const quick = { waitMs: 5, backOffMs: 5, maxBackOffMs: 20 };

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

beforeEach(async () => {
  await db.$executeRaw`truncate movement, movement_leg, balance, order_line, partition_mark`;
  book = new Book();
  stream = new Stream();
  persister = start();
});

afterEach(() => persister.stop());

function start(): Persister {
  const ledger = { health: async () => away };
  return startPersister({ db, reader: stream, ledger, log: silent }, quick);
}

const acknowledged = (count: number) =>
  vi.waitUntil(() => stream.acknowledged === count, { timeout: 20_000 });
const inState = (state: PersisterState["state"]) =>
  vi.waitUntil(() => persister.state().state === state, { timeout: 20_000 });

describe("the persister", () => {
  test("D5: while PostgreSQL is away it waits, then goes on without loss or repetition", async () => {
    const outage = outageOf(server.url);
    stream.add(book.receive("tea", 10));
    await acknowledged(1);
    await outage.begin();
    stream.add(book.sell("tea", "1", 2), book.sell("tea", "2", 3));
    await inState("retrying");
    expect(stream.acknowledged).toBe(1);
    await outage.end();
    await acknowledged(3);
    await inState("recording");
    expect(await readStock(db, book.shop, "tea")).toMatchObject({ committed: 5, version: 3 });
    expect(await db.movement.count()).toBe(3);
    expect(await differencesFromLegs(db, book.shop)).toEqual([]);
  });

  test("D6: a missing number stops its partition and is told, until it comes", async () => {
    const [first, second, third] = [1, 2, 3].map(() => book.receive("tea", 1));
    if (!first || !second || !third) throw new Error("three events were made");
    stream.add(first, third);
    await inState("gap");
    const gaps = [{ partition: 3, expected: 2, found: 3 }];
    expect(persister.state()).toEqual({ state: "gap", gaps });
    expect(await readMarks(db)).toMatchObject([{ partition: 3, seq: 1 }]);
    expect(stream.acknowledged).toBe(0);
    stream.add(second); // a batch is put in order, so it may come last
    await acknowledged(3);
    await inState("recording");
    expect(await readMarks(db)).toMatchObject([{ partition: 3, seq: 3 }]);
  });

  test("D6: a crash between commit and acknowledgement repeats nothing", async () => {
    stream.deafFor = 3;
    stream.add(book.receive("tea", 4), book.sell("tea", "1", 1));
    await acknowledged(2);
    expect(await readStock(db, book.shop, "tea")).toMatchObject({ committed: 1, version: 2 });
    expect(await db.movement.count()).toBe(2);
    expect(await differencesFromLegs(db, book.shop)).toEqual([]);
  });

  test("D6: told to stop, it leaves what it could not record to its successor", async () => {
    const missing = book.receive("tea", 1);
    stream.add(book.receive("tea", 1));
    await inState("gap");
    await persister.stop();
    expect(stream.closed).toBe(true);
    expect(await db.movement.count()).toBe(0);
    stream.add(missing);
    stream.retry();
    persister = start();
    await acknowledged(2);
    expect(await db.movement.count()).toBe(2);
  });

  test("D5: only a verified partition without a backlog is confirmed to be up to date", async () => {
    stream.add(book.receive("tea", 1));
    await acknowledged(1);
    const recorded = (await readMarks(db))[0]?.at;
    const confirm = (seq: number, verified: boolean) => {
      const partitions = [{ partition: 3, seq, verified }];
      return confirmUpToDate({ db, ledger: { health: async () => ({ ...away, partitions }) } });
    };
    await confirm(2, true);
    await confirm(1, false);
    expect((await readMarks(db))[0]?.at).toEqual(recorded);
    const before = await databaseTime(db);
    await confirm(1, true);
    const [mark] = await readMarks(db);
    expect(mark?.at.getTime()).toBeGreaterThanOrEqual(before.getTime());
  });
});
