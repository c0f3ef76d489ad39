import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { batchRun } from "../../jobs/handlers/batch-run.ts";
import type { Ledger } from "../../ledger/contract.ts";
import { turnBatch } from "../../prisma/batches.ts";
import { ensureLocation } from "../../prisma/locations.ts";
import { Desk } from "../jobs/batches/desk.ts";
import { client, startWorld, type World } from "./world.ts";

let world: World;
let ask: ReturnType<typeof client>;
const later: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  ask = client(world.url, world.token);
  await ensureLocation(world.services.db, world.shop.id, { code: "STORE", name: "Store" });
});

afterAll(() => world.stop());

/** Does the worker's part. */
async function work(snapshot: string, ledger: Pick<Ledger, "apply" | "stock"> = world.ledger) {
  const { db, log } = world.services;
  const runLater = (batch: string) => void later.push(batch);
  const { signal } = new AbortController();
  const deps = { db, ledger, log, live: world.live, enqueue: async () => {}, runLater, signal };
  await batchRun(deps, { batch: (await result(snapshot)).batch });
}

const count = (sku: string, quantity: number, location = "MAIN") => ({ sku, location, quantity });
const send = (counts: object[], more: object = {}, headers = {}) =>
  ask("POST", "/snapshots", { counts, ...more }, headers);
const result = async (id: string, query = "") =>
  (await ask("GET", `/snapshots/${id}${query}`)).body;

