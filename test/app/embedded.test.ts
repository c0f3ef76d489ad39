import { createHmac } from "node:crypto";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { embeddedGate, type Gate } from "../../app/gate.ts";
import { sealedSessions } from "../../app/session-storage.ts";
import { createShopify } from "../../app/shopify.server.ts";
import { createLog } from "../../jobs/log.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { keyring } from "../../prisma/sealed.ts";
import type { Server } from "../../scripts/services/server.ts";
import { freshDatabase } from "../support/servers.ts";

const SHOP = "north.myshopify.com";
const HOST = Buffer.from("admin.shopify.com/store/north").toString("base64");
const CREDENTIALS = { apiKey: "key", apiSecret: "secret", appUrl: "https://app.example" };
const RING = keyring(`k1:${Buffer.alloc(32, 7).toString("base64")}`);
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36";

const exchanges: unknown[] = [];
const shopifyApi = setupServer(
  http.post("https://:shop/admin/oauth/access_token", async ({ request }) => {
    exchanges.push(await request.json());
    return HttpResponse.json({
      access_token: "shpat_exchanged",
      scope: "read_products,read_inventory,write_inventory,read_locations,read_orders",
      expires_in: 3_600,
      refresh_token: "shprt_refresh",
      refresh_token_expires_in: 86_400,
    });
  }),
);

let server: Server;
let db: Database;
let gate: Gate;

beforeAll(async () => {
  // The library keeps the fetch it finds when it is loaded; msw replaces it later.
  setAbstractFetchFunc((...args) => globalThis.fetch(...args));
  shopifyApi.listen({ onUnhandledFrame: "error" });
  server = await freshDatabase();
  db = openDatabase(server.url, 2);
  const shopify = createShopify(db, RING, CREDENTIALS, createLog("silent", "test"));
  gate = embeddedGate(db, shopify, CREDENTIALS.apiKey);
});

beforeEach(() => {
  exchanges.length = 0;
});

afterEach(async () => {
  await db.session.deleteMany();
});

afterAll(async () => {
  shopifyApi.close();
  await db.$disconnect();
  await server.stop();
});

/** What App Bridge puts into a request: a JWT signed with the app's secret. */
function sessionToken(shop: string, secret = CREDENTIALS.apiSecret): string {
  const now = Math.floor(Date.now() / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: CREDENTIALS.apiKey,
    sub: "1",
    exp: now + 60,
    nbf: now - 5,
    iat: now - 5,
    jti: "token",
    sid: "session",
  };
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

function request(token?: string, more = ""): Request {
  const headers = new Headers({ "User-Agent": BROWSER });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  return new Request(`https://app.example/app?shop=${SHOP}&host=${HOST}${more}`, { headers });
}

async function thrownBy(work: Promise<unknown>): Promise<Response> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Response)) throw new Error(`not a Response: ${String(thrown)}`);
  return thrown;
}

test("G: a session token is exchanged once, and the shop exists from its first visit on", async () => {
  const first = await gate.merchant(request(sessionToken(SHOP)));
  const second = await gate.merchant(request(sessionToken(SHOP)));
  expect(first).toMatchObject({ domain: SHOP, name: "north" });
  expect(second).toEqual(first);
  expect(exchanges).toHaveLength(1);
  expect(exchanges[0]).toMatchObject({
    client_id: "key",
    requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
    expiring: "1",
  });
});

test("a stored session is sealed: no token is readable in the database", async () => {
  await gate.merchant(request(sessionToken(SHOP)));
  const rows = JSON.stringify(await db.session.findMany());
  expect(rows).not.toMatch(/shpat_|shprt_/);
  const [session] = await sealedSessions(db, RING).findSessionsByShop(SHOP);
  expect(session).toMatchObject({ accessToken: "shpat_exchanged", refreshToken: "shprt_refresh" });
  expect(session?.expires).toBeInstanceOf(Date);
  expect(session?.refreshTokenExpires).toBeInstanceOf(Date);
});

test("a session copied to another shop's row does not open there", async () => {
  await gate.merchant(request(sessionToken(SHOP)));
  await db.session.updateMany({ data: { shop: "thief.myshopify.com" } });
  await expect(
    sealedSessions(db, RING).findSessionsByShop("thief.myshopify.com"),
  ).rejects.toThrow();
});

test("a token signed with another secret opens nothing and makes no shop", async () => {
  const forged = sessionToken("victim.myshopify.com", "guessed");
  const response = await thrownBy(gate.merchant(request(forged)));
  expect(response.status).not.toBe(200);
  expect(await db.shop.count({ where: { domain: "victim.myshopify.com" } })).toBe(0);
  expect(exchanges).toHaveLength(0);
});

test("a visit without a token is led into the shop's admin, and there to fetch one", async () => {
  const outside = await thrownBy(gate.merchant(request()));
  expect(outside.headers.get("Location")).toBe("https://admin.shopify.com/store/north/apps/key");
  const inside = await thrownBy(gate.merchant(request(undefined, "&embedded=1")));
  expect(inside.status).toBe(302);
  expect(inside.headers.get("Location")).toContain("/auth/session-token");
});

test("only the shop's own admin may put a page in its frame", () => {
  const headers = new Headers();
  gate.pageHeaders(request(), headers);
  expect(headers.get("Content-Security-Policy")).toBe(
    `frame-ancestors https://${SHOP} https://admin.shopify.com https://*.spin.dev https://admin.myshopify.io https://admin.shop.dev;`,
  );
});
