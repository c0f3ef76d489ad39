import express, { type Response, type Router } from "express";
import { appDoorBeside } from "../../connectors/app-door.ts";
import { exhaustive } from "../../inventory/assert.ts";
import { doorUrl } from "../../jobs/door-url.ts";
import { connectionsBySetting, shutOut } from "../../prisma/connections.ts";
import { handler } from "../api/http.ts";
import type { Services } from "../services.ts";
import { doorTurns } from "../turns.ts";
import { worldOf } from "../world.server.ts";
import { queryOf, rawRequest } from "./raw-request.ts";

const BODY_LIMIT = "1mb";

/**
 * /webhooks/app/:channel: what a marketplace tells the app as a whole. Whose access it takes back is
 * in the message, which it has signed. A GET is the marketplace making sure of the door.
 */
export function appDoors(router: Router, services: Services): void {
  const doorOf = (channel: string) => services.connectorOf(channel)?.app ?? null;
  const keysOf = (channel: string) => services.appKeys[channel]?.keys ?? {};
  router.post(
    "/webhooks/app/:channel",
    doorTurns(), // before the body: anybody may send one
    express.raw({ type: () => true, limit: BODY_LIMIT }),
    handler(async (request, response) => {
      const { channel = "" } = request.params;
      const door = doorOf(channel);
      if (!door) return end(response, 404);
      const verified = await door.verify(rawRequest(request), keysOf(channel), worldOf(services));
      switch (verified.outcome) {
        case "deauthorized":
          await takeBack(services, channel, verified);
          return end(response, 200);
        case "ignored":
          return end(response, 200);
        case "unavailable":
          return end(response, 503);
        case "forged":
        case "malformed":
          services.log.warn({ channel, ...verified }, "not taken at the app's door");
          return end(response, verified.outcome === "forged" ? 401 : 400);
        default:
          return exhaustive(verified);
      }
    }),
  );
  router.get(
    "/webhooks/app/:channel",
    handler(async (request, response) => {
      const { channel = "" } = request.params;
      const address = appDoorBeside(doorUrl(services.publicUrl, { channel, id: "" }), channel);
      const greeting = doorOf(channel)?.greet(queryOf(request), keysOf(channel), address);
      if (!greeting) return end(response, 404);
      response.status(greeting.status).json(greeting.body);
    }),
  );
}

/** It may be told more than once, and of accounts that nobody here has. History stays. */
async function takeBack(
  { db, log, now }: Services,
  channel: string,
  { setting, value, why }: { setting: string; value: string; why: string },
): Promise<void> {
  const found = await connectionsBySetting(db, channel, setting, value);
  for (const { shop, id } of found) {
    await shutOut(db, shop, id, "revoked", why, new Date(now()));
  }
  log.info({ channel, connections: found.length, why }, "access taken back at the app's door");
}

function end(response: Response, status: number): void {
  response.status(status).end();
}
