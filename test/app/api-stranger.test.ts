import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureLocation } from "../../prisma/locations.ts";
import { ensureShop } from "../../prisma/shops.ts";
import { createToken } from "../../prisma/tokens.ts";
import { ApiDocument, type Operation } from "./api-document.ts";
import { anyBody, anyValue } from "./strange-values.ts";
import { client, type Reply, startWorld, type World } from "./world.ts";

/*
 * A stranger at the API, who knows its document and has no good will: whatever is sent to whichever
 * operation, the answer is one that the document promises, and none is a failure of ours.
 */

/** To each operation, all at once. */
const WISHES = 20;

let world: World;
let api: ApiDocument;
/** Ids that lead deep into the operations. */
const known = { hold: "", webhook: "", snapshot: "" };

beforeAll(async () => {
  world = await startWorld();
  api = await ApiDocument.read(world.url);
  await ensureLocation(world.services.db, world.shop.id, { code: "STORE", name: "Store" });
  await world.stock("TEE-BLK-M", 1_000_000);
  const ask = client(world.url, world.token);
  const line = { sku: "TEE-BLK-M", quantity: 1 };
  known.hold = (await ask("POST", "/holds", { lines: [line] })).body.id;
  const url = "https://example.com/in";
  known.webhook = (await ask("POST", "/webhooks", { url, events: ["oversold"] })).body.id;
  const counts = [{ sku: "TEE-BLK-M", location: "STORE", quantity: 0 }];
  known.snapshot = (await ask("POST", "/snapshots", { counts })).body.id;
});

afterAll(() => world.stop());

interface Wish {
  method: string;
  path: string;
  body?: string | Buffer | undefined;
  headers?: Record<string, string> | undefined;
}

async function send({ method, path, body, headers = {} }: Wish): Promise<Reply> {
  const response = await fetch(`${world.url}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${world.token}`,
      ...(method === "POST" ? { "Idempotency-Key": crypto.randomUUID() } : {}),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
  });
  const text = await response.text();
  const json = response.headers.get("Content-Type")?.includes("json");
  return {
    status: response.status,
    headers: response.headers,
    body: json && text !== "" ? JSON.parse(text) : text,
  };
}

/** Requests to an operation: mostly of the shape it asks for, with whatever in it. */
function wishes({ path, method, spec }: Operation): fc.Arbitrary<Wish> {
  const ids = Object.values(known);
  const parameters = (spec.parameters ?? []).map(
    ({ name, in: where, schema, required }: Record<string, never>) =>
      fc.tuple(
        fc.constant(name),
        fc.constant(where),
        fc.option(
          where === "path"
            ? fc.oneof(fc.constantFrom("TEE-BLK-M", ...ids), anyValue(api.document, schema))
            : anyValue(api.document, schema),
          { nil: undefined, freq: required ? 20 : 2 },
        ),
      ),
  );
  const schema = spec.requestBody?.content["application/json"]?.schema;
  const body = schema ? anyBody(api.document, schema) : fc.constant(undefined);
  return fc.tuple(fc.tuple(...parameters), body).map(([given, sent]) => {
    const query = new URLSearchParams();
    let at = path;
    for (const [name, where, value] of given as [string, string, unknown][]) {
      const text = typeof value === "object" ? JSON.stringify(value) : String(value ?? "x");
      if (where === "path") at = at.replace(`{${name}}`, encoded(text) || "x");
      else if (value !== undefined) query.append(name, text);
    }
    const search = query.size > 0 ? `?${query}` : "";
    return { method: method.toUpperCase(), path: at + search, body: sent };
  });
}

