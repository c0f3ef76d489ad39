import { createHmac } from "node:crypto";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectOwnShop } from "../../app/connect-own-shop.server.ts";
import { embeddedGate, type Gate } from "../../app/gate.ts";
import type { Services } from "../../app/services.ts";
import { createShopify } from "../../app/shopify.server.ts";
import { readAppKeys } from "../../connectors/app-keys.ts";
import { shopify } from "../../connectors/shopify/connector.ts";
import { createLog } from "../../jobs/log.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import type { Server } from "../../scripts/services/server.ts";
import { freshDatabase } from "../support/servers.ts";
import { RING } from "./world.ts";

const SHOP = "north.myshopify.com";
const HOST = Buffer.from("admin.shopify.com/store/north").toString("base64");
const CREDENTIALS = { apiKey: "key", apiSecret: "secret", appUrl: "https://app.example" };
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
  // Whose stock is set: asked for once, with the new token.
  http.post("https://:shop/admin/api/:version/graphql.json", () =>
    HttpResponse.json({
      data: {
        locations: {
          nodes: [
            {
              ...{ id: "gid://shopify/Location/1", isActive: true, isPrimary: true },
              ...{ fulfillsOnlineOrders: true, isFulfillmentService: false },
            },
          ],
        },
      },
    }),
  ),
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
  const library = createShopify(CREDENTIALS, createLog("silent", "test"));
  gate = embeddedGate(db, library, CREDENTIALS.apiKey);
});

beforeEach(() => {
  exchanges.length = 0;
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

test("G: a session token says who is there, and the pages never ask for a token of their own", async () => {
  const first = await gate.merchant(request(sessionToken(SHOP)));
  const second = await gate.merchant(request(sessionToken(SHOP)));
  expect(first).toMatchObject({ domain: SHOP, name: "north" });
  expect(second.id).toBe(first.id);
  expect(exchanges).toEqual([]);
});

test("F: who comes back from a marketplace is led into the shop's own admin", () => {
  expect(gate.address(SHOP, "/app/channels/finish/amazon?came=x")).toBe(
    `https://${SHOP}/admin/apps/key/app/channels/finish/amazon?came=x`,
  );
});

test("F: the button exchanges the session token for tokens that only the connection has", async () => {
  const shop = await gate.merchant(request(sessionToken(SHOP)));
  const asked: string[] = [];
  const appKeys = readAppKeys([shopify], { SHOPIFY_API_KEY: "key", SHOPIFY_API_SECRET: "secret" });
  const services = {
    ...{ db, keyring: RING, appKeys, log: createLog("silent", "test"), now: Date.now },
    ...{ connectorOf: () => shopify, session: async () => null, sandboxUrl: undefined },
    ...{ publicUrl: "https://app.example" },
    queues: { enqueue: async (name: string) => void asked.push(name) },
  } as unknown as Services;
  const context = { services, gate, from: "" };
  const token = sessionToken(SHOP);
  const connected = await connectOwnShop(context, shop, request(token));
  expect(exchanges).toMatchObject([
    {
      ...{ client_id: "key", client_secret: "secret", subject_token: token, expiring: "1" },
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
    },
  ]);
  const [row] = await db.connection.findMany();
  expect(connected).toMatchObject({ connections: [{ id: row?.id, again: false }] });
  expect(row).toMatchObject({ account: SHOP, shopId: shop.id });
  expect(JSON.stringify(row)).not.toMatch(/shpat_|shprt_/);
  expect(asked).toContain("listings.import");
  expect(await connectOwnShop(context, shop, request())).toHaveProperty("why");
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
