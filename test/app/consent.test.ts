import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readAppKeys } from "../../connectors/app-keys.ts";
import type { CallFailure, Connector, World as Outside } from "../../connectors/connector.ts";
import type { ConsentAnswer, Consented, ConsentedAccount } from "../../connectors/consent.ts";
import { type SandboxServer, startSandboxes } from "../../connectors/sandbox/server.ts";
import { openConnection } from "../../prisma/connections.ts";
import { ensureShop, findShopByDomain } from "../../prisma/shops.ts";
import { Marketplace } from "../jobs/outward/marketplace.ts";
import { builtPages } from "../support/build.ts";
import { OWNER, RING, startWorld, type World } from "./world.ts";

/** A sixth marketplace, as small as one can be: the flow must work for whatever is registered. */
const bazaar = new Marketplace("bazaar");
/** What it answers when a code is traded, and what it was asked with. */
let answer: Consented;
const trades: { asked: ConsentAnswer; world: Outside }[] = [];
let subscribed: { outcome: "subscribed" } | CallFailure = { outcome: "subscribed" };
let unsubscribed: { outcome: "unsubscribed" } | CallFailure = { outcome: "unsubscribed" };
const doors: string[] = [];
const connector: Connector = {
  ...bazaar.connector,
  title: "Bazaar",
  connect: () => ({
    ...bazaar.session(),
    subscribe: async (door) => {
      doors.push(door);
      return subscribed;
    },
    unsubscribe: async () => unsubscribed,
  }),
  consent: {
    appKeys: ["clientId", "clientSecret"],
    asks: [
      {
        ...{ name: "stall", label: "Stall", help: "Its number.", pattern: "\\d{3}|x" },
        example: "123",
      },
    ],
    page: ({ app, answers, state, returnUrl }) =>
      `https://bazaar.example/agree?${new URLSearchParams({
        ...{ client: app.clientId ?? "", stall: answers.stall ?? "", state, back: returnUrl },
      })}`,
    complete: async (asked, world) => {
      trades.push({ asked, world });
      return answer;
    },
  },
};
const KEYS = { BAZAAR_CLIENT_ID: "app", BAZAAR_CLIENT_SECRET: "app-secret" };

let world: World;
let sandboxes: SandboxServer;
const asked: string[] = [];

beforeAll(async () => {
  sandboxes = await startSandboxes({ port: 0 });
  const pages = await builtPages();
  world = await startWorld({
    pages,
    // Whoever is at the door says who they are: signing in is another test's business.
    gate: ({ db }) => ({
      ...{
        embedded: false,
        demo: false,
        apiKey: "",
        pageHeaders: () => {},
        address: (_, path) => path,
      },
      merchant: async (request) => {
        const shop = await findShopByDomain(db, request.headers.get("X-Shop") ?? "");
        if (!shop) throw new Response(null, { status: 401 });
        return { ...shop, person: OWNER };
      },
    }),
    services: {
      channels: ["bazaar", "closed"],
      connectorOf: (channel) =>
        channel === "bazaar" ? connector : channel === "closed" ? { ...connector, channel } : null,
      appKeys: readAppKeys([connector, { ...connector, channel: "closed" }], KEYS),
      sandboxUrl: sandboxes.url,
    },
  });
  world.services.queues = {
    enqueue: async (name, payload) => void asked.push(`${name} ${Object.values(payload)}`),
  };
  await ensureShop(world.services.db, "south.myshopify.com", "South");
}, 180_000);

afterAll(async () => {
  await Promise.all([world.stop(), sandboxes.stop()]);
});

const ACCOUNT: ConsentedAccount = {
  ...{ account: "stall-123", name: "Stall 123", settings: { stall: "123" } },
  ...{ secrets: { refreshToken: "rt-1" }, reconnectBy: Date.UTC(2030, 0, 1) },
};

beforeEach(async () => {
  answer = { outcome: "connected", accounts: [ACCOUNT] };
  [subscribed, unsubscribed] = [{ outcome: "subscribed" }, { outcome: "unsubscribed" }];
  for (const list of [trades, doors, asked]) list.length = 0;
  await world.services.db.connection.deleteMany();
  await world.services.db.consentRequest.deleteMany();
});

const NORTH = () => world.shop.domain;
const send = (shop: string, path: string, init: RequestInit = {}) =>
  fetch(world.url + path, {
    ...{ redirect: "manual", ...init },
    headers: { "User-Agent": "Mozilla/5.0 Chrome/140", "X-Shop": shop },
  });
const post = (shop: string, path: string, fields: Record<string, string>) =>
  send(shop, path, { method: "POST", body: new URLSearchParams(fields) });

/** Begins a visit, and answers the address of the marketplace's page. */
async function begin(shop = NORTH(), fields: Record<string, string> = { stall: "123" }) {
  const data = `/app/channels/connect/bazaar.data?_routes=${encodeURIComponent("routes/app.channels.connect.$channel")}`;
  const text = await (await post(shop, data, fields)).text();
  return /http[^"]*\/at\/bazaar\.example[^"]*/.exec(text)?.[0] ?? text;
}

