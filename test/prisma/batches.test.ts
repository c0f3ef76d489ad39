import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type BatchRow,
  findBatch,
  listBatches,
  moveBatch,
  openBatch,
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

test("H4: what nobody moves is found, and another shop finds none of it", async () => {
  const lost = await begun("checking");
  expect(await stalledBatches(db, new Date(Date.now() + 1_000))).toContain(lost.id);
  expect(await stalledBatches(db, new Date(0))).toEqual([]);
  const other = (await ensureShop(db, "b.example", "B")).id;
  expect(await findBatch(db, other, lost.id)).toBeNull();
  expect(await listBatches(db, other, { limit: 9 })).toEqual([]);
  expect(await turnBatch(db, { ...lost, shop: other }, "done")).toBeNull();
  const [newest] = await listBatches(db, shop, { limit: 1 });
  expect(newest?.id).toBe(lost.id);
});
