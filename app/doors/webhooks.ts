import express, { type Request, type Response, type Router } from "express";
import type { Connector, RawRequest, Verification } from "../../connectors/connector.ts";
import { exhaustive } from "../../inventory/assert.ts";
import { type OpenConnection, openConnection, shopOfConnection } from "../../prisma/connections.ts";
import { storeMessage } from "../../prisma/inbox.ts";
import { handler } from "../api/http.ts";
import { Remembered } from "../remembered.ts";
import type { Services } from "../services.ts";

/** The largest order a marketplace sends is far below this; anything larger is not one. */
const BODY_LIMIT = "2mb";
/** New secrets of a connection count after this long. */
const REMEMBER_MS = 5_000;
const CONNECTIONS_REMEMBERED = 1_000;

/**
 * POST /webhooks/:channel/:connection: verify the raw bytes, store, answer; the work comes after
 * the answer, in the worker. A marketplace that gets no 200 sends it again, so whatever fails here
 * loses nothing.
 */
export function webhookDoor(router: Router, services: Services): void {
  const connections = new Remembered<OpenConnection>({
    limit: CONNECTIONS_REMEMBERED,
    forMs: REMEMBER_MS,
    now: services.now,
  });
  const find = (id: string) => connections.get(id, () => open(services, id));
  router.post(
    "/webhooks/:channel/:connection",
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    handler(async (request, response) => {
      const { channel = "", connection: id = "" } = request.params;
      const connector = services.connectorOf(channel);
      if (!connector) return end(response, 404);
      const connection = await find(id);
      const right = connection?.channel === channel ? connection : null;
      const verification = await verify(connector, raw(request), right, services);
      await answer(services, response, right, verification);
    }),
  );
}

async function open({ db, keyring }: Services, id: string): Promise<OpenConnection | null> {
  const shop = await shopOfConnection(db, id);
  return shop === null ? null : openConnection(db, keyring, shop, id);
}

/**
 * An unknown connection costs the same work as a known one, and gets the same answer as a forged
 * message: who is connected cannot be found out at this door.
 */
async function verify(
  connector: Connector,
  request: RawRequest,
  connection: OpenConnection | null,
  { now }: Services,
): Promise<Verification> {
  if (connection) return connector.verify(request, connection.credentials, { now });
  const nobody = { connection: "", settings: {}, secrets: new Proxy({}, { get: () => "nobody" }) };
  try {
    await connector.verify(request, nobody, { now });
  } catch {
    // A connector may stop at an account that is none; the answer is the same.
  }
  return { outcome: "forged", why: "no such connection" };
}

async function answer(
  { db, queues, log }: Services,
  response: Response,
  connection: OpenConnection | null,
  verification: Verification,
): Promise<void> {
  switch (verification.outcome) {
    case "verified": {
      if (!connection) return end(response, 401);
      const { shop, id } = connection;
      const stored = await storeMessage(db, shop, id, verification.message);
      end(response, 200);
      if (stored.outcome === "duplicate") return;
      // The sweeper finds a message whose job was lost, so a queue that is away loses nothing.
      await queues.enqueue("inbox.apply", { message: stored.id }).catch((error: unknown) => {
        log.warn({ error, message: stored.id }, "stored, but not enqueued");
      });
      return;
    }
    case "ignored":
    case "levels":
    case "deauthorized":
      return end(response, 200);
    case "unavailable":
      return end(response, 503);
    case "forged":
      log.warn({ connection: connection?.id, why: verification.why }, "a forged message");
      return end(response, 401);
    case "malformed":
      log.warn({ connection: connection?.id, why: verification.why }, "a malformed message");
      return end(response, 400);
    default:
      return exhaustive(verification);
  }
}

function raw(request: Request): RawRequest {
  const headers = Object.entries(request.headers).map(([name, value]): [string, string?] => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { headers: Object.fromEntries(headers), body };
}

function end(response: Response, status: number): void {
  response.status(status).end();
}
