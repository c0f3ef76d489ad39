import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createLog } from "../../jobs/log.ts";
import { recover } from "../../jobs/recovery.ts";
import { createLedger } from "../../ledger/client.ts";
import { openDatabase } from "../../prisma/client.ts";
import { ensureItems } from "../../prisma/items.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { createToken } from "../../prisma/tokens.ts";
import { ROOT } from "../../scripts/services/paths.ts";
import type { Server } from "../../scripts/services/server.ts";
import { blackHoleBefore } from "../support/black-hole.ts";
import { builtPages } from "../support/build.ts";
import { freshDatabase, freshRedis } from "../support/servers.ts";

let postgres: Server;
let redis: Server;

beforeAll(async () => {
  await builtPages();
  [postgres, redis] = await Promise.all([freshDatabase(), freshRedis()]);
}, 180_000);

afterAll(async () => {
  await Promise.all([postgres.stop(), redis.stop()]);
});

/** The web process as it runs in production, on a port the machine chooses. */
function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [join(ROOT, "app/server.ts")], {
    env: {
      ...{ PATH: process.env.PATH, DATABASE_URL: postgres.url, REDIS_URL: redis.url },
      ...{ BALLAST_KEYS: `k1:${Buffer.alloc(32, 1).toString("base64")}` },
      ...{ NODE_ENV: "production", PORT: "0", LOG_LEVEL: "silent", ...env },
    },
  });
  let said = "";
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const listening = new Promise<string>((done) => {
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const address = /app listening on (\S+)/.exec(said)?.[1];
      if (address) done(address);
    });
  });
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  return { child, listening, ended, said: () => said, complaint: () => complaint };
}

test("the web process says where it listens, serves, and ends when it is told to", async () => {
  const app = start({ STANDALONE: "1", BALLAST_DEMO: "1" });
  const address = await app.listening;
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const page = await fetch(`${address}/app`);
  expect(page.status).toBe(404); // nobody has made the demo merchant
  expect(await page.text()).toContain("There is no merchant demo.myshopify.com yet.");
  expect((await fetch(`${address}/favicon.svg`)).status).toBe(200);
  app.child.kill("SIGTERM");
  expect(await app.ended).toBe(0);
  expect(app.said()).toBe(`app listening on ${address}\n`);
  expect(app.complaint()).toBe("");
});

test("several web processes count together, and one limit is theirs together", async () => {
  const db = openDatabase(postgres.url);
  const shop = await ensureShop(db, "two.myshopify.com", "Two");
  const token = await createToken(db, shop.id, "both");
  const app = start({
    ...{ STANDALONE: "1", BALLAST_DEMO: "1" },
    ...{ WEB_PROCESSES: "2", API_REQUESTS_PER_MINUTE: "20" },
  });
  const address = await app.listening;
  const ask = (path: string) =>
    fetch(`${address}${path}`, {
      headers: { Connection: "close", Authorization: `Bearer ${token}` },
    });
  for (let n = 0; n < 10; n += 1) await (await ask("/healthz")).text();
  const statuses: number[] = [];
  const begun = Date.now();
  for (let n = 0; n < 30; n += 1) statuses.push((await ask("/api/v1/items")).status);
  // Twenty at once, and one more every three seconds. Two limits would have let all of them pass.
  const more = Math.ceil((Date.now() - begun) / 3_000);
  const passed = statuses.filter((status) => status === 200).length;
  expect(passed).toBeGreaterThanOrEqual(20);
  expect(passed).toBeLessThanOrEqual(Math.min(29, 20 + more));
  expect(statuses.filter((status) => status === 429)).toHaveLength(30 - passed);
  for (const _ of ["whichever", "is", "asked"]) {
    const text = await (await ask("/metrics")).text();
    const series = text.split("\n").filter((line) => /_count\{.*route="\/healthz"/.test(line));
    const counts = series.map((line) => [/process="(\d)"/.exec(line)?.[1], line.split(" ").at(-1)]);
    expect(counts.map(([process]) => process).toSorted()).toEqual(["1", "2"]);
    expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(10);
    expect(text.match(/^ballast_up\{dependency="postgres"/gm)).toHaveLength(1);
  }
  app.child.kill("SIGTERM");
  expect(await app.ended).toBe(0);
  await db.$disconnect();
});

test("D5: as it is deployed, no process promises anything while Redis or PostgreSQL hangs", async () => {
  const [hole, ownRedis] = await Promise.all([blackHoleBefore(postgres.url), freshRedis()]);
  const db = openDatabase(postgres.url);
  const ledger = createLedger({ url: ownRedis.url });
  const shop = await ensureShop(db, "hangs.myshopify.com", "Hangs");
  const token = await createToken(db, shop.id, "front");
  const item =
    (await ensureItems(db, shop.id, [{ sku: "ONE", title: "One" }])).get("ONE")?.id ?? "";
  await ledger.whenConnected();
  await recover({ db, ledger, log: createLog("silent", "test") });
  const about = { shop: shop.id, item, activity: "delivery" };
  await ledger.apply({ ...about, type: "receive", location: "MAIN", quantity: 1_000 });
  const app = start({
    ...{ STANDALONE: "1", BALLAST_DEMO: "1", WEB_PROCESSES: "2" },
    ...{ DATABASE_URL: hole.url, REDIS_URL: ownRedis.url },
  });
  const address = await app.listening;
  const keys = new Set<string>();
  /** Each on a connection of its own, so that both processes get some. */
  const hold = async (key = `key-${keys.size}`) => {
    keys.add(key);
    const response = await fetch(`${address}/api/v1/holds`, {
      method: "POST",
      headers: {
        ...{ Connection: "close", Authorization: `Bearer ${token}`, "Idempotency-Key": key },
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ lines: [{ sku: "ONE", quantity: 1 }] }),
    });
    return { status: response.status, why: (await response.json()).why };
  };
  const crowd = () => Promise.all(Array.from({ length: 20 }, () => hold()));
  const all = (status: number) => async () =>
    (await crowd()).every((reply) => reply.status === status);
  const served = () => vi.waitUntil(all(201), { timeout: 20_000 });
  try {
    await served();
    process.kill(ownRedis.pid ?? 0, "SIGSTOP");
    // Redis sleeps all the while: whatever answers, it is not Redis.
    for (const { status, why } of [...(await crowd()), ...(await crowd())]) {
      expect([status, ["timeout", "away"].includes(why)]).toEqual([503, true]);
    }
    process.kill(ownRedis.pid ?? 0, "SIGCONT");
    await served();
    hole.hang();
    await vi.waitUntil(all(503), { timeout: 20_000 });
    for (const { why } of await crowd()) expect(why).toBe("record-away");
    hole.passOn();
    await served();
    // Whoever was refused asks again under its key: what may have been taken is not taken twice.
    // A process may be a moment behind the other in noticing that all is well again.
    const held = (key: string) => async () => (await hold(key)).status === 201;
    for (const key of keys) await vi.waitUntil(held(key), { timeout: 20_000 });
    const stock = await ledger.stock(shop.id, item);
    expect(stock).toMatchObject({ held: keys.size });
  } finally {
    hole.passOn();
    app.child.kill("SIGTERM");
    await app.ended;
    await Promise.all([ledger.close(), db.$disconnect()]);
    await Promise.all([hole.stop(), ownRedis.stop()]);
  }
}, 90_000);

test("the web process does not start half configured, and says what is missing", async () => {
  const app = start({});
  expect(await app.ended).not.toBe(0);
  expect(app.complaint()).toContain("SHOPIFY_API_SECRET: is needed unless STANDALONE=1");
});
