import { z } from "zod";
import { SCOPES } from "../../inventory/scope.ts";
import { API_TEXT, SCOPE_TEXTS, TAG_TEXTS } from "./api-texts.ts";
import { PROBLEMS, type ProblemName } from "./problem.ts";
import type { Example, Route } from "./route.ts";
import { NAMED } from "./schemas.ts";

type Json = Record<string, unknown>;

const VERSION = "1.0.0";

/** What every route may refuse. */
const ANYWHERE: readonly ProblemName[] = [
  "malformed-request",
  "unauthorized",
  "insufficient-scope",
  "quota-exceeded",
  "overloaded",
  "internal-error",
];

/** The OpenAPI 3.1 document of these routes, made of the schemas that check their requests. */
export function openApi(routes: readonly Route[], server: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  return {
    openapi: "3.1.1",
    info: { title: "Ballast API", version: VERSION, description: API_TEXT },
    servers: [{ url: `${server}/api/v1` }],
    security: [{ token: [] }],
    tags: tags.map((name) => ({ name, description: TAG_TEXTS[name] ?? name })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: SCOPES.map((scope) => `${scope}: ${SCOPE_TEXTS[scope]}`).join("\n"),
        },
      },
      headers: HEADERS,
      schemas: jsonSchemas(),
    },
  };
}

function operation(route: Route): Json {
  const { id, tag, summary, description, scope, params, query, method } = route;
  const parameters = [
    ...parametersOf(route, "path", params),
    ...parametersOf(route, "query", query),
    ...(method === "post" ? [IDEMPOTENCY_KEY] : []),
  ];
  return {
    operationId: id,
    ...{ tags: [tag], summary, description: description ?? summary },
    security: [{ token: [scope] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...requestBody(route),
    responses: { ...goodAnswer(route), ...refusals(route) },
  };
}

const IDEMPOTENCY_KEY: Json = {
  name: "Idempotency-Key",
  in: "header",
  required: true,
  description: "One key, one effect, one answer: send the same one when you try again.",
  schema: { type: "string", minLength: 1, maxLength: 200 },
  example: "5f0c7b1e-9a51-4f7c-a7a3-2e8a0c2f7f10",
};

const HEADERS = {
  RateLimit: {
    description: 'What is left (r) until the window ends in t seconds: "token";r=11999;t=42',
    schema: { type: "string" },
  },
  "RateLimit-Policy": {
    description: 'Requests (q) a token may make in a window of w seconds: "token";q=12000;w=60',
    schema: { type: "string" },
  },
};
const LIMITS = {
  RateLimit: { $ref: "#/components/headers/RateLimit" },
  "RateLimit-Policy": { $ref: "#/components/headers/RateLimit-Policy" },
};

/** Parameters one by one, as OpenAPI wants them, from the object that checks them together. */
function parametersOf(route: Route, where: "path" | "query", schema: z.ZodType | undefined) {
  if (!schema) return [];
  const { properties = {}, required = [] } = toSchema(schema) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => {
    const examples = examplesOf(route, (example) =>
      where === "path" ? example.params?.[name] : example.query?.[name],
    );
    return {
      ...{ name, in: where, required: where === "path" || required.includes(name) },
      ...(description === undefined ? {} : { description }),
      ...{ schema: rest, ...examples },
    };
  });
}

function requestBody(route: Route): Json {
  const { body, textType } = route;
  if (!body) return {};
  const content: Json = {
    "application/json": {
      schema: toSchema(body),
      ...examplesOf(route, (example) => example.body),
    },
  };
  if (textType) {
    content[textType] = {
      schema: { type: "string" },
      ...examplesOf(route, (example) => example.text),
    };
  }
  return { requestBody: { required: true, content } };
}

function goodAnswer(route: Route): Json {
  const { status, description, schema, links } = route.answer;
  const examples = examplesOf(route, (example) => example.answer);
  const json = () => ({ "application/json": { schema: toSchema(schema), ...examples } });
  return {
    [status]: {
      ...{ description, headers: LIMITS },
      ...(schema instanceof z.ZodUndefined ? {} : { content: json() }),
      ...(links ? { links: Object.fromEntries(Object.entries(links).map(linkOf)) } : {}),
    },
  };
}

function linkOf([operationId, members]: [string, Record<string, string>]) {
  const parameters = Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, `$response.body#/${member}`]),
  );
  return [operationId, { operationId, parameters }] as const;
}

function refusals(route: Route): Json {
  const { body, query, params } = route;
  const invalid: ProblemName[] = body || query || params ? ["invalid-request"] : [];
  const ofPost: ProblemName[] = route.method === "post" ? ["idempotency-key-missing"] : [];
  const ofBody: ProblemName[] = route.body ? ["malformed-json", "body-too-large", "not-json"] : [];
  const needsRecord: ProblemName[] = route.record === "not-needed" ? [] : ["unavailable"];
  const names = [...route.problems, ...needsRecord, ...invalid, ...ofPost, ...ofBody, ...ANYWHERE];
  const byStatus = Map.groupBy([...new Set(names)], (name) => String(PROBLEMS[name].status));
  return Object.fromEntries([...byStatus].map(([status, some]) => [status, refusal(route, some)]));
}

function refusal(route: Route, names: readonly ProblemName[]): Json {
  const description = names.map((name) => `${name}: ${PROBLEMS[name].title}.`).join("\n");
  const schema = { $ref: "#/components/schemas/Problem" };
  const examples = examplesOf(route, ({ refused }) => {
    if (!refused || !names.includes(refused.problem)) return undefined;
    const { problem, detail } = refused;
    return { type: `/problems/${problem}`, ...PROBLEMS[problem], detail };
  });
  return { description, content: { "application/problem+json": { schema, ...examples } } };
}

/** The examples that have such a part, by a name that all parts of one example share. */
function examplesOf({ examples, id }: Route, part: (example: Example) => unknown): Json {
  const some = examples.flatMap((example, at) => {
    const value = part(example);
    return value === undefined ? [] : [[`${id}-${at + 1}`, { summary: example.summary, value }]];
  });
  return some.length > 0 ? { examples: Object.fromEntries(some) } : {};
}

/** A schema in place; named ones inside it are references. */
function toSchema(schema: z.ZodType): Json {
  const id = NAMED.idOf(schema);
  return id ? { $ref: refTo(id) } : (jsonSchemas([["here", schema]]).here ?? {});
}

/**
 * The named schemas, and what is asked for besides them. Answers are described like requests, as
 * what has at least these members: a program that reads them is to bear more.
 */
function jsonSchemas(more: [string, z.ZodType][] = []): Record<string, Json> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of [...NAMED.entries(), ...more]) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: refTo, io: "input", override: simpler });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema, $id, ...rest }]) => [id, rest as Json]),
  );
}

const refTo = (id: string) => `#/components/schemas/${id}`;

/** Says once what a format says, and leaves bounds out that only JavaScript has. */
function simpler({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
