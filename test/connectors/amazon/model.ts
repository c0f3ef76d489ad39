import { Ajv, type ErrorObject } from "ajv";
import addFormats from "ajv-formats";
import { readModel } from "../models.ts";

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  enum?: string[];
  items?: { enum?: string[] };
  schema?: object;
}

interface ModelOperation {
  operationId: string;
  description?: string;
  parameters: Parameter[];
  responses: Record<string, { schema?: object }>;
}

interface Swagger {
  paths: Record<string, Record<string, ModelOperation>>;
  definitions: object;
}

/** What a call did wrong by Amazon's own model: empty = nothing. */
export type Check = (request: Request, response: Response) => Promise<string[]>;

const FILES = [
  "listingsItems_2021-08-01",
  "orders_2026-01-01",
  "feeds_2021-06-30",
  "reports_2021-06-30",
  "fbaInventory",
  "notifications",
  "sellers",
];

/** Checks whole calls against Amazon's models; null where they are absent. */
export function amazonModel(): Check | null {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  const swaggers = FILES.map((name) => readModel(`amazon/${name}.json`) as Swagger | null);
  const known = swaggers.filter((one) => one !== null);
  if (known.length < FILES.length) return null;
  known.forEach((swagger, at) => {
    ajv.addSchema({ $id: `model:${at}`, definitions: swagger.definitions });
  });
  // Each schema once: a battery asks for the same ones a hundred times.
  const checks = new WeakMap<object, ReturnType<Ajv["compile"]>>();
  return async (request, response) => {
    const found = known.flatMap((swagger, at) => operationsOf(swagger, request, at));
    const [match] = found;
    if (!match) return [`no operation for ${request.method} ${request.url}`];
    const { operation, at } = match;
    const validate = (schema: object, value: unknown, what: string) => {
      const check = checks.get(schema) ?? ajv.compile(inModel(schema, at) as object);
      checks.set(schema, check);
      return check(value) ? [] : (check.errors ?? []).map((error) => said(what, error));
    };
    const body = operation.parameters.find((one) => one.in === "body");
    const answer = operation.responses[String(response.status)];
    return [
      ...queryTrouble(operation, new URL(request.url).searchParams),
      ...(body?.schema ? validate(body.schema, await request.json(), "request") : []),
      ...(answer?.schema
        ? validate(answer.schema, await response.json(), `response ${response.status}`)
        : [`${operation.operationId} has no response ${response.status}`]),
    ];
  };
}

/** How often each operation may be called, as its description tells it; null without models. */
export function modelPlans(): Map<string, { perSecond: number; burst: number }> | null {
  const swaggers = FILES.map((name) => readModel(`amazon/${name}.json`) as Swagger | null);
  if (swaggers.some((one) => one === null)) return null;
  const operations = swaggers
    .flatMap((swagger) => Object.values(swagger?.paths ?? {}))
    .flatMap((path) => Object.values(path))
    .filter((one) => typeof one === "object" && "operationId" in one);
  const plans = operations.flatMap(({ operationId, description = "" }) => {
    const [, perSecond, burst] = /\|\s*([\d.]+)\s*\|\s*([\d.]+)\s*\|/.exec(description) ?? [];
    const plan = { perSecond: Number(perSecond), burst: Number(burst) };
    return perSecond === undefined ? [] : [[operationId, plan] as const];
  });
  return new Map(plans);
}

function operationsOf(swagger: Swagger, request: Request, at: number) {
  const { pathname } = new URL(request.url);
  const path = Object.keys(swagger.paths).find((one) =>
    new RegExp(`^${one.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(pathname),
  );
  const operation = path ? swagger.paths[path]?.[request.method.toLowerCase()] : undefined;
  return operation ? [{ operation, at }] : [];
}

/** References stay inside the model they come from. */
function inModel(schema: unknown, at: number): unknown {
  if (Array.isArray(schema)) return schema.map((one) => inModel(one, at));
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, value]) => [
    name,
    name === "$ref" && typeof value === "string" ? `model:${at}${value}` : inModel(value, at),
  ]);
  return Object.fromEntries(entries);
}

function queryTrouble(operation: ModelOperation, query: URLSearchParams): string[] {
  const parameters = operation.parameters.filter((one) => one.in === "query");
  const missing = parameters
    .filter((one) => one.required && !query.has(one.name))
    .map((one) => `query ${one.name} is missing`);
  const wrong = [...query].flatMap(([name, value]) => {
    const known = parameters.find((one) => one.name === name);
    if (!known) return [`query ${name} is not known`];
    const allowed = known.items?.enum ?? known.enum;
    const values = value.split(",").filter((one) => allowed && !allowed.includes(one));
    return values.map((one) => `query ${name} cannot be ${one}`);
  });
  return [...missing, ...wrong];
}

const said = (what: string, error: ErrorObject) =>
  `${what} ${error.instancePath || "/"} ${error.message ?? ""}`;

/** Says what is wrong with a document: empty = nothing. */
export type CheckDocument = (body: unknown) => string[];

/** Checks a notification against its own schema; null where it is absent. */
export function notificationModel(name = "OrderChangeNotification"): CheckDocument | null {
  return documentModel(`notifications/${name}`);
}

/** The same for feeds (`listings-feed-schema-v2`) and their reports. */
export function feedModel(name: string): CheckDocument | null {
  return documentModel(`feeds/${name}`);
}

function documentModel(path: string): CheckDocument | null {
  const schema = readModel(`amazon/schemas/${path}.json`);
  if (!schema) return null;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  // Its "$id"s are paths into itself, written like addresses: without them it means the same.
  const check = ajv.compile(withoutIds(schema) as object);
  return (body) => (check(body) ? [] : (check.errors ?? []).map((error) => said("", error)));
}

function withoutIds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutIds);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).filter(([name]) => name !== "$id" && name !== "$schema");
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutIds(value)]));
}
