import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createMetrics } from "../../app/api/metrics.ts";
import { apiRoutes } from "../../app/api/router.ts";
import { ensureLocation } from "../../prisma/locations.ts";
import { ApiDocument, type Json, type Operation } from "./api-document.ts";
import { client, type Reply, startWorld, type World } from "./world.ts";

/*
 * The document is generated from what the server checks with; this test reads it as a stranger
 * would: it sends every example the document shows to a real server, fills ids in by the
 * document's own links, and checks every answer against the document's schemas.
 */

let world: World;
let ask: ReturnType<typeof client>;
let api: ApiDocument;
let document: Json;

beforeAll(async () => {
  world = await startWorld();
  ask = client(world.url, world.token);
  api = await ApiDocument.read(world.url);
  document = api.document;
  await ensureLocation(world.services.db, world.shop.id, { code: "STORE", name: "Store" });
  await world.stock("TEE-BLK-M", 100);
});

afterAll(() => world.stop());

const operations = () => api.operations();

/** Names of an operation's examples: all parts of one share a name. */
function exampleNames({ spec }: Operation): string[] {
  const names = new Set<string>();
  const note = (part: Json) => {
    for (const name of Object.keys(part?.examples ?? {})) names.add(name);
  };
  for (const parameter of spec.parameters ?? []) note(parameter);
  for (const type of Object.values<Json>(spec.requestBody?.content ?? {})) note(type);
  for (const { content = {} } of Object.values<Json>(spec.responses)) {
    for (const type of Object.values<Json>(content)) note(type);
  }
  return names.size === 0 ? ["plain"] : [...names];
}

/** Sends one example. What its path needs and it does not say, a link of the document leads to. */
async function send(operation: Operation, name: string): Promise<Reply> {
  const { method, spec } = operation;
  const query = new URLSearchParams();
  let { path } = operation;
  for (const parameter of spec.parameters ?? []) {
    const value = parameter.examples?.[name]?.value;
    if (parameter.in === "query" && value !== undefined) query.set(parameter.name, String(value));
    if (parameter.in !== "path") continue;
    const known = value ?? (await follow(spec.operationId, parameter.name));
    path = path.replace(`{${parameter.name}}`, encodeURIComponent(known));
  }
  const search = query.size > 0 ? `?${query}` : "";
  for (const [type, { examples }] of Object.entries<Json>(spec.requestBody?.content ?? {})) {
    const body = examples?.[name]?.value;
    if (body === undefined) continue;
    if (type === "application/json") return ask(method.toUpperCase(), path + search, body);
    return sendText(path + search, type, body);
  }
  return ask(method.toUpperCase(), path + search);
}

async function sendText(path: string, type: string, body: string): Promise<Reply> {
  const response = await fetch(`${world.url}/api/v1${path}`, {
    method: "POST",
    headers: {
      ...{ Authorization: `Bearer ${world.token}`, "Content-Type": type },
      "Idempotency-Key": crypto.randomUUID(),
    },
    body,
  });
  return {
    ...{ status: response.status, headers: response.headers },
    body: await response.json(),
  };
}

/** The value of a parameter, from the answer of an operation that links to this one. */
async function follow(operationId: string, parameter: string): Promise<string> {
  for (const operation of operations()) {
    for (const answer of Object.values<Json>(operation.spec.responses)) {
      const pointer = answer.links?.[operationId]?.parameters[parameter];
      if (pointer === undefined) continue;
      const { body } = await send(operation, exampleNames(operation)[0] ?? "");
      return String(body[pointer.replace("$response.body#/", "")]);
    }
  }
  throw new Error(`no link leads to ${operationId}`);
}

test("it is an OpenAPI 3.1 document in which every route is", () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  const routes = apiRoutes(world.services, createMetrics()).map(({ method, path }) => {
    return `${method} ${path}`;
  });
  expect(
    operations()
      .map(({ method, path }) => `${method} ${path}`)
      .sort(),
  ).toEqual(routes.sort());
  const ids = operations().map(({ spec }) => spec.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { spec } of operations()) expect(spec.security[0].token).toHaveLength(1);
  expect(JSON.stringify(document)).not.toContain(world.token);
});

test("every reference leads somewhere, and every link to an operation", () => {
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g);
  for (const [, kind = "", name = ""] of references) {
    expect(document.components[kind]).toHaveProperty(name);
  }
  const ids = operations().map(({ spec }) => spec.operationId);
  for (const { spec } of operations()) {
    for (const answer of Object.values<Json>(spec.responses)) {
      for (const link of Object.keys(answer.links ?? {})) expect(ids).toContain(link);
    }
  }
});

describe("every example of the document", () => {
  test("is what its own schema takes, or answers", () => {
    for (const { path, spec } of operations()) {
      const bodies = Object.values<Json>(spec.requestBody?.content ?? {});
      const answers = Object.values<Json>(spec.responses).flatMap((one) =>
        Object.values<Json>(one.content ?? {}),
      );
      for (const { schema, examples = {} } of [...bodies, ...answers]) {
        const check = api.compile(schema);
        for (const [name, { value }] of Object.entries<Json>(examples)) {
          check(value);
          expect(check.errors ?? [], `${path} ${name}`).toEqual([]);
        }
      }
    }
  });

  test("does on a real server what the document says", async () => {
    for (const operation of operations()) {
      const { spec } = operation;
      for (const name of exampleNames(operation)) {
        // What was just taken comes into the record a moment later.
        const recorded = async () => {
          const one = await send(operation, name);
          return spec.operationId === "getHold" && one.status === 404 ? null : one;
        };
        const reply = await vi.waitUntil(recorded, { timeout: 20_000 });
        const why = `${spec.operationId} ${name}: ${JSON.stringify(reply.body)}`;
        expect(String(reply.status), why).toBe(expectedStatus(spec, name));
        api.check(operation, reply);
      }
    }
  });
});

/** The status whose answer the example shows; the good one when it shows none. */
function expectedStatus({ responses }: Json, name: string): string | undefined {
  const statuses = Object.keys(responses);
  const shows = (status: string) =>
    Object.values<Json>(responses[status].content ?? {}).some(
      ({ examples = {} }) => name in examples,
    );
  return statuses.find(shows) ?? statuses.find((status) => status < "300");
}
