import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { personOf } from "../../app/access/person.ts";
import type { Gate } from "../../app/gate.ts";
import { isRole, type Role } from "../../inventory/role.ts";
import { openBatch } from "../../prisma/batches.ts";
import { ensureConnection } from "../../prisma/connections.ts";
import { ensureShop, findShopByDomain } from "../../prisma/shops.ts";
import { builtPages } from "../support/build.ts";
import { OWNER, RING, startWorld, type World } from "./world.ts";

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36";

let world: World;
let alone: World;

beforeAll(async () => {
  const pages = await builtPages();
  // Whoever is at the door says who they are: what Shopify vouches for is another test's business.
  const gate = ({ db }: World["services"]): Gate => ({
    ...{
      embedded: false,
      demo: false,
      apiKey: "",
      pageHeaders: () => {},
      address: (_shop, path) => path,
    },
    merchant: async (request) => {
      const shop = await findShopByDomain(db, request.headers.get("X-Shop") ?? "");
      if (!shop) throw new Response(null, { status: 401 });
      const role = request.headers.get("X-Role");
      const person = isRole(role)
        ? personOf({ ...OWNER, id: `p-${role}`, name: `The ${role}`, role })
        : OWNER;
      return { ...shop, person };
    },
  });
  world = await startWorld({ gate, pages });
  alone = await startWorld({ pages });
  await ensureShop(world.services.db, "south.myshopify.com", "South");
  await world.stock("SECRET-SKU", 7);
}, 180_000);

afterAll(async () => {
  await Promise.all([world.stop(), alone.stop()]);
});

const as = (shop: string, path: string, init: RequestInit = {}, role: Role = "owner") => {
  const headers = { "User-Agent": BROWSER, "X-Shop": shop, "X-Role": role };
  return fetch(world.url + path, { ...init, headers });
};

test("a tenant's pages never show another tenant's rows", async () => {
  const mine = await as(world.shop.domain, "/app/items");
  expect(await mine.text()).toContain("SECRET-SKU");
  const theirs = await as("south.myshopify.com", "/app/items");
  expect(theirs.status).toBe(200);
  expect(await theirs.text()).not.toContain("SECRET-SKU");
  expect((await as("south.myshopify.com", "/app/items/SECRET-SKU")).status).toBe(404);
  expect((await as("nobody", "/app")).status).toBe(401);
});

test("a tenant's files never have another tenant's rows, and nobody else has any", async () => {
  for (const file of ["/app/items.csv", "/app/history.csv"]) {
    expect(await (await as(world.shop.domain, file)).text()).toContain("SECRET-SKU");
    expect(await (await as("south.myshopify.com", file)).text()).not.toContain("SECRET-SKU");
    expect((await as("nobody", file)).status).toBe(401);
  }
});

test("a tenant's forms never reach another tenant's rows", async () => {
  const { db } = world.services;
  const shopId = world.shop.id;
  const connection = await ensureConnection(db, RING, shopId, {
    ...{ channel: "amazon", name: "US", account: "s", settings: {}, secrets: {} },
  });
  const rule = await db.bufferRule.create({ data: { shopId, kind: "percent", value: 50 } });
  const letter = await db.deadLetter.create({
    data: { shopId, kind: "push", subject: connection.id, error: "refused" },
  });
  const post = (path: string, fields: Record<string, string>) =>
    as("south.myshopify.com", path, { method: "POST", body: new URLSearchParams(fields) });
  await post("/app/dead-letters", { intent: "discard", letter: String(letter.id), reason: "x" });
  await post("/app/buffers", { intent: "remove", rule: rule.id });
  await post("/app/items/SECRET-SKU", {
    ...{ type: "adjust", location: "MAIN", bucket: "sellable", quantity: "-7", reason: "theft" },
    ...{ key: crypto.randomUUID(), expectedVersion: "1" },
  });
  expect(await db.deadLetter.findFirst()).toMatchObject({ state: "open" });
  expect(await db.bufferRule.count()).toBe(1);
  const stock = await world.ledger.stock(shopId, await world.item("SECRET-SKU"));
  expect(stock).toMatchObject({ physical: { sellable: { MAIN: 7 } } });
});

/** What each door takes, by a role that does not have it. Nothing but the refusal may happen. */
const REFUSED: [Role, "GET" | "POST", string][] = [
  ["warehouse", "GET", "/app/channels"],
  ["warehouse", "GET", "/app/listings"],
  ["warehouse", "GET", "/app/buffers"],
  ["marketing", "GET", "/app/dead-letters"],
  ["read-only", "GET", "/app/channels/connect/amazon"],
  ["read-only", "GET", "/app/channels/finish/amazon?came="],
  ["marketing", "POST", "/app/channels/any"],
  ["marketing", "POST", "/app/channels/own-shop"],
  ["marketing", "POST", "/app/channels/connect/amazon"],
  ["warehouse", "POST", "/app/listings"],
  ["marketing", "POST", "/app/buffers"],
  ["read-only", "POST", "/app/dead-letters"],
  ["read-only", "POST", "/app/holds"],
  ["marketing", "POST", "/app/holds"],
  ["read-only", "POST", "/app/items/SECRET-SKU"],
  ["warehouse", "GET", "/app/settings"],
  ["warehouse", "POST", "/app/settings/locations"],
  ["marketing", "GET", "/app/settings/team"],
  ["read-only", "POST", "/app/settings/tokens"],
  ["warehouse", "GET", "/app/settings/webhooks"],
  ["read-only", "POST", "/app/settings/webhooks/1"],
  ["read-only", "GET", "/app/import"],
  ["marketing", "POST", "/app/import/upload?kind=items"],
  ["marketing", "GET", "/app/batches"],
  ["read-only", "POST", "/app/batches/1"],
  ["warehouse", "GET", "/app/welcome"],
  ["marketing", "POST", "/app/welcome"],
  ["marketing", "GET", "/app/welcome/dry-run.csv"],
  ["warehouse", "GET", "/app/export/buffers.csv"],
  ["warehouse", "GET", "/app/export/listings.csv"],
  ["owner", "POST", "/app/demo-role"],
];

