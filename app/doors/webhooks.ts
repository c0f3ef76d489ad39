import express, { type Response, type Router } from "express";
import type { Connector, Level, RawRequest, Verification } from "../../connectors/connector.ts";
import { NOBODY } from "../../connectors/nobody.ts";
import { exhaustive } from "../../inventory/assert.ts";
import { doorUrl } from "../../jobs/door-url.ts";
import { type OpenConnection, shopOfConnection, shutOut } from "../../prisma/connections.ts";
import { recordLevels } from "../../prisma/levels.ts";
import { handler } from "../api/http.ts";
import { Remembered } from "../remembered.ts";
import type { Services } from "../services.ts";
import { API_TURNS, doorTurns } from "../turns.ts";
import { worldOf } from "../world.server.ts";
import { createInboxWriter, type InboxWriter } from "./inbox-writer.ts";
import { openForDoor } from "./open-connection.ts";
import { queryOf, rawRequest } from "./raw-request.ts";

/** The largest order a marketplace sends is far below this; anything larger is not one. */
const BODY_LIMIT = "2mb";
/** New secrets of a connection count after this long. */
const REMEMBER_MS = 5_000;
const CONNECTIONS_REMEMBERED = 1_000;

/**
 * POST /webhooks/:channel/:connection: verify the raw bytes, store, answer; the work comes after
 * the answer, in the worker. A marketplace that gets no 200 sends it again, so whatever fails here
 * loses nothing. A GET is a marketplace that makes sure of the door before it sends anything.
 */
export function webhookDoor(router: Router, services: Services): void {
  const connections = new Remembered<OpenConnection>({
    limit: CONNECTIONS_REMEMBERED,
    forMs: REMEMBER_MS,
    now: services.now,
  });
  const inbox = createInboxWriter(services);
  const turns = doorTurns(API_TURNS);
  const find = (id: string) => connections.get(id, () => open(services, id));
  router.post(
    "/webhooks/:channel/:connection",
    turns, // before the body: anybody may send one
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    handler(async (request, response) => {
      const { channel = "", connection: id = "" } = request.params;
      const connector = services.connectorOf(channel);
      if (!connector) return end(response, 404);
      const connection = await find(id);
      const right = connection?.channel === channel ? connection : null;
      const verification = await verify(connector, rawRequest(request), right, services);
      if (right?.disconnected) return dismiss(services, response, right, verification);
      await answer(services, inbox, response, right, verification);
    }),
  );
  router.get(
    "/webhooks/:channel/:connection",
    handler(async (request, response) => {
      const { channel = "", connection: id = "" } = request.params;
      const connection = await find(id);
      const connector = services.connectorOf(channel);
      if (!connector?.greet || connection?.channel !== channel) return end(response, 404);
      const address = doorUrl(services.publicUrl, connection);
      const greeting = connector.greet(queryOf(request), connection.credentials, address);
      if (!greeting) return end(response, 404);
      response.status(greeting.status).json(greeting.body);
    }),
  );
}

async function open(services: Services, id: string): Promise<OpenConnection | null> {
  const shop = await shopOfConnection(services.db, id);
  return shop === null ? null : openForDoor(services, shop, id);
}

/**
 * An unknown connection costs the same work as a known one, and gets the same answer as a forged
 * message: who is connected cannot be found out at this door.
 */
async function verify(
  connector: Connector,
  request: RawRequest,
  connection: OpenConnection | null,
  services: Services,
): Promise<Verification> {
  const world = worldOf(services);
  if (connection) return connector.verify(request, connection.credentials, world);
  try {
    await connector.verify(request, NOBODY, world);
  } catch {
    // A connector may stop at an account that is none; the answer is the same.
  }
  return { outcome: "forged", why: "no such connection" };
}

/**
 * The merchant took us out, so nothing is stored, whatever it says. It is acknowledged, because a
 * marketplace that is refused sends again for days; and of what privacy law has it send, an
 * acknowledgement is all it takes: no buyer is kept anywhere.
 */
function dismiss(
  { log }: Services,
  response: Response,
  { id }: OpenConnection,
  { outcome }: Verification,
): void {
  log.info({ connection: id, outcome }, "a message for a disconnected connection: not stored");
  response.status(200).type("text/plain").send("disconnected: not stored\n");
}

/** What listings show: an echo, or a reason to read them back. */
async function hear(
  { db, queues, log, now }: Services,
  response: Response,
  { shop, id }: OpenConnection,
  levels: readonly Level[],
): Promise<void> {
  const { foreign } = await recordLevels(db, shop, id, levels, now());
  end(response, 200);
  if (foreign === 0) return;
  // The sweep asks for what is due to be read, should the queue be away.
  await queues.enqueue("readback.connection", { connection: id }).catch((error: unknown) => {
    log.warn({ error, connection: id }, "levels noted, but not enqueued");
  });
}

async function answer(
  services: Services,
  inbox: InboxWriter,
  response: Response,
  connection: OpenConnection | null,
  verification: Verification,
): Promise<void> {
  const { db, log } = services;
  switch (verification.outcome) {
    case "verified": {
      if (!connection) return end(response, 401);
      const { outcome } = await inbox.store(connection, verification.message);
      if (outcome === "busy") response.set("Retry-After", "1");
      return end(response, outcome === "busy" ? 503 : 200);
    }
    case "ignored":
      return end(response, 200);
    case "levels":
      if (!connection) return end(response, 401);
      return hear(services, response, connection, verification.levels);
    case "deauthorized":
      if (!connection) return end(response, 401);
      await shutOut(db, connection.shop, connection.id, "revoked", verification.why);
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

function end(response: Response, status: number): void {
  response.status(status).end();
}