async function postCsv(text: string) {
  const response = await fetch(`${world.url}/api/v1/snapshots`, {
    method: "POST",
    headers: {
      ...{ Authorization: `Bearer ${world.token}`, "Content-Type": "text/csv" },
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: text,
  });
  return { status: response.status, body: await response.json() };
}

test("C3: counts are kept first, then applied line by line, and told by line", async () => {
  await world.stock("TEA", 10);
  await world.item("CUP");
  await world.stock("SAME", 4);
  const { status, body } = await send([
    count("TEA", 7),
    count("CUP", 3, "STORE"),
    count("SAME", 4),
  ]);
  expect(status).toBe(202);
  expect(await result(body.id)).toMatchObject({ state: "received", counts: { pending: 0 } });
  expect((await ask("GET", "/stock/TEA")).body.onHand).toBe(10);
  await work(body.id);
  const done = await result(body.id);
  expect(done).toMatchObject({ state: "done", counts: { applied: 2, unchanged: 1, failed: 0 } });
  expect(done.lines.data).toMatchObject([
    { line: 1, sku: "TEA", state: "applied", before: 10, seq: expect.any(Number) },
    { line: 2, sku: "CUP", state: "applied", before: 0 },
    { line: 3, sku: "SAME", state: "unchanged", before: 4, seq: null },
  ]);
  const { data } = (await ask("GET", "/movements?sku=TEA")).body;
  expect(data.at(-1)).toMatchObject({
    ...{ type: "adjust", actor: "api:warehouse", reason: "warehouse count", reference: body.id },
  });
});

test("C3: units that are sold and not shipped are still there, and stay promised", async () => {
  await world.stock("SOLD", 10);
  const hold = await ask("POST", "/holds", { lines: [{ sku: "SOLD", quantity: 4 }] });
  await ask("POST", `/holds/${hold.body.id}/commit`, { orderId: "9" });
  const { body } = await send([count("SOLD", 9)]);
  await work(body.id);
  const stock = (await ask("GET", "/stock/SOLD")).body;
  expect(stock).toMatchObject({ onHand: 9, ats: 5 });
});

test("C3: what came and went since the counting is added to it", async () => {
  await world.stock("LATE", 10);
  const stocked = (await ask("GET", "/movements?sku=LATE")).body.data[0].at;
  const countedAt = new Date(Date.parse(stocked) + 1).toISOString();
  await new Promise((done) => setTimeout(done, 5));
  const moved = { sku: "LATE", location: "MAIN", type: "receive", quantity: 5, reason: "delivery" };
  await ask("POST", "/movements", moved);
  const { body } = await send([count("LATE", 8)], { countedAt });
  await work(body.id);
  expect((await ask("GET", "/stock/LATE")).body.onHand).toBe(13);
  const future = new Date(Date.now() + 60_000).toISOString();
  expect((await send([count("LATE", 8)], { countedAt: future })).body.errors).toMatchObject([
    { pointer: "#/countedAt" },
  ]);
});

test("C3: bad lines of a file are told by line, the good ones are kept", async () => {
  await world.stock("GOOD", 1);
  await world.stock("TWICE", 1);
  const { status, body } = await postCsv(
    [
      "\ufeffLocation;SKU;Quantity;Note",
      "MAIN;GOOD;5;fine",
      "MAIN;GHOST;5;",
      "MOON;GOOD;5;",
      "MAIN;TWICE;2;",
      "MAIN;TWICE;3;",
      "STORE;GOOD;many;",
      'STORE;"GOOD;1',
    ].join("\r\n"),
  );
  expect(status).toBe(202);
  const { id } = body;
  await work(id);
  const done = await result(id, "?state=failed");
  expect(done).toMatchObject({ state: "done", counts: { applied: 1, failed: 6 } });
  expect(done.lines.data.map(({ line }: { line: number }) => line)).toEqual([3, 4, 5, 6, 7, 8]);
  expect((await ask("GET", "/stock/GOOD")).body.onHand).toBe(5);
  expect((await ask("GET", "/stock/TWICE")).body.onHand).toBe(1);
});

test("a file that says nothing about anything is refused, with what it needs", async () => {
  const { status, body } = await postCsv("name,price\nTea,5\n");
  expect([status, body.errors]).toEqual([
    422,
    [{ pointer: "#", detail: "the first line must name sku, location, quantity" }],
  ]);
});

test("H4: counts that would zero much wait for a person, and are taken back as a batch", async () => {
  const { db } = world.services;
  const skus = Array.from({ length: 12 }, (_, n) => `SHELF-${n}`);
  for (const sku of skus) await world.stock(sku, 5);
  await db.shop.updateMany({ data: { guardAlways: 3, guardZeroPercent: 10 } });
  const { body } = await send(skus.map((sku) => count(sku, 0)));
  await work(body.id);
  const waiting = await result(body.id);
  expect(waiting).toMatchObject({
    ...{ state: "waiting", error: expect.stringContaining("a person has to confirm") },
    counts: { pending: 12, applied: 0 },
  });
  const desk = new Desk(world);
  const batch = await desk.find(waiting.batch);
  expect(batch).toMatchObject({ state: "checked", radius: { outcome: "stop", zeroed: 12 } });
  expect(batch.radius?.largest.map(({ label }) => label).toSorted()).toEqual(skus.toSorted());
  expect((await ask("GET", "/stock/SHELF-0")).body.onHand).toBe(5);
  const done = await desk.apply(batch, batch.radius?.digest);
  expect(await result(body.id)).toMatchObject({ state: "done", counts: { applied: 12 } });
  expect((await ask("GET", "/stock/SHELF-0")).body.onHand).toBe(0);
  await world.stock("SHELF-1", 2); // what came since stays
  const back = await desk.takeBack(done);
  await desk.apply(back, back.radius?.digest);
  expect((await ask("GET", "/stock/SHELF-0")).body.onHand).toBe(5);
  expect((await ask("GET", "/stock/SHELF-1")).body.onHand).toBe(7);
  await db.shop.updateMany({ data: { guardAlways: 10, guardZeroPercent: 20 } });
});

test("H4: counts that a person discards move nothing, and their sender hears so", async () => {
  const { db } = world.services;
  await world.stock("KEPT", 3);
  await db.shop.updateMany({ data: { guardAlways: 0, guardZeroPercent: 0 } });
  const { body } = await send([count("KEPT", 0)]);
  await work(body.id);
  const desk = new Desk(world);
  const batch = await desk.find((await result(body.id)).batch);
  await turnBatch(db, batch, "discarded");
  expect(await result(body.id)).toMatchObject({
    ...{ state: "failed", error: "A person has looked at it and discarded it." },
    counts: { pending: 1 },
  });
  expect((await ask("GET", "/stock/KEPT")).body.onHand).toBe(3);
  await db.shop.updateMany({ data: { guardAlways: 10, guardZeroPercent: 20 } });
});

test("the same key is one snapshot; other counts under it are refused", async () => {
  await world.stock("ONCE", 1);
  const key = { "Idempotency-Key": "night-1" };
  const first = await send([count("ONCE", 3)], {}, key);
  expect((await send([count("ONCE", 3)], {}, key)).body).toEqual(first.body);
  expect((await send([count("ONCE", 4)], {}, key)).status).toBe(422);
  await work(first.body.id);
  await world.stock("ONCE", 2);
  await work(first.body.id); // done again, it does nothing
  expect((await ask("GET", "/stock/ONCE")).body.onHand).toBe(5);
});

test("D3, D5: stock that moves meanwhile is read again; a ledger that is away is waited for", async () => {
  await world.stock("HOT", 10);
  const { body } = await send([count("HOT", 20), count("ONCE", 5)]);
  let moved = false;
  const racing: Pick<Ledger, "apply" | "stock"> = {
    stock: (shop, item) => world.ledger.stock(shop, item),
    apply: async (command) => {
      if (!moved) {
        moved = true;
        await world.stock("HOT", 1); // behind the back of who has just read it
      }
      return world.ledger.apply(command);
    },
  };
  const away: Pick<Ledger, "apply" | "stock"> = {
    stock: async () => ({ outcome: "unavailable", why: "away" }),
    apply: async () => ({ outcome: "unavailable", why: "away" }),
  };
  await work(body.id, away);
  expect(later).toContain((await result(body.id)).batch);
  expect(await result(body.id)).toMatchObject({ state: "applying", counts: { pending: 2 } });
  await work(body.id, racing);
  await vi.waitUntil(async () => (await result(body.id)).state === "done");
  expect((await ask("GET", "/stock/HOT")).body.onHand).toBe(20);
});

test("a line whose answer was lost is found in the record, and not applied again", async () => {
  await world.stock("LOST", 1);
  const { body } = await send([count("LOST", 6)]);
  const lossy: Pick<Ledger, "apply" | "stock"> = {
    stock: (shop, item) => world.ledger.stock(shop, item),
    apply: async (command) => {
      await world.apply(command);
      return { outcome: "unavailable", why: "timeout" };
    },
  };
  await work(body.id, lossy);
  await world.stock("LOST", 2);
  await work(body.id);
  expect(await result(body.id)).toMatchObject({ state: "done", counts: { applied: 1 } });
  expect((await ask("GET", "/stock/LOST")).body.onHand).toBe(8);
});

test("another shop's snapshot is not there", async () => {
  const { body } = await send([count("ONCE", 5)]);
  const { db } = world.services;
  await db.snapshot.update({ where: { id: body.id }, data: { shopId: "another" } });
  expect((await ask("GET", `/snapshots/${body.id}`)).status).toBe(404);
});
