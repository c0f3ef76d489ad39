import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Entry } from "../../ledger/entry.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { fence, readMarks } from "../../prisma/marks.ts";
import { recordEntries } from "../../prisma/record.ts";
import { freshDatabase } from "../support/servers.ts";
import { Book, entryOf, recordEvents } from "./book.ts";

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

/** The record has the movements 1 and 2 of partition 3. */
beforeEach(async () => {
  await db.$executeRaw`truncate movement, movement_leg, balance, order_line, partition_mark`;
  const book = new Book();
  await recordEvents(db, [book.receive("tea", 5), book.receive("tea", 5)]);
});

const MARGIN = 10;
/** Movements of another history than the one the record has. */
const event = (seq: number, item = "cup"): Entry => {
  const told = new Book().receive(item, 1);
  const stock = { ...told.stock, version: seq };
  return entryOf({ ...told, seq, activity: `${item}-${seq}`, stock });
};
const jump = (seq: number, from: number): Entry => ({ kind: "jump", partition: 3, seq, from });
const mark = async () => (await readMarks(db))[0]?.seq;

describe("fence", () => {
  test("D5: what Redis forgot is dropped, however late it comes, and what follows is taken", async () => {
    expect(await fence(db, 3, -1, MARGIN)).toEqual({ lastSeq: 2, from: 2, to: 12 });
    const straggler = await recordEntries(db, [event(3), event(4)]);
    expect(straggler).toMatchObject({ recorded: 0, forgotten: 2, gaps: [] });
    const after = await recordEntries(db, [jump(12, 2), event(13)]);
    expect(after).toMatchObject({ recorded: 1, forgotten: 0, gaps: [] });
    expect(await mark()).toBe(13);
    expect(await recordEntries(db, [event(3)])).toMatchObject({ recorded: 0, repeated: 1 });
  });

  test("D5: what Redis still has is recorded before the jump", async () => {
    expect(await fence(db, 3, 4, MARGIN)).toEqual({ lastSeq: 2, from: 4, to: 14 });
    const result = await recordEntries(db, [event(3), event(4), event(5), jump(14, 4), event(15)]);
    expect(result).toMatchObject({ recorded: 3, forgotten: 1, gaps: [] });
    expect(await mark()).toBe(15);
  });

  test("D5: a record that is ahead of Redis goes on from its own number", async () => {
    expect(await fence(db, 3, 1, MARGIN)).toEqual({ lastSeq: 2, from: 2, to: 12 });
  });

  test("D5: lost again before anything was recorded, numbers are not given a second time", async () => {
    await fence(db, 3, -1, MARGIN);
    // Redis served from 12, numbered 13, told the persister, and was lost before the commit.
    const inFlight = [jump(12, 2), event(13)];
    expect(await fence(db, 3, -1, MARGIN)).toEqual({ lastSeq: 2, from: 2, to: 22 });
    expect(await recordEntries(db, inFlight)).toMatchObject({ recorded: 0, forgotten: 2 });
    expect(await mark()).toBe(2);
  });

  test("D5: asked again while Redis serves from the fence, the answer is the same", async () => {
    const first = await fence(db, 3, -1, MARGIN);
    expect(await fence(db, 3, 12, MARGIN)).toEqual(first);
    await recordEntries(db, [jump(12, 2), event(13)]);
    expect(await fence(db, 3, 13, MARGIN)).toEqual({ lastSeq: 13, from: 13, to: 23 });
  });

  test("D5: a fence waits for a batch that is being recorded", async () => {
    const batch = Array.from({ length: 50 }, (_, i) => event(i + 3, `item-${i}`));
    const [recorded, fenced] = await Promise.all([
      recordEntries(db, batch),
      fence(db, 3, -1, MARGIN),
    ]);
    // Whoever came first: either all of the batch is in, or none of it will ever be.
    // (Numbers beyond the fence do not follow on the record: they are a gap, and come again.)
    expect([fenced.lastSeq, recorded.recorded]).toEqual(fenced.lastSeq === 52 ? [52, 50] : [2, 0]);
    expect(await mark()).toBe(2 + recorded.recorded);
  });
});
