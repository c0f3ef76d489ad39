import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { walmart } from "../../../connectors/walmart/connector.ts";
import { reasonsOf } from "../../../connectors/walmart/errors.ts";
import { retryAtOf, toldRate } from "../../../connectors/walmart/rate.ts";
import { WALMART_SANDBOX } from "../../../connectors/walmart/sandbox/account.ts";

const API = "https://marketplace.walmartapis.com/v3";
const NOW = 1_764_000_000_000;

const server = setupServer(
  http.post(`${API}/token`, () => HttpResponse.json({ access_token: "t", expires_in: "900" })),
);
beforeEach(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => {
  server.resetHandlers();
  server.close();
});

const session = walmart.connect({ connection: "c", ...WALMART_SANDBOX }, { now: () => NOW });
const line = { externalId: "S", handle: { sku: "S" }, quantity: 1, expected: null, key: "k" };

const answering = (answer: () => Response) => {
  server.use(http.put(`${API}/inventory`, answer), http.get(`${API}/inventories/S`, answer));
};

const told = (status: number, code: string) =>
  HttpResponse.json({ errors: [{ code, description: "Why." }] }, { status });

const rows: [title: string, answer: () => Response, push: string, read: string][] = [
  ["400", () => told(400, "INVALID_REQUEST_PARAM"), "rejected", "not-supported"],
  ["403", () => told(403, "FORBIDDEN.GMP_GATEWAY_API"), "unauthorized", "unauthorized"],
  ["404", () => told(404, "CONTENT_NOT_FOUND"), "rejected", "read"],
  ["415", () => told(415, "UNSUPPORTED_MEDIA_TYPE"), "rejected", "not-supported"],
  ["423", () => told(423, "RESOURCE_IS_LOCKED.GMP_RECEIVER_API"), "unavailable", "unavailable"],
  ["429", () => told(429, "REQUEST_THRESHOLD_VIOLATED"), "throttled", "throttled"],
  ["500", () => told(500, "SYSTEM_ERROR"), "unknown", "unavailable"],
  ["503 of nobody", () => new Response("", { status: 503 }), "unavailable", "unavailable"],
  ["504", () => told(504, "DOWNSTREAM_SYSTEM_TIME_OUT"), "unknown", "unavailable"],
  ["200 in XML", () => new Response("<inventory/>"), "unknown", "unavailable"],
  ["200 of another shape", () => HttpResponse.json([]), "unknown", "unavailable"],
];

test.each(rows)("F: %s leaves a write %s and a read %s", async (_title, answer, push, read) => {
  answering(answer);
  expect((await session.push([line]))[0]?.outcome).toBe(push);
  expect((await session.readBack([line])).outcome).toBe(read);
});

test("F: amounts as text, nodes without brackets, and no number of what is left are read", async () => {
  const nodes = { shipNode: 7, inputQty: { amount: "5" }, reservedQty: { amount: "2" } };
  answering(() => HttpResponse.json({ sku: "S", nodes }));
  expect(await session.readBack([line])).toEqual({
    outcome: "read",
    rows: [{ externalId: "S", quantity: 3 }],
  });
});

test("F: without a named node buyers are shown what lies at all of them", async () => {
  const node = (shipNode: string, amount: number) => ({ shipNode, availToSellQty: { amount } });
  answering(() =>
    HttpResponse.json({ sku: "S", nodes: [node("1", 3), node("2", -1), node("3", 4)] }),
  );
  expect(await session.readBack([line])).toMatchObject({ rows: [{ quantity: 7 }] });
});

const scopes: [scopes: object, outcome: string][] = [
  [{ inventory: "full_access", orders: "view_only" }, "healthy"],
  [{ inventory: "view_only", orders: "view_only" }, "unauthorized"],
  [{ inventory: "full_access", orders: "no_access" }, "unauthorized"],
  [{}, "healthy"],
];

test.each(scopes)("F: a token with %j is %s", async (granted, outcome) => {
  const detail = { is_valid: true, scopes: granted };
  server.use(http.get(`${API}/token/detail`, () => HttpResponse.json(detail)));
  expect((await session.health()).outcome).toBe(outcome);
});

test("F: a token that Walmart itself calls invalid is revoked", async () => {
  server.use(http.get(`${API}/token/detail`, () => HttpResponse.json({ is_valid: "false" })));
  expect(await session.health()).toMatchObject({ outcome: "unauthorized", cause: "revoked" });
});

const error = { code: "C", field: "f", description: "D" };

const shapes: [title: string, body: unknown, reason: string][] = [
  ["a list", { errors: [error, { code: "E", message: "M" }] }, "C f D; E M"],
  ["a list in an object", { errors: { error: [error] } }, "C f D"],
  ["an object", { errors: error }, "C f D"],
  ["an object in an object", { errors: { error } }, "C f D"],
  ["the gateway's", { error: [{ code: "C", info: "I" }] }, "C I"],
  ["nothing", null, "no reason given"],
  ["an empty list", { errors: [] }, "no reason given"],
  ["text", "<html>", "no reason given"],
];

test.each(shapes)("F: errors as %s", (_title, body, reason) => {
  expect(reasonsOf(body)).toBe(reason);
});

const headers: [title: string, headers: Record<string, string>, expected: object | null][] = [
  [
    "ms",
    { "x-current-token-count": "7", "x-next-replenishment-time": String(NOW) },
    { left: 7, moreAt: NOW },
  ],
  ["seconds", { "X-Next-Replenishment-Time": String(NOW / 1_000) }, { moreAt: NOW }],
  ["text", { "x-next-replenish-time": new Date(NOW).toUTCString() }, { moreAt: NOW }],
  ["nothing", {}, null],
  ["nonsense", { "x-current-token-count": "many", "x-next-replenishment-time": "soon" }, null],
];

test.each(headers)("F: a limit told in %s", (_title, given, expected) => {
  expect(toldRate(new Headers(given))).toEqual(expected);
});

const retries: [headers: Record<string, string>, inMs: number][] = [
  [{ "retry-after": "90" }, 90_000],
  [{ "retry-after": new Date(NOW + 5_000).toUTCString() }, 5_000],
  [{ "x-next-replenishment-time": String(NOW + 250) }, 250],
  [{ "x-next-replenishment-time": String(NOW - 250) }, 300],
  [{}, 300],
];

test.each(retries)("F: after a 429 with %j we come again in %d ms", (given, inMs) => {
  expect(retryAtOf(new Headers(given), NOW, 300)).toBe(NOW + inMs);
});
