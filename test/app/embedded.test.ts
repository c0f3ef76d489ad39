import { createHmac } from "node:crypto";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createShopify } from "../../app/access/shopify.server.ts";
import { connectOwnShop } from "../../app/channels/connect-own-shop.server.ts";
import { embeddedGate, type Gate } from "../../app/gate.ts";
import type { Services } from "../../app/services.ts";
import { readAppKeys } from "../../connectors/app-keys.ts";
import { shopify } from "../../connectors/shopify/connector.ts";
import { whoIs } from "../../connectors/shopify/who-is.ts";
import { createLog } from "../../jobs/log.ts";
import { type Database, openDatabase } from "../../prisma/client.ts";
import { endAccess } from "../../prisma/leaving.ts";
import { changePerson } from "../../prisma/people.ts";
import { findShopByDomain, saveRegional, setJoiningRole } from "../../prisma/shops.ts";
import type { Server } from "../../scripts/services/server.ts";
import { freshDatabase } from "../support/servers.ts";
import { RING } from "./world.ts";

const SHOP = "north.myshopify.com";
const HOST = Buffer.from("admin.shopify.com/store/north").toString("base64");
const CREDENTIALS = { apiKey: "key", apiSecret: "secret", appUrl: "https://app.example" };
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36";

const exchanges: unknown[] = [];
/** Whom Shopify says a session token is of; null = it is away. */
let user: { first_name: string; last_name: string; account_owner: boolean } | null = null;
const ada = { first_name: "Ada", last_name: "Lovelace", account_owner: false };
const isOffline = (asked: Record<string, string>) =>
  asked.requested_token_type?.endsWith("offline-access-token");
const shopifyApi = setupServer(
  http.post("https://:shop/admin/oauth/access_token", async ({ request }) => {
    const asked = (await request.json()) as Record<string, string>;
    exchanges.push(asked);
    if (asked.requested_token_type?.endsWith("online-access-token") && !isOffline(asked)) {
      if (user === null) return new HttpResponse(null, { status: 503 });
      return HttpResponse.json({ access_token: "shpua_online", associated_user: user });
    }
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
        shop: { ianaTimezone: "Europe/Berlin", currencyCode: "EUR" },
        locations: {
          nodes: [
            {
              ...{ id: "gid://shopify/Location/1", isActive: true, isPrimary: true },
              ...{ fulfillsOnlineOrders: true, isFulfillmentService: false, name: "Shop" },
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
  const { apiKey, apiSecret } = CREDENTIALS;
  const app = { clientId: apiKey, clientSecret: apiSecret };
  gate = embeddedGate(db, library, {
    ...{ apiKey, secrets: [apiSecret], now: Date.now },
    whoIs: (shop, sessionToken) => whoIs({ shop, sessionToken, app }, { now: Date.now }),
  });
});

beforeEach(() => {
  exchanges.length = 0;
  user = ada;
});

afterAll(async () => {
  shopifyApi.close();
  await db.$disconnect();
  await server.stop();
});

/** What App Bridge puts into a request: a JWT signed with the app's secret. */
function sessionToken(shop: string, secret = CREDENTIALS.apiSecret, sub = "1"): string {
  const now = Math.floor(Date.now() / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: CREDENTIALS.apiKey,
    sub,
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

test("G: a session token says who is there; Shopify is asked for the name once, and no token kept", async () => {
  const visit = () => gate.merchant(request(sessionToken(SHOP)));
  const [first, beside] = await Promise.all([visit(), visit()]);
  const second = await visit();
  expect(first).toMatchObject({ domain: SHOP, name: "north" });
  expect(first.person).toMatchObject({ name: "Ada Lovelace", role: "owner", entry: "shopify" });
  expect([beside.person.id, second.person.id]).toEqual([first.person.id, first.person.id]);
  expect(exchanges.length).toBeLessThan(3);
  const people = await db.person.findMany();
  expect(people).toHaveLength(1);
  expect(JSON.stringify(people)).not.toContain("shpua");
  await visit();
  expect(exchanges.length).toBeLessThan(3);
});

describe("G: who comes in from Shopify's admin", () => {
  const domain = "team.myshopify.com";
  const visit = async (sub: string) =>
    (await gate.merchant(request(sessionToken(domain, undefined, sub)))).person;

  test("the first is an owner, others get the role that is set, the account's owner is one", async () => {
    expect((await visit("1")).role).toBe("owner");
    expect((await visit("2")).role).toBe("read-only");
    const shop = await findShopByDomain(db, domain);
    await setJoiningRole(db, shop?.id ?? "", "operations");
    expect((await visit("3")).role).toBe("operations");
    expect((await visit("2")).role).toBe("read-only");
    user = { ...ada, account_owner: true };
    expect((await visit("4")).role).toBe("owner");
  });

  test("who was taken out is refused, whatever Shopify says", async () => {
    const shop = await findShopByDomain(db, domain);
    const { id } = await visit("2");
    await changePerson(db, shop?.id ?? "", id, { disabled: true }, new Date());
    const refused = await thrownBy(visit("2"));
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain("taken you out");
  });

  test("nobody new comes in while Shopify does not say who it is", async () => {
    user = null;
    expect((await thrownBy(visit("9"))).status).toBe(503);
    user = ada;
    expect((await visit("9")).name).toBe("Ada Lovelace");
  });
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
  expect(exchanges.filter((one) => isOffline(one as never))).toMatchObject([
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
  // It keeps its times and its money as it does at Shopify, until somebody chooses here.
  const kept = { timeZone: "Europe/Berlin", currency: "EUR" };
  expect(await findShopByDomain(db, SHOP)).toMatchObject(kept);
  const own = { locale: "en-US", timeZone: "UTC", currency: "USD" };
  await saveRegional(db, shop.id, own);
  // Uninstalled, then installed again: the same connection, with all it had.
  await endAccess(db, RING, shop.id, new Date());
  const back = await gate.merchant(request(sessionToken(SHOP)));
  expect(back).toMatchObject({ id: shop.id, person: { id: shop.person.id, role: "owner" } });
  const again = await connectOwnShop(context, back, request(sessionToken(SHOP)));
  expect(again).toMatchObject({ connections: [{ id: row?.id, again: true }] });
  expect(await findShopByDomain(db, SHOP), "chosen by the merchant").toMatchObject(own);
  expect(await db.connection.findMany()).toMatchObject([{ shutOut: null, trouble: null }]);
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