/** A lone half of a character has no form in an address. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/^\.+$/, "x");
}

test("G: whatever is sent to an operation, the answer is one that the document promises", async () => {
  // What takes something away that the others need comes last.
  const operations = api.operations().sort((a, b) => rank(a) - rank(b));
  for (const operation of operations) {
    const sent = fc.sample(wishes(operation), WISHES);
    const replies = await Promise.all(sent.map(send));
    replies.forEach((reply, at) => {
      const why = JSON.stringify(sent[at]);
      expect(reply.status, `${why}: ${JSON.stringify(reply.body)}`).toBeLessThan(500);
      api.check(operation, reply, why);
    });
  }
}, 120_000);

const rank = ({ method }: Operation) => (method === "delete" ? 1 : 0);

test.each<[string, Wish, number, string]>([
  ["a method it does not have", { method: "PUT", path: "/holds" }, 405, "method-not-allowed"],
  ["a path that is no text", { method: "GET", path: "/stock/%E0%A4%A" }, 400, "malformed-request"],
  ["nothing there", { method: "GET", path: "/hold" }, 404, "unknown-route"],
  ["no JSON", { method: "POST", path: "/holds", body: "{" }, 400, "malformed-json"],
  [
    "no UTF-8",
    { method: "POST", path: "/items", body: Buffer.from('{"sku":"\xff"}', "latin1") },
    415,
    "not-json",
  ],
  [
    "another type",
    { method: "POST", path: "/holds", body: "<a/>", headers: { "Content-Type": "text/xml" } },
    415,
    "not-json",
  ],
  [
    "an encoding nobody knows",
    { method: "POST", path: "/holds", body: "{}", headers: { "Content-Encoding": "lzma" } },
    415,
    "not-json",
  ],
  [
    "gzip that is none",
    { method: "POST", path: "/holds", body: "{}", headers: { "Content-Encoding": "gzip" } },
    400,
    "malformed-request",
  ],
  [
    "far too much",
    { method: "POST", path: "/holds", body: JSON.stringify({ a: "x".repeat(300_000) }) },
    413,
    "body-too-large",
  ],
  [
    "a text that cannot be kept",
    { method: "GET", path: "/movements?sku=%00" },
    422,
    "invalid-request",
  ],
  [
    "a key that is no header",
    { method: "POST", path: "/holds", body: "{}", headers: { "Idempotency-Key": "a b" } },
    422,
    "invalid-request",
  ],
])("G: %s is refused by its name", async (_, wish, status, problem) => {
  const reply = await send(wish);
  expect(reply).toMatchObject({ status, body: { status, type: `/problems/${problem}` } });
  expect(reply.headers.get("Content-Type")).toContain("application/problem+json");
});

test("G: an address says what it does; a head is its answer without the body", async () => {
  const wrong = await send({ method: "DELETE", path: "/items/TEE-BLK-M" });
  expect(wrong.headers.get("Allow")).toBe("GET, PATCH, HEAD, OPTIONS");
  const asked = await send({ method: "OPTIONS", path: "/holds" });
  expect([asked.status, asked.headers.get("Allow")]).toEqual([204, "POST, GET, HEAD, OPTIONS"]);
  const head = await send({ method: "HEAD", path: "/stock/TEE-BLK-M" });
  expect([head.status, head.body]).toEqual([200, ""]);
  const slash = await send({ method: "GET", path: "/stock/TEE-BLK-M/?what=else" });
  expect(slash).toMatchObject({ status: 200, body: { sku: "TEE-BLK-M" } });
});

test("G: another tenant's cursors and ids lead nowhere", async () => {
  const { db } = world.services;
  const other = await ensureShop(db, "other.example", "Other");
  await world.stock("OTHERS", 5, other);
  const ask = client(world.url, await createToken(db, other.id, "other"));
  const lists = ["/items", "/movements", "/listings", "/holds"];
  for (const list of lists) {
    const mine = await send({ method: "GET", path: `${list}?limit=1` });
    const cursor = encodeURIComponent(String(mine.body.next ?? known.hold));
    const theirs = await ask("GET", `${list}?after=${cursor}`);
    expect([200, 422], `${list} ${theirs.status}`).toContain(theirs.status);
    expect(JSON.stringify(theirs.body)).not.toContain("TEE-BLK-M");
  }
  for (const path of [`/holds/${known.hold}`, `/webhooks/${known.webhook}`]) {
    expect(await ask("GET", path)).toMatchObject({ status: 404 });
  }
  expect(await ask("GET", `/snapshots/${known.snapshot}`)).toMatchObject({ status: 404 });
});

test("G: one key asked for at once is one effect and one answer, and no other request's", async () => {
  const key = { "Idempotency-Key": crypto.randomUUID() };
  const movement = { sku: "TEE-BLK-M", location: "STORE", type: "receive", quantity: 3 };
  const bodies = [
    ["/movements", { ...movement, reason: "delivery" }, { ...movement, quantity: 4, reason: "x" }],
    ["/items", { sku: "ONE-KEY", title: "One" }, undefined], // the SKU is the key
    ["/snapshots", { counts: [{ sku: "TEE-BLK-M", location: "MAIN", quantity: 7 }] }, undefined],
  ] as const;
  for (const [path, body, other] of bodies) {
    const wish = { method: "POST", path, headers: key };
    const same = Array.from({ length: 10 }, () => send({ ...wish, body: JSON.stringify(body) }));
    const replies = await Promise.all(same);
    const [first] = replies;
    expect(first?.status, JSON.stringify(first?.body)).toBeLessThan(300);
    for (const { status, body: said } of replies) {
      expect({ status, said }, path).toEqual({ status: first?.status, said: first?.body });
    }
    if (!other) continue;
    const reused = await send({ ...wish, body: JSON.stringify(other) });
    expect(reused, path).toMatchObject({
      status: 422,
      body: { type: "/problems/idempotency-key-reused" },
    });
  }
});