/** Comes back with a state and a code, through the address the marketplace knows, as `shop`. */
async function comeBack(page: string, shop = NORTH()) {
  const state = new URL(page).searchParams.get("state") ?? "";
  const query = new URLSearchParams({ state, code: "the-code" });
  const back = await send("nobody", `/connect/bazaar/callback?${query}`);
  const to = back.headers.get("Location") ?? "";
  return { to, response: await send(shop, to) };
}

const stored = () => world.services.db.connection.findMany();

test("F: consent: page, callback, code for secrets, door, import, and back to the channel", async () => {
  const page = await begin();
  expect(page).toMatch(new RegExp(`^${sandboxes.url}/at/bazaar.example/agree`));
  const { searchParams } = new URL(page);
  expect(searchParams.get("client")).toBe("app");
  expect(searchParams.get("back")).toBe(`${world.url}/connect/bazaar/callback`);
  const { response } = await comeBack(page);
  const [row] = await stored();
  expect(response.headers.get("Location")).toBe(`/app/welcome?step=channels&connected=${row?.id}`);
  expect(row).toMatchObject({ account: "stall-123", name: "Stall 123", shopId: world.shop.id });
  expect(row?.reconnectBy).toEqual(new Date(Date.UTC(2030, 0, 1)));
  expect(trades[0]?.asked).toMatchObject({
    ...{ app: { clientId: "app", clientSecret: "app-secret" }, answers: { stall: "123" } },
    ...{ query: { code: "the-code" }, returnUrl: `${world.url}/connect/bazaar/callback` },
  });
  expect(trades[0]?.world.baseUrl).toBe(sandboxes.url);
  expect(doors).toEqual([`${world.url}/webhooks/bazaar/${row?.id}`]);
  expect(asked).toContain(`listings.import ${row?.id}`);
  expect(row?.secrets).not.toContain("rt-1");
  const open = await openConnection(world.services.db, RING, world.shop.id, row?.id ?? "");
  expect(open?.credentials.secrets).toMatchObject({ refreshToken: "rt-1" });
  expect(open?.credentials.secrets).not.toHaveProperty("clientSecret");
});

test("F: a state works once, for its own shop and channel, and for half an hour", async () => {
  const page = await begin();
  const state = new URL(page).searchParams.get("state") ?? "";
  expect(JSON.stringify(await world.services.db.consentRequest.findMany())).not.toContain(state);
  const stolen = await comeBack(page, "south.myshopify.com");
  expect(await stolen.response.text()).toContain("This visit cannot be used");
  expect((await comeBack(page)).response.status).toBe(302);
  expect(await (await comeBack(page)).response.text()).toContain("This visit cannot be used");
  const late = await begin();
  const createdAt = new Date(Date.now() - 31 * 60_000);
  await world.services.db.consentRequest.updateMany({ data: { createdAt } });
  expect(await (await comeBack(late)).response.text()).toContain("This visit cannot be used");
  const made = await comeBack(`${world.url}/?state=made-up`);
  expect(await made.response.text()).toContain("This visit cannot be used");
  expect(await stored()).toHaveLength(1);
  expect(trades).toHaveLength(1);
});

test.each<[Consented, string]>([
  [{ outcome: "declined", why: "access_denied" }, "Bazaar was not connected"],
  [{ outcome: "throttled", retryAt: 1, why: "HTTP 429" }, "Bazaar is busy"],
  [{ outcome: "unavailable", why: "HTTP 503" }, "Bazaar does not answer"],
  [{ outcome: "unknown", why: "no answer" }, "Bazaar does not answer"],
  [
    { outcome: "unauthorized", why: "invalid_client", cause: "forbidden" },
    "Bazaar refuses Ballast",
  ],
])("F: %o has its own page, and connects nothing", async (outcome, heading) => {
  answer = outcome;
  const { response } = await comeBack(await begin());
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text).toContain(heading);
  expect(text).not.toContain("app-secret");
  expect(await stored()).toEqual([]);
});

test("F: an answer that does not fit its question is refused at the field", async () => {
  expect(await begin(NORTH(), { stall: "12" })).toContain("Enter it like this: 123");
  expect(await begin(NORTH(), { stall: "x1" })).toContain("Enter it like this: 123");
  expect(await world.services.db.consentRequest.count()).toBe(0);
});

test("F: a merchant who began at the marketplace brings what its consent goes on with", async () => {
  const from = "/app/channels/connect/bazaar?bazaar_state=their%20own&stall=999";
  const text = await (await send(NORTH(), from)).text();
  expect(text).toContain('name="bazaar_state" value="their own"');
  const page = await begin(NORTH(), {
    stall: "123",
    bazaar_state: "their own",
    long: "x".repeat(9_999),
  });
  await comeBack(page);
  expect(trades[0]?.asked.answers).toEqual({ stall: "123", bazaar_state: "their own" });
});

