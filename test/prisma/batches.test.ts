import { afterAll, beforeAll, expect, test } from "vitest";
import { BATCH_KINDS } from "../../inventory/batch.ts";
import {
  type BatchRow,
  findBatch,
  listBatches,
  moveBatch,
  openBatch,
  openUndo,
  resumeBatch,
  stalledBatches,
  turnBatch,
} from "../../prisma/batches.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { freshDatabase } from "../support/servers.ts";

let server: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let shop: string;

beforeAll(async () => {
  server = await freshDatabase();
  db = openDatabase(server.url);
  shop = (await ensureShop(db, "a.example", "A")).id;
});

afterAll(async () => {
  await db.$disconnect();
  await server.stop();
});

async function begun(state: BatchRow["state"] = "mapping"): Promise<BatchRow> {
  const batch = { kind: "quantities", title: "counts.csv", actor: "person:A", state } as const;
  const found = await findBatch(db, shop, await openBatch(db, shop, batch));
  if (!found) throw new Error("a batch that was just begun is there");
  return found;
}

test("H4: of two who move a batch from one place, or turn it, one does", async () => {
  const checking = await turnBatch(db, await begun(), "checking", { total: 5 });
  if (!checking) throw new Error("nobody else has it");
  const step = { cursor: "2", done: 2, counts: { ready: 2 } };
  expect(await moveBatch(db, checking, step)).toMatchObject({ done: 2, total: 5, cursor: "2" });
  expect(await moveBatch(db, checking, step)).toBeNull();
  expect(await turnBatch(db, checking, "checked")).toMatchObject({ counts: { ready: 2 } });
  expect(await turnBatch(db, checking, "failed")).toBeNull();
});

test("H4: a stopped batch goes on where it was; a check counts anew", async () => {
  const applying = await begun("applying");
  await moveBatch(db, applying, { cursor: "7", done: 7 });
  const stopped = await turnBatch(db, applying, "stopped");
  if (!stopped) throw new Error("it was being applied");
  expect(stopped.finishedAt).not.toBeNull();
  const on = await turnBatch(db, stopped, "applying");
  expect(on).toMatchObject({ cursor: "7", done: 7, finishedAt: null });
});

test("H4: a check that goes on keeps its counts, and one that begins anew has none", async () => {
  const checking = await begun("checking");
  await moveBatch(db, checking, { cursor: "3", done: 3, counts: { ready: 3 } });
  const failed = await turnBatch(db, checking, "failed");
  if (!failed) throw new Error("it was being checked");
  const on = await resumeBatch(db, failed);
  expect(on).toMatchObject({ state: "checking", cursor: "3", counts: { ready: 3 } });
  const again = await turnBatch(db, checking, "failed");
  if (!again) throw new Error("it was being checked again");
  const anew = await turnBatch(db, again, "checking", { anew: true });
  expect(anew).toMatchObject({ cursor: null, done: 0, counts: {} });
});

test("H4: of taking back and going on at once one happens, never both", async () => {
  for (let round = 0; round < 10; round += 1) {
    const applying = await turnBatch(db, await begun("checked"), "applying");
    const stopped = applying && (await turnBatch(db, applying, "stopped"));
    if (!stopped) throw new Error("it was being applied");
    const [undo, on] = await Promise.all([
      openUndo(db, stopped, "person:A"),
      resumeBatch(db, stopped),
    ]);
    expect([undo, on].filter((one) => one === null)).toHaveLength(1);
    if (undo !== null) expect(await openUndo(db, stopped, "person:B")).toBe(undo);
  }
});

test("H4: what nobody moves is found, and another shop finds none of it", async () => {
  const lost = await begun("checking");
  expect(await stalledBatches(db, new Date(Date.now() + 1_000))).toContain(lost.id);
  expect(await stalledBatches(db, new Date(0))).toEqual([]);
  const other = (await ensureShop(db, "b.example", "B")).id;
  expect(await findBatch(db, other, lost.id)).toBeNull();
  expect(await listBatches(db, other, { kinds: BATCH_KINDS, limit: 9 })).toEqual([]);
  expect(await turnBatch(db, { ...lost, shop: other }, "done")).toBeNull();
  const [newest] = await listBatches(db, shop, { kinds: BATCH_KINDS, limit: 1 });
  expect(newest?.id).toBe(lost.id);
  expect(await listBatches(db, shop, { kinds: ["buffers"], limit: 1 })).toEqual([]);
});
