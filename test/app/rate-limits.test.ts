import { afterAll, beforeAll, expect, test } from "vitest";
import { createRateLimits, type RateLimits } from "../../jobs/rate-limits.ts";
import { createToken } from "../../prisma/tokens.ts";
import { freshRedis } from "../support/servers.ts";
import { client, startWorld, type World } from "./world.ts";

let redis: Awaited<ReturnType<typeof freshRedis>>;
const open: RateLimits[] = [];

beforeAll(async () => {
  redis = await freshRedis();
});

afterAll(async () => {
  for (const limits of open) limits.close();
  await redis.stop();
});

/** The limiter of one process. */
function process(limit: number, windowMs = 60_000, url = redis.url): RateLimits {
  const limits = createRateLimits(url, { limit, windowMs, now: Date.now });
  open.push(limits);
  return limits;
}

const takeMany = (limits: RateLimits, subject: string, count: number) =>
  Promise.all(Array.from({ length: count }, async () => limits.take(subject)));

/** A connection has to be there first: without one everybody is let through. */
async function connected(limits: RateLimits): Promise<RateLimits> {
  while ((await limits.take(`probe/${crypto.randomUUID()}`)).resetMs < 2_000) {
    await new Promise((done) => setTimeout(done, 20));
  }
  return limits;
}

test("processes share a limit, and a burst gets exactly what there is", async () => {
  const [a, b] = [await connected(process(50)), await connected(process(50))];
  const [first, second] = await Promise.all([takeMany(a, "t1", 100), takeMany(b, "t1", 100)]);
  const passed = [...first, ...second].filter(({ allowed }) => allowed);
  expect(passed).toHaveLength(50);
  expect(await a.take("t1")).toMatchObject({ allowed: false, remaining: 0 });
  expect(await a.take("t2")).toMatchObject({ allowed: true, remaining: 49 });
});

test("a request seldom needs a round trip", async () => {
  const limits = await connected(process(10_000));
  await limits.take("busy");
  const at = [limits.take("busy"), limits.take("busy"), limits.take("busy")];
  expect(at.every((quota) => !(quota instanceof Promise))).toBe(true);
  expect(at[2]).toMatchObject({ allowed: true, remaining: 9_996 });
});

test("a window ends, and then there is all of it again", async () => {
  const limits = await connected(process(2, 2_500));
  await takeMany(limits, "short", 3);
  const refused = await limits.take("short");
  expect(refused.allowed).toBe(false);
  await new Promise((done) => setTimeout(done, refused.resetMs + 10));
  expect((await limits.take("short")).allowed).toBe(true);
});

test("D5: without Redis nobody is refused for the limit's sake", async () => {
  const limits = process(1, 60_000, "redis://127.0.0.1:1");
  const passed = await takeMany(limits, "blind", 5);
  expect(passed.every(({ allowed }) => allowed)).toBe(true);
});

test("every answer says what is left; too many requests are told when to come again", async () => {
  const rateLimits = await connected(process(3));
  const world: World = await startWorld({ services: { rateLimits } });
  const own = await createToken(world.services.db, world.shop.id, "busy");
  const ask = client(world.url, own);
  await world.item("TEA");
  const first = await ask("GET", "/stock/TEA");
  expect(first.headers.get("RateLimit-Policy")).toBe('"token";q=3;w=60');
  expect(first.headers.get("RateLimit")).toMatch(/^"token";r=2;t=\d+$/);
  const more = await Promise.all([1, 2, 3].map(() => ask("GET", "/stock/TEA")));
  const refused = more.find(({ status }) => status === 429);
  expect(more.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
  expect(refused?.body).toMatchObject({ type: "/problems/quota-exceeded" });
  expect(Number(refused?.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect((await client(world.url, world.token)("GET", "/stock/TEA")).status).toBe(200);
  await world.stop();
});
