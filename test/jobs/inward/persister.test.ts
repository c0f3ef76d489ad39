import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createPersister, type Persister } from "../../../jobs/persister.ts";
import { type Database, openDatabase } from "../../../prisma/client.ts";
import { readMarks } from "../../../prisma/marks.ts";
import { differencesFromLegs, readStock } from "../../../prisma/stock.ts";
import { Book } from "../../prisma/book.ts";
import { freshDatabase } from "../../support/servers.ts";
import { outageOf } from "./outage.ts";
import { silent } from "./world.ts";

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let book: Book;
let persister: Persister;

const running = new AbortController().signal;

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
  persister = createPersister({ db, log: silent, backOffMs: 5, maxBackOffMs: 20 });
});

describe("the persister", () => {
  test("D5: while PostgreSQL is away it waits, then goes on without loss or repetition", async () => {
    const outage = outageOf(server.url);
    await persister.persist([book.receive("tea", 10)], running);
    await outage.begin();
    const batches = [book.sell("tea", "1", 2), book.sell("tea", "2", 3)];
    const persisting = persister.persist(batches, running);
    await vi.waitUntil(() => persister.state().state === "retrying", { timeout: 20_000 });
    await outage.end();
    await persisting;
    expect(persister.state()).toEqual({ state: "recording" });
    expect(await readStock(db, book.shop, "tea")).toMatchObject({ committed: 5, version: 3 });
    expect(await db.movement.count()).toBe(3);
    expect(await differencesFromLegs(db, book.shop)).toEqual([]);
  });

  test("D6: a missing number stops its partition, is told, and ends when the number comes", async () => {
    const [first, second, third] = [1, 2, 3].map(() => book.receive("tea", 1));
    if (!first || !second || !third) throw new Error("three events were made");
    const persisting = persister.persist([first, third], running);
    await vi.waitUntil(() => persister.state().state === "gap", { timeout: 20_000 });
    expect(persister.state()).toMatchObject({ gaps: [{ partition: 3, expected: 2, found: 3 }] });
    expect(await readMarks(db)).toMatchObject([{ partition: 3, seq: 1 }]);
    await persister.persist([second], running);
    await persisting;
    expect(persister.state()).toEqual({ state: "recording" });
    expect(await readMarks(db)).toMatchObject([{ partition: 3, seq: 3 }]);
  });

  test("D6: told to stop, it leaves the batch to be delivered again", async () => {
    const stopping = new AbortController();
    book.receive("tea", 1);
    const persisting = persister.persist([book.receive("tea", 1)], stopping.signal);
    await vi.waitUntil(() => persister.state().state === "gap", { timeout: 20_000 });
    stopping.abort();
    await expect(persisting).rejects.toThrow("aborted");
    expect(persister.state()).toEqual({ state: "recording" });
    expect(await db.movement.count()).toBe(0);
  });

  test("D6: a crash between commit and acknowledgement repeats nothing", async () => {
    const batch = [book.receive("tea", 4), book.sell("tea", "1", 1)];
    await persister.persist(batch, running);
    const restarted = createPersister({ db, log: silent });
    await restarted.persist([...batch, book.sell("tea", "2", 1)], running);
    expect(await readStock(db, book.shop, "tea")).toMatchObject({ committed: 2, version: 3 });
    expect(await db.movement.count()).toBe(3);
    expect(await differencesFromLegs(db, book.shop)).toEqual([]);
  });
});