test.each(REFUSED)("G: the server refuses: %s, %s %s", async (role, method, path) => {
  const body = method === "POST" ? new URLSearchParams({ role: "owner" }) : undefined;
  const answer = await as(world.shop.domain, path, { method, body, redirect: "manual" }, role);
  // Only the demo has the door that changes one's role.
  expect(answer.status).toBe(path === "/app/demo-role" ? 404 : 403);
  if (answer.status === 403) expect(await answer.text()).toContain("Ask an owner of this shop");
});

test("G: a batch of what a role may not see is not shown to it, nor are its files", async () => {
  const { db } = world.services;
  const batch = { kind: "buffers", title: "Secret rules", actor: "person:A" } as const;
  const id = await openBatch(db, world.shop.id, { ...batch, state: "checked" });
  for (const path of [`/app/batches/${id}`, `/app/batches/${id}/problems.csv`]) {
    expect((await as(world.shop.domain, path, {}, "warehouse")).status).toBe(403);
    expect((await as(world.shop.domain, path)).status).toBe(200);
  }
  const changes = `/app/batches/${id}/changes.csv`;
  expect((await as(world.shop.domain, changes, {}, "warehouse")).status).toBe(403);
  const list = await as(world.shop.domain, "/app/batches", {}, "warehouse");
  expect(await list.text()).not.toContain("Secret rules");
});

test("a form that is too long, or does not say how long, is refused before it is read", async () => {
  const status = (headers: Record<string, string | number>) =>
    new Promise((done, failed) => {
      const asked = request(`${alone.url}/login`, { method: "POST", headers });
      asked.on("response", (answer) => done(answer.resume().statusCode)).on("error", failed);
      asked.flushHeaders();
    });
  expect(await status({ "Content-Length": 2 * 1024 * 1024 + 1 })).toBe(413);
  expect(await status({ "Transfer-Encoding": "chunked" })).toBe(411);
});

test("G: navigation and pages show only what a role may do", async () => {
  const page = async (role: Role, path: string) =>
    (await as(world.shop.domain, path, {}, role)).text();
  expect(await page("warehouse", "/app")).not.toContain('href="/app/channels"');
  expect(await page("owner", "/app")).toContain('href="/app/channels"');
  expect(await page("read-only", "/app/items/SECRET-SKU")).not.toContain("Move stock");
  expect(await page("warehouse", "/app/items/SECRET-SKU")).toContain("Move stock");
});

test("E8: a movement says which person made it", async () => {
  const fields = {
    ...{ type: "receive", location: "MAIN", quantity: "1", reason: "found" },
    ...{ key: crypto.randomUUID(), expectedVersion: "1" },
  };
  const init = { method: "POST", body: new URLSearchParams(fields) };
  const answer = await as(world.shop.domain, "/app/items/SECRET-SKU", init, "warehouse");
  expect(answer.status).toBe(200);
  const moved = await world.services.db.movement.findFirst({ where: { reason: "found" } });
  expect(moved?.actor).toBe("person:p-warehouse");
});

test("G: in the demo one looks at the pages as another role, and is refused like it", async () => {
  const chosen = await fetch(`${alone.url}/app/demo-role`, {
    ...{ method: "POST", redirect: "manual" },
    body: new URLSearchParams({ role: "read-only" }),
  });
  const Cookie = chosen.headers.get("Set-Cookie")?.split(";")[0] ?? "";
  const looked = await fetch(`${alone.url}/app`, { headers: { Cookie } });
  expect(await looked.text()).toContain("Read-only");
  const init = { method: "POST", headers: { Cookie }, body: new URLSearchParams() };
  expect((await fetch(`${alone.url}/app/buffers`, init)).status).toBe(403);
});

test("another site's page cannot use a stand-alone app through the merchant's browser", async () => {
  const send = (headers: Record<string, string>) =>
    fetch(`${alone.url}/app/buffers`, { method: "POST", headers, body: new URLSearchParams() });
  expect((await send({ Origin: "https://evil.example" })).status).toBe(403);
  expect((await send({ Origin: "null" })).status).toBe(403);
  expect((await send({ Origin: alone.url })).status).toBe(200);
});

test("a stand-alone page stands in nobody's frame, and built files are kept for a year", async () => {
  const page = await fetch(`${alone.url}/app`);
  expect(page.headers.get("Content-Security-Policy")).toBe("frame-ancestors 'none'");
  const [, asset = ""] = /href="(\/assets\/[^"]+\.css)"/.exec(await page.text()) ?? [];
  const file = await fetch(alone.url + asset);
  expect(file.headers.get("Cache-Control")).toContain("immutable");
});

test("live events begin with a word that listening has begun, then tell each change", async () => {
  const stopping = new AbortController();
  const stream = await fetch(`${alone.url}/app/live`, { signal: stopping.signal });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  const heard = async (word: string) => {
    for (let text = ""; ; ) {
      text += (await reader?.read())?.value ?? "";
      if (text.includes(word)) return text;
    }
  };
  await heard("event: ready");
  await alone.stock("HEARD", 3);
  expect(await heard("event: change")).toMatch(/"rows":\[\{[^\]]*"sku":"HEARD"[^\]]*"ats":3/);
  stopping.abort();
});
