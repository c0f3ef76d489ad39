import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createToken, listTokens, revokeToken } from "../../prisma/tokens.ts";
import { client, startWorld, type World } from "./world.ts";

let world: World;
let now = Date.now();

beforeAll(async () => {
  world = await startWorld({ services: { now: () => now } });
  await world.stock("TEA", 5);
});

afterAll(() => world.stop());

/** A client with a token of its own. */
async function withToken(options: Parameters<typeof createToken>[3] = {}, name = "machine") {
  const token = await createToken(world.services.db, world.shop.id, name, options);
  return client(world.url, token);
}

const hold = { lines: [{ sku: "TEA", quantity: 1 }] };

test("a token does what its scopes say, and nothing else", async () => {
  const reader = await withToken({ scopes: ["stock:read"] });
  expect((await reader("GET", "/stock/TEA")).status).toBe(200);
  const refused = await reader("POST", "/holds", hold);
  expect(refused).toMatchObject({
    status: 403,
    body: { type: "/problems/insufficient-scope", scope: "holds:write" },
  });
  expect(refused.headers.get("WWW-Authenticate")).toContain('scope="holds:write"');
  const shop = await withToken({ scopes: ["holds:write"] });
  expect((await shop("POST", "/holds", hold)).status).toBe(201);
  expect((await shop("GET", "/stock/TEA")).status).toBe(403);
  expect((await reader("GET", "/stock/TEA")).body.ats).toBe(4);
});

test("a token that has expired opens nothing, even one that was just in use", async () => {
  const guest = await withToken({ expiresAt: new Date(now + 1_000) });
  expect((await guest("GET", "/stock/TEA")).status).toBe(200);
  now += 1_000;
  expect((await guest("GET", "/stock/TEA")).status).toBe(401);
});

test("a revoked token is forgotten within seconds, and only its own shop can revoke it", async () => {
  const { db } = world.services;
  const lost = await withToken({}, "lost");
  expect((await lost("GET", "/stock/TEA")).status).toBe(200);
  const row = await vi.waitUntil(async () => {
    const rows = await listTokens(db, world.shop.id);
    return rows.find(({ name, lastUsedAt }) => name === "lost" && lastUsedAt !== null);
  });
  expect(JSON.stringify(row)).not.toMatch(/hash|ballast_/);
  const { id } = row;
  expect(await revokeToken(db, "another shop", id)).toBe(false);
  expect(await revokeToken(db, world.shop.id, id)).toBe(true);
  now += 10_000;
  expect((await lost("GET", "/stock/TEA")).status).toBe(401);
  expect((await listTokens(db, world.shop.id)).map(({ name }) => name)).not.toContain("lost");
});
