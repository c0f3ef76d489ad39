import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Connector, RawRequest, Session } from "../../../connectors/connector.ts";
import { CONNECTORS } from "../../../connectors/registry.ts";
import {
  SANDBOX_CHANNELS,
  type SandboxChannel,
  sandboxAccount,
} from "../../../connectors/sandbox/sandboxes.ts";
import { type SandboxServer, startSandboxes } from "../../../connectors/sandbox/server.ts";
import { JACKET, lineFor, messageOf, shownOf } from "../harness.ts";

interface Door {
  url: string;
  heard: (RawRequest & { path: string })[];
  close(): Promise<void>;
}

let door: Door;
let server: SandboxServer;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ballast-sandbox-"));
  door = await openDoor();
  server = await start();
});
afterEach(async () => {
  await server.stop();
  await door.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = () =>
  startSandboxes({
    port: 0,
    doorUrl: door.url,
    stateFile: join(folder, "state.json"),
    lag: "none",
  });

async function openDoor(): Promise<Door> {
  const heard: Door["heard"] = [];
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    heard.push({ path: request.url ?? "", headers, body: Buffer.concat(chunks) });
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

async function control(method: string, path: string, body?: unknown) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${server.url}/sandbox${path}`, init);
  return { status: response.status, body: await response.json() };
}

function connect(channel: SandboxChannel): { connector: Connector; session: Session } {
  const connector: Connector = CONNECTORS[channel];
  const account = { connection: `c-${channel}`, ...sandboxAccount(channel) };
  return { connector, session: connector.connect(account, { baseUrl: server.url, now: Date.now }) };
}

async function stocked(channel: SandboxChannel) {
  await control("PUT", `/${channel}/account`, { connection: `c-${channel}` });
  await control("POST", `/${channel}/listings`, [JACKET]);
  const { connector, session } = connect(channel);
  const page = await session.listings(null);
  const row = page.outcome === "page" ? page.rows[0] : undefined;
  if (!row) throw new Error(JSON.stringify(page));
  return { connector, session, row };
}

test.each(SANDBOX_CHANNELS)("F: %s is pushed to and read back over the wire", async (channel) => {
  const { session, row } = await stocked(channel);
  expect(await session.push([lineFor(row, 4, 10)])).toEqual([{ outcome: "accepted" }]);
  expect(await shownOf(session, row)).toBe(4);
  await control("POST", `/${channel}/faults`, { hangUpNext: 1 });
  expect(await session.push([lineFor(row, 3, 4)]), "the line was cut").toMatchObject([
    { outcome: "unknown" },
  ]);
  expect(await shownOf(session, row)).toBe(3);
});

/** What was heard of orders; numbers that changed with them are told, too. */
const ofOrders = (door: Door) =>
  door.heard.filter(({ headers }) => headers["x-shopify-topic"]?.startsWith("orders/"));

test("F: a Shopify sale is posted to the door of its connection, signed", async () => {
  const { connector } = await stocked("shopify");
  const sold = await control("POST", "/shopify/buy", { sku: JACKET.sku, quantity: 2 });
  expect(sold).toMatchObject({ status: 201, body: { order: { lines: [{ quantity: 2 }] } } });
  await expect.poll(() => ofOrders(door).length, { timeout: 20_000 }).toBe(1);
  const [request] = ofOrders(door);
  if (!request) throw new Error("nothing heard");
  expect(request.path).toBe("/webhooks/shopify/c-shopify");
  const account = { connection: "c-shopify", ...sandboxAccount("shopify") };
  const message = messageOf(await connector.verify(request, account, { now: Date.now }));
  expect(connector.translate(message)).toMatchObject([{ fact: "sell", quantity: 2 }]);
});

test("F: an Amazon sale is waited for at the queue", async () => {
  const { connector, session } = await stocked("amazon");
  const waiting = session.receive?.(20_000, new AbortController().signal);
  await control("POST", "/amazon/buy", { sku: JACKET.sku, quantity: 2 });
  const answer = await waiting;
  if (answer?.outcome !== "received") throw new Error(JSON.stringify(answer));
  const [delivery] = answer.deliveries;
  expect(connector.translate(messageOf(delivery?.verification))).toMatchObject([
    { fact: "sell", quantity: 2 },
  ]);
  await delivery?.done();
  expect((await control("GET", "/state")).body.amazon.messages.waiting).toBe(0);
});

test("F: an order is forced, shipped in part and cancelled under its given name", async () => {
  await stocked("shopify");
  const order = { orderId: "536365", lines: [{ sku: JACKET.sku, quantity: 12 }], at: 1_000 };
  expect((await control("POST", "/shopify/orders", order)).status).toBe(201);
  const again = await control("POST", "/shopify/orders", order);
  expect(again).toMatchObject({ status: 200, body: { order: { createdAt: 1_000 } } });
  expect((await control("GET", "/state")).body.shopify.listings[0].displayed).toBe(-2);
  const ship = await control("POST", "/shopify/orders/536365/ship", {
    lines: [{ sku: JACKET.sku, quantity: 5 }],
  });
  expect(ship.body).toMatchObject({ changed: true, order: { lines: [{ shipped: 5 }] } });
  const cancel = await control("POST", "/shopify/orders/536365/cancel");
  expect(cancel.body).toMatchObject({ changed: true, order: { lines: [{ cancelled: 7 }] } });
  const nothing = await control("POST", "/shopify/orders/536365/cancel");
  expect(nothing.body).toMatchObject({ changed: false });
  await expect.poll(() => ofOrders(door).length, { timeout: 20_000 }).toBe(3);
});

const refusals: [method: string, path: string, body: unknown, status: number][] = [
  ["POST", "/shopify/buy", { sku: JACKET.sku, quantity: 99 }, 409],
  ["POST", "/shopify/buy", { sku: "NOBODY", quantity: 1 }, 422],
  ["POST", "/shopify/buy", { sku: JACKET.sku, quantity: 0 }, 400],
  ["POST", "/shopify/orders", { lines: [] }, 400],
  ["POST", "/shopify/orders/none/ship", {}, 404],
  ["POST", "/shopify/faults", { drop: 7 }, 400],
  ["PUT", "/settings", { lag: "soon" }, 400],
  ["GET", "/etsy/orders", undefined, 404],
];

test.each(refusals)("F: %s %s %o is refused with %d", async (method, path, body, status) => {
  await stocked("shopify");
  const answer = await control(method, path, body);
  expect(answer.status).toBe(status);
});

test("F: settings are changed while it runs, and a lag may be a range", async () => {
  const changed = await control("PUT", "/settings", { lag: "100-200", doorUrl: null });
  expect(changed.body).toEqual({ seed: 1, lag: { minMs: 100, maxMs: 200 }, doorUrl: null });
  expect((await control("GET", "/settings")).body).toEqual(changed.body);
});

test("F: a second start finds what was sold and shown, and a reset forgets it", async () => {
  const { session, row } = await stocked("amazon");
  await session.push([lineFor(row, 6)]);
  await control("POST", "/amazon/buy", { sku: JACKET.sku, quantity: 1 });
  await control("POST", "/amazon/faults", { outage: true });
  await server.stop();
  server = await start();
  const { amazon } = (await control("GET", "/state")).body;
  expect(amazon).toMatchObject({
    connection: "c-amazon",
    listings: [{ sku: JACKET.sku, displayed: 5 }],
    orders: { count: 1 },
    messages: { waiting: 1 },
    faults: { outage: false },
  });
  const forgotten = (await control("POST", "/reset")).body.amazon;
  expect(forgotten).toMatchObject({ connection: "c-amazon", listings: [], orders: { count: 0 } });
});

test("F: what no marketplace answers is an error with its name", async () => {
  const headers = { "x-forwarded-host": "api.etsy.com" };
  const response = await fetch(`${server.url}/v3/listings`, { headers });
  expect(response.status).toBe(501);
  expect(await response.json()).toEqual({
    error: "no sandbox answers GET https://api.etsy.com/v3/listings",
  });
});
