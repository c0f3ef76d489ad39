import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { statusOf } from "../../app/api/docs/operation.ts";
import { requestExamples } from "../../app/api/docs/request-example.ts";
import { createMetrics } from "../../app/api/metrics.ts";
import type { Route } from "../../app/api/route.ts";
import { apiRoutes } from "../../app/api/router.ts";
import { signatureHeaders } from "../../jobs/webhook-signature.ts";
import { ensureLocation } from "../../prisma/locations.ts";
import { startWorld, type World } from "./world.ts";

/*
 * The page is read as a stranger would: every example on it is run as it stands, by a shell and by
 * Node, against a real server, and has to be answered as the page says.
 */

const run = promisify(execFile);

let world: World;
let page: string;
let folder: string;
let routes: Route[];

beforeAll(async () => {
  world = await startWorld();
  folder = await mkdtemp(join(tmpdir(), "ballast-docs-"));
  routes = apiRoutes(world.services, createMetrics());
  await ensureLocation(world.services.db, world.shop.id, { code: "STORE", name: "Store" });
  await world.stock("TEE-BLK-M", 200);
  const response = await fetch(`${world.url}/api/v1/docs`);
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toContain("text/html");
  page = await response.text();
});

afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});

const SIGNS = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };

/** What a visitor copies from the page. */
function shown(attribute: string): string {
  const found = page.match(new RegExp(`<pre[^>]* ${attribute}>([^<]*)</pre>`))?.[1];
  if (found === undefined) throw new Error(`the page shows no ${attribute}`);
  return found.replaceAll(/&(lt|gt|quot|amp);/g, (sign) => SIGNS[sign as keyof typeof SIGNS]);
}

const environment = (id: string): NodeJS.ProcessEnv => ({
  NODE_ENV: "test",
  ...{ PATH: process.env.PATH, HOME: folder },
  ...{ BALLAST_URL: world.url, BALLAST_TOKEN: world.token, ID: id },
});

interface Answered {
  status: number;
  body: string;
}

async function byShell(name: string, id: string): Promise<Answered> {
  const command = shown(`data-curl="${name}"`);
  const { stdout } = await run("bash", ["-c", command], { env: environment(id) });
  const [head = "", ...body] = stdout.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), body: body.join("\r\n\r\n") };
}

async function byNode(name: string, id: string): Promise<Answered> {
  const file = join(folder, `${name}.mts`);
  await writeFile(file, shown(`data-typescript="${name}"`));
  const { stdout } = await run(process.execPath, [file], { env: environment(id) });
  const [, status = "", body = ""] = /^(\d+) ?(.*)$/s.exec(stdout.trim()) ?? [];
  return { status: Number(status), body };
}

/** An id that this route can be asked with: of whatever leads to it, made just now. */
async function idFor(route: Route): Promise<string> {
  if (!route.path.includes("{id}")) return "";
  const from = routes.find(({ answer }) => route.id in (answer.links ?? {}));
  if (!from) throw new Error(`no route leads to ${route.id}`);
  const { body } = await byShell(`${from.id}-1`, "");
  return String(JSON.parse(body).id);
}

describe.each([
  ["curl", byShell],
  ["TypeScript", byNode],
] as const)("G: every example of the documentation in %s", (_language, ask) => {
  test("runs as it stands and is answered as the page says", async () => {
    let asked = 0;
    for (const route of routes) {
      for (const { name, status } of requestExamples(route, statusOf)) {
        const answered = await ask(name, await idFor(route));
        expect(answered.status, `${name}: ${answered.body}`).toBe(status);
        if (status >= 400) expect(JSON.parse(answered.body)).toMatchObject({ status });
        else if (status !== 204) route.answer.schema.parse(JSON.parse(answered.body));
        else expect(answered.body.trim()).toBe("");
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(routes.length);
  }, 120_000);
});

test("G: the shown check of a signature takes what Ballast signs, and nothing else", async () => {
  const file = join(folder, "verify.mts");
  await writeFile(file, shown("data-verify"));
  const { isFromBallast } = await import(pathToFileURL(file).href);
  const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
  const old = `whsec_${Buffer.alloc(32, 6).toString("base64")}`;
  const body = '{"type":"stock.changed"}';
  const headersAt = (at: number) =>
    new Headers(signatureHeaders([secret, old], { event: "evt_1", body, at }));
  const now = Date.now();
  expect(isFromBallast(secret, headersAt(now), body)).toBe(true);
  expect(isFromBallast(old, headersAt(now), body)).toBe(true);
  expect(isFromBallast(secret, headersAt(now), `${body} `)).toBe(false);
  expect(isFromBallast(secret, headersAt(now - 600_000), body)).toBe(false);
  expect(isFromBallast(secret, new Headers(), body)).toBe(false);
  const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
  expect(isFromBallast(other, headersAt(now), body)).toBe(false);
});

test("G: the page needs no token and no script, names every route, and tells no secret", () => {
  for (const { id, path } of routes) {
    expect(page).toContain(`<section id="${id}">`);
    expect(page).toContain(`/api/v1${path}`);
  }
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => `id="${id}"`);
  expect(targets.length).toBeGreaterThan(routes.length);
  for (const target of targets) expect(page).toContain(target);
  expect(page).not.toContain("<script");
  expect(page).not.toContain(world.token);
  expect(page).not.toContain("undefined");
});
