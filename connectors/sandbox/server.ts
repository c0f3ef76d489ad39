import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { getResponse, type RequestHandler } from "msw";
import { call, MEANT_HOST } from "../http.ts";
import { machineClock } from "./clock.ts";
import { type Answer, type Controlled, control } from "./control.ts";
import type { LagSetting, RunningSandbox, SandboxSettings } from "./engine.ts";
import { runSandboxes, type SandboxChannel } from "./sandboxes.ts";
import { loadInto, openStore } from "./store.ts";

export interface SandboxServerOptions {
  /** 0 = any free port. */
  port: number;
  /** Where the product's doors are, e.g. http://127.0.0.1:3000. */
  doorUrl?: string | null;
  /** Keeps what was sold and shown over a restart. */
  stateFile?: string | null;
  seed?: number;
  lag?: LagSetting;
}

export interface SandboxServer {
  url: string;
  sandboxes: Record<SandboxChannel, RunningSandbox>;
  settings: SandboxSettings;
  stop(): Promise<void>;
}

/** The sandboxes over plain HTTP on 127.0.0.1: marketplaces by Host header, and a control API. */
export async function startSandboxes(options: SandboxServerOptions): Promise<SandboxServer> {
  const { seed = 1, lag = "default", doorUrl = null, stateFile = null } = options;
  const settings: SandboxSettings = { seed, lag, doorUrl };
  const store = openStore(stateFile, () => sandboxes);
  const sandboxes = runSandboxes({
    clock: machineClock,
    settings,
    post: postToDoor,
    changed: () => store.changed(),
  });
  loadInto(stateFile, sandboxes);
  const handlers = Object.values(sandboxes).flatMap((sandbox) => sandbox.handlers);
  const controlled: Controlled = { sandboxes, settings };
  const server = createServer((request, response) => {
    serve(controlled, handlers, request, response).catch((error: unknown) => {
      write(response, { status: 500, body: { error: String(error) } });
    });
  });
  // Outlives the pause between a client's calls, so that a kept socket is not cut under a request.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    sandboxes,
    settings,
    async stop() {
      for (const sandbox of Object.values(sandboxes)) sandbox.stop();
      store.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** For a person: shoppers, marketplaces and bad luck, by hand. */
const CONTROL_PAGE = readFileSync(new URL("./control-page.html", import.meta.url));

/** Shopify gives a door five seconds: https://shopify.dev/docs/apps/build/webhooks. */
const DOOR_TIMEOUT_MS = 5_000;

async function postToDoor(url: string, headers: Record<string, string>, body: string) {
  const init = { method: "POST", headers, body, timeoutMs: DOOR_TIMEOUT_MS };
  const response = await call({}, url, init);
  await response.arrayBuffer();
  return response.status;
}

async function serve(
  controlled: Controlled,
  handlers: RequestHandler[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  const path = incoming.url ?? "/";
  if (path === "/sandbox" || path === "/sandbox/") {
    outgoing.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    outgoing.end(CONTROL_PAGE);
    return;
  }
  if (path.startsWith("/sandbox/")) {
    const answer = controlAnswer(controlled, incoming.method ?? "GET", path, body);
    return write(outgoing, answer ?? { status: 404, body: { error: `no ${path}` } });
  }
  const response = await getResponse(handlers, requestOf(incoming, body));
  if (!response) {
    const error = `no sandbox answers ${incoming.method} ${meantUrl(incoming)}`;
    return write(outgoing, { status: 501, body: { error } });
  }
  // A network error, as a fault: the line is cut where the answer should have been.
  if (response.type === "error") {
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

function controlAnswer(controlled: Controlled, method: string, path: string, body: Buffer) {
  const { pathname, searchParams } = new URL(path, "http://sandbox");
  let json: unknown;
  try {
    json = body.length > 0 ? JSON.parse(body.toString("utf8")) : undefined;
  } catch {
    return { status: 400, body: { error: "the body is not JSON" } };
  }
  return control(controlled, method, pathname, json, searchParams);
}

/** A browser cannot say which host it means by a header: /at/<host>/<path> does. */
const AT = /^\/at\/([a-z0-9.-]+)(\/.*)$/;

function meantUrl(incoming: IncomingMessage): string {
  const at = AT.exec(incoming.url ?? "");
  return at ? `https://${at[1]}${at[2]}` : `https://${meantHost(incoming)}${incoming.url}`;
}

function meantHost(incoming: IncomingMessage): string {
  const forwarded = incoming.headers[MEANT_HOST];
  const host = typeof forwarded === "string" ? forwarded : incoming.headers.host;
  return (host ?? "").replace(/:443$/, "");
}

function requestOf(incoming: IncomingMessage, body: Buffer): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const method = incoming.method ?? "GET";
  const content = method === "GET" || method === "HEAD" ? null : new Uint8Array(body);
  return new Request(meantUrl(incoming), {
    method,
    headers,
    body: content,
  });
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function write(outgoing: ServerResponse, answer: Answer): void {
  outgoing.writeHead(answer.status, { "content-type": "application/json" });
  outgoing.end(JSON.stringify(answer.body));
}