test("without our app's keys nobody is sent away, and the page names the variables only", async () => {
  const text = await (await send(NORTH(), "/app/channels/connect/closed")).text();
  expect(text).toContain("CLOSED_CLIENT_ID");
  expect(text).toContain("CLOSED_CLIENT_SECRET");
  await post(NORTH(), "/app/channels/connect/closed", { stall: "123" });
  expect(await world.services.db.consentRequest.count()).toBe(0);
  const list = await (await send(NORTH(), "/app/channels")).text();
  expect(list).toContain("CLOSED_CLIENT_ID");
  expect(list).not.toContain("BAZAAR_CLIENT_ID");
  expect(list).not.toContain("app-secret");
});

test("F: reconnecting keeps the connection, its name, settings and history, and ends the trouble", async () => {
  const { db } = world.services;
  await comeBack(await begin());
  const [before] = await stored();
  const id = before?.id ?? "";
  const settings = { stall: "123", queue: "own" };
  await db.connection.update({
    where: { id },
    data: {
      ...{ shutOut: "revoked", trouble: "Access: taken back", name: "My stall", settings },
      ...{ disconnectedAt: new Date(), ordersKnownTo: new Date(5_000), liveAt: new Date() },
    },
  });
  const secrets = { refreshToken: "rt-2" };
  answer = { outcome: "connected", accounts: [{ ...ACCOUNT, secrets, reconnectBy: null }] };
  const { response } = await comeBack(await begin());
  expect(response.headers.get("Location")).toBe(`/app/channels/${id}?connected=again`);
  const [after, ...others] = await stored();
  expect(others).toEqual([]);
  expect(after).toMatchObject({
    ...{ shutOut: null, trouble: null, disconnectedAt: null, reconnectBy: null },
    ...{ name: "My stall", ordersKnownTo: new Date(5_000), settings },
  });
  const open = await openConnection(db, RING, world.shop.id, id);
  expect(open?.credentials.secrets).toMatchObject(secrets);
});

test("F: a door that could not be registered is said on the connection, which works", async () => {
  subscribed = { outcome: "unavailable", why: "HTTP 503" };
  await comeBack(await begin());
  const [row] = await stored();
  expect(row).toMatchObject({ trouble: "Receiving messages: HTTP 503", shutOut: null });
  const text = await (await send(NORTH(), `/app/channels/${row?.id}`)).text();
  expect(text).toContain("Not everything works now. Receiving messages: HTTP 503");
});

test("F: disconnecting forgets the secrets, keeps the rest, and is said of a silent marketplace", async () => {
  const { db } = world.services;
  await comeBack(await begin());
  const [row] = await stored();
  const id = row?.id ?? "";
  const listing = { shopId: world.shop.id, connectionId: id, externalId: "L", title: "Tea" };
  await db.listing.create({ data: { ...listing, sku: "TEA" } });
  unsubscribed = { outcome: "unavailable", why: "HTTP 500" };
  const theirs = await post("south.myshopify.com", `/app/channels/${id}`, { intent: "disconnect" });
  expect(theirs.status).toBe(404);
  expect((await stored())[0]?.disconnectedAt).toBeNull();
  await post(NORTH(), `/app/channels/${id}`, { intent: "disconnect" });
  expect((await stored())[0]?.disconnectedAt).not.toBeNull();
  const open = await openConnection(db, RING, world.shop.id, id);
  expect(open?.credentials.secrets).toEqual({});
  expect(await db.listing.count({ where: { connectionId: id } })).toBe(1);
  expect(await world.services.session(open ?? (row as never))).toBeNull();
  const page = await (await send(NORTH(), `/app/channels/${id}`)).text();
  expect(page).toContain("You disconnected it");
  expect(page).not.toContain("Pause pushing");
  await db.listing.deleteMany();
});

test("buttons ask for their work, of one's own connections only", async () => {
  const { db } = world.services;
  await comeBack(await begin());
  const id = (await stored())[0]?.id ?? "";
  asked.length = 0;
  const press = (fields: Record<string, string>, shop = NORTH()) =>
    post(shop, `/app/channels/${id}`, fields);
  for (const intent of ["check", "import", "pause"]) {
    await press({ intent }, "south.myshopify.com");
  }
  expect(asked).toEqual([]);
  expect((await stored())[0]?.pausedAt).toBeNull();
  await press({ intent: "check" });
  await press({ intent: "import" });
  const own = ["connection.health", "orders.sweep", "listings.import"];
  expect(asked).toEqual(own.map((name) => `${name} ${id}`));
  await press({ intent: "pause" });
  expect((await stored())[0]?.pausedAt).not.toBeNull();
  await press({ intent: "resume" });
  expect((await stored())[0]?.pausedAt).toBeNull();
  expect(asked.at(-1)).toBe(`push.connection ${id}`);
  await press({ intent: "choose", driftPolicy: "report", feedHour: "22" });
  await press({ intent: "choose", driftPolicy: "report", feedHour: "24" });
  expect((await stored())[0]).toMatchObject({ driftPolicy: "report", feedHour: 22 });
  expect((await send("south.myshopify.com", `/app/channels/${id}`)).status).toBe(404);
  expect(await db.connectionTask.count()).toBe(0);
});
