import { afterEach, expect, test, vi } from "vitest";
import { createToken } from "../../prisma/tokens.ts";
import { type BlackHole, blackHoleBefore } from "../support/black-hole.ts";
import { client, startWorld, type World } from "./world.ts";

let world: World | undefined;

afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const get = async (path: string) => {
  const response = await fetch(`${world?.url}${path}`);
  const text = await response.text();
  return { status: response.status, text };
};

test("the process says that it is alive, ready, and how much it did", async () => {
  world = await startWorld();
  const ask = client(world.url, world.token);
  await world.stock("ONE", 1);
  await ask("POST", "/holds", { lines: [{ sku: "ONE", quantity: 1 }] });
  await ask("POST", "/holds", { lines: [{ sku: "ONE", quantity: 1 }] });
  expect(await get("/healthz")).toEqual({ status: 200, text: '{"status":"alive"}' });
  const ready = await get("/readyz");
  expect(JSON.parse(ready.text)).toMatchObject({ status: "ready", wrong: [] });
  const { text } = await get("/metrics");
  expect(text).toContain('ballast_holds_total{outcome="held"} 1');
  expect(text).toContain('ballast_holds_total{outcome="insufficient"} 1');
  expect(text).toContain('ballast_up{dependency="ledger"} 1');
  expect(text).toContain('ballast_ledger_verified{partition="0"} 1');
  expect(text).toContain('route="/api/v1/holds",method="POST",status="409"');
  expect(text).not.toContain(world.token);
  expect(text).not.toContain("ONE");
});

test("D5: without Redis holds are refused, and readiness names it", async () => {
  world = await startWorld();
  const ask = client(world.url, world.token);
  await world.stock("ONE", 5);
  await world.redis.stop();
  const refused = await ask("POST", "/holds", { lines: [{ sku: "ONE", quantity: 1 }] });
  expect(refused).toMatchObject({ status: 503, body: { type: "/problems/unavailable" } });
  expect(refused.headers.get("Retry-After")).toBe("1");
  expect((await ask("GET", "/stock/ONE")).status).toBe(503);
  const ready = await get("/readyz");
  expect(ready.status).toBe(503);
  expect(JSON.parse(ready.text).wrong).toEqual([
    { name: "ledger", ok: false, why: "Redis does not answer" },
  ]);
  expect((await get("/metrics")).text).toContain('ballast_up{dependency="ledger"} 0');
});

test("D5: a partition that is not verified refuses, and readiness names each", async () => {
  world = await startWorld();
  await world.stock("ONE", 5);
  const { connection, keys } = world.ledger;
  for (const partition of keys.all()) {
    await connection.redis.hset(keys.meta(partition), "epoch", "an earlier run");
  }
  const ask = client(world.url, world.token);
  const refused = await ask("POST", "/holds", { lines: [{ sku: "ONE", quantity: 1 }] });
  expect(refused).toMatchObject({ status: 503, body: { why: "unverified" } });
  const { wrong } = JSON.parse((await get("/readyz")).text);
  expect(wrong).toHaveLength(keys.partitions);
});

test("D5: without PostgreSQL holds are refused, and service resumes by itself", async () => {
  world = await startWorld();
  const ask = client(world.url, world.token);
  const hold = { lines: [{ sku: "ONE", quantity: 1 }] };
  await world.stock("ONE", 5);
  expect((await ask("POST", "/holds", hold)).status).toBe(201);
  const back = await world.cutPostgres();
  await vi.waitUntil(() => !world?.services.heartbeat.alive(), { timeout: 10_000 });
  const refused = await ask("POST", "/holds", hold);
  expect(refused).toMatchObject({ status: 503, body: { type: "/problems/unavailable" } });
  expect(refused.headers.get("Retry-After")).toBe("1");
  const wrong = JSON.parse((await get("/readyz")).text).wrong;
  expect(wrong.map(({ name }: { name: string }) => name)).toContain("postgres heartbeat");
  await back();
  await vi.waitUntil(() => world?.services.heartbeat.alive(), { timeout: 10_000 });
  expect((await ask("POST", "/holds", hold)).status).toBe(201);
});

test("D5: a Redis that hangs is answered for at once, and nothing is taken when it wakes", async () => {
  world = await startWorld({ ledgerPatienceMs: 150 });
  const ask = client(world.url, world.token);
  const hold = () => ask("POST", "/holds", { lines: [{ sku: "ONE", quantity: 1 }] });
  await world.stock("ONE", 100);
  expect((await hold()).status).toBe(201);
  const { pid } = world.redis;
  if (pid === undefined) throw new Error("this Redis is not ours");
  process.kill(pid, "SIGSTOP");
  const refused: string[] = [];
  for (let tries = 0; tries < 5; tries += 1) {
    const reply = await hold(); // Redis sleeps all the while: whatever answers, it is not Redis
    expect(reply).toMatchObject({ status: 503, body: { type: "/problems/unavailable" } });
    refused.push(reply.body.why);
  }
  const ready = await get("/readyz");
  expect(ready.status).toBe(503);
  expect(JSON.parse(ready.text).wrong).toContainEqual(expect.objectContaining({ name: "ledger" }));
  process.kill(pid, "SIGCONT");
  await vi.waitUntil(async () => (await hold()).status === 201, { timeout: 10_000 });
  // Only what was sent before the silence was noticed may have been taken, and says so.
  const doubtful = refused.filter((why) => why === "timeout").length;
  const { body } = await ask("GET", "/stock/ONE");
  expect(doubtful).toBeLessThanOrEqual(1);
  expect(body.ats).toBeGreaterThanOrEqual(98 - doubtful);
  expect(body.ats).toBeLessThanOrEqual(98);
});

test("D5: a PostgreSQL that hangs is answered for, whatever has to be looked up", async () => {
  let hole: BlackHole | undefined;
  const postgresBy = async (url: string) => {
    hole = await blackHoleBefore(url);
    return hole.url;
  };
  world = await startWorld({ postgresBy, heartbeat: {} });
  const { db } = world.services;
  const ask = client(world.url, world.token);
  const hold = (sku: string) => ask("POST", "/holds", { lines: [{ sku, quantity: 1 }] });
  await world.stock("ONE", 5);
  await world.item("NEVER-ASKED");
  const fresh = client(world.url, await createToken(db, world.shop.id, "fresh"));
  await vi.waitUntil(async () => (await hold("ONE")).status === 201, { timeout: 10_000 });
  hole?.hang();
  // The last of them needs its token looked up, the one before its item.
  const late = [hold("NEVER-ASKED"), fresh("GET", "/stock/ONE")];
  for (const reply of await Promise.all(late)) {
    expect(reply).toMatchObject({ status: 503, body: { why: "record-away" } });
  }
  expect(await hold("ONE")).toMatchObject({ status: 503, body: { why: "record-away" } });
  const { wrong } = JSON.parse((await get("/readyz")).text);
  expect(wrong.map(({ name }: { name: string }) => name)).toEqual([
    ...["postgres", "postgres heartbeat"],
  ]);
  hole?.passOn();
  await vi.waitUntil(async () => (await hold("ONE")).status === 201, { timeout: 10_000 });
  await world.stop();
  world = undefined;
  await hole?.stop();
});
