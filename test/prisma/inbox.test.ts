import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../prisma/client.ts";
import {
  leaseDue,
  loadMessage,
  type MessageRow,
  markApplied,
  postpone,
  reopenAppliedSince,
  reviveMessage,
  spendTry,
  storeMessage,
  storeMessages,
} from "../../prisma/inbox.ts";
import { freshDatabase } from "../support/servers.ts";

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

beforeEach(async () => {
  await db.$executeRaw`truncate inbox_message, dead_letter`;
});

const message = (externalId: string, payload: unknown = { lines: [1] }) => {
  return { externalId, topic: "orders/create", payload };
};

const now = () => new Date();

async function storedMessage(externalId = "m-1"): Promise<MessageRow> {
  const { id } = await storeMessage(db, "shop-a", "c-1", message(externalId));
  const row = await loadMessage(db, id);
  if (!row) throw new Error("stored and gone");
  return row;
}

describe("the inbox", () => {
  test("D8: the same message delivered many times at once is stored once", async () => {
    const deliveries = Array.from({ length: 20 }, () =>
      storeMessage(db, "shop-a", "c-1", message("m-1")),
    );
    const answers = await Promise.all(deliveries);
    expect(answers.filter((answer) => answer.outcome === "stored")).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(await db.inboxMessage.count()).toBe(1);
  });

  test("D8: another connection's message of the same name is another message", async () => {
    const first = await storeMessage(db, "shop-a", "c-1", message("m-1"));
    const second = await storeMessage(db, "shop-b", "c-2", message("m-1"));
    expect([first.outcome, second.outcome]).toEqual(["stored", "stored"]);
    expect(second.id).not.toBe(first.id);
  });

  test("D8: a batch answers line by line, also when it repeats itself", async () => {
    await storeMessage(db, "shop-a", "c-1", message("m-2"));
    const batch = ["m-1", "m-2", "m-1", "m-3"].map((id) => message(id));
    const answers = await storeMessages(db, "shop-a", "c-1", batch);
    expect(answers.map((answer) => answer.outcome)).toEqual([
      "stored",
      "duplicate",
      "duplicate",
      "stored",
    ]);
    expect(answers[2]?.id).toBe(answers[0]?.id);
  });

  test("D9: text that PostgreSQL cannot keep does not keep its batch out", async () => {
    const odd = message("m-1", { note: `nul \0 and half \ud83d pair, \\u0000 spelt out` });
    const answers = await storeMessages(db, "shop-a", "c-1", [odd, message("m-2")]);
    expect(answers.map((answer) => answer.outcome)).toEqual(["stored", "stored"]);
    const row = await loadMessage(db, answers[0]?.id ?? "");
    expect(row?.payload).toEqual({ note: "nul \ufffd and half \ufffd pair, \\u0000 spelt out" });
  });

  test("D9: the third failed try makes a dead letter that a person can revive", async () => {
    const seen = [];
    for (let tries = 0; tries < 4; tries += 1) {
      const row = { ...(await storedMessage()), tries };
      seen.push((await spendTry(db, row, `reason ${tries}`, now())).outcome);
    }
    expect(seen).toEqual(["retry", "retry", "dead", "raced"]);
    const row = await storedMessage();
    expect(row).toMatchObject({ state: "failed", tries: 3 });
    const letters = await db.deadLetter.findMany();
    expect(letters).toMatchObject([{ kind: "message", subject: row.id, error: "reason 2" }]);
    expect(await reviveMessage(db, "shop-b", row.id)).toBe(false);
    expect(await reviveMessage(db, "shop-a", row.id)).toBe(true);
    expect(await storedMessage()).toMatchObject({ state: "received", tries: 0 });
  });

  test("D9: two failed runs of one message at once spend one try", async () => {
    const row = await storedMessage();
    const runs = await Promise.all([1, 2].map(() => spendTry(db, row, "no item", now())));
    expect(runs.map((run) => run.outcome).sort()).toEqual(["raced", "retry"]);
    expect((await storedMessage()).tries).toBe(1);
  });

  test("D9: due messages are leased once each, however many sweepers ask", async () => {
    for (let i = 0; i < 30; i += 1) await storedMessage(`m-${i}`);
    expect(await leaseDue(db, { limit: 50, leaseMs: 60_000 })).toEqual([]);
    await db.$executeRaw`update inbox_message set next_try_at = now() - interval '1 second'`;
    const sweeps = await Promise.all(
      [1, 2, 3].map(() => leaseDue(db, { limit: 50, leaseMs: 60_000 })),
    );
    const leased = sweeps.flat();
    expect(new Set(leased).size).toBe(30);
    expect(leased).toHaveLength(30);
    expect(await leaseDue(db, { limit: 50, leaseMs: 60_000 })).toEqual([]);
  });

  test("D5: a postponed message keeps its tries and waits", async () => {
    const row = await storedMessage();
    await db.$executeRaw`update inbox_message set next_try_at = now() - interval '1 second'`;
    await postpone(db, "shop-a", row.id, new Date(Date.now() + 60_000));
    expect(await leaseDue(db, { limit: 50, leaseMs: 1 })).toEqual([]);
    expect((await storedMessage()).tries).toBe(0);
  });

  test("D5: messages applied since a time are opened again, earlier ones stay", async () => {
    const early = await storedMessage("early");
    const late = await storedMessage("late");
    await markApplied(db, "shop-a", early.id);
    await markApplied(db, "shop-a", late.id);
    await db.$executeRaw`
      update inbox_message set applied_at = now() - interval '1 hour' where external_id = 'early'`;
    expect(await reopenAppliedSince(db, new Date(Date.now() - 60_000))).toBe(1);
    expect((await storedMessage("early")).state).toBe("applied");
    expect((await storedMessage("late")).state).toBe("received");
    expect(await leaseDue(db, { limit: 5, leaseMs: 1_000 })).toEqual([late.id]);
  });

  test("a shop cannot mark, postpone or revive another shop's message", async () => {
    const row = await storedMessage();
    await markApplied(db, "shop-b", row.id);
    await postpone(db, "shop-b", row.id, new Date(0));
    const stolen = { ...row, shop: "shop-b" };
    expect((await spendTry(db, stolen, "mine", now())).outcome).toBe("raced");
    expect(await storedMessage()).toEqual(row);
  });
});
