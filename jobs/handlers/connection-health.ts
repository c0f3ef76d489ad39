import type { CallFailure, Session } from "../../connectors/connector.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { Database } from "../../prisma/client.ts";
import { noteHealthy } from "../../prisma/connecting.ts";
import {
  type ConnectionRow,
  clearTrouble,
  connectionOfJob,
  letIn,
  reportTrouble,
  shutOut,
} from "../../prisma/connections.ts";
import type { JobPayload } from "../catalogue.ts";
import { doorUrl } from "../door-url.ts";
import type { LivePublisher } from "../live.ts";
import type { Log } from "../log.ts";
import type { OpenSession } from "../sessions.ts";
import { subscribe } from "../subscribe.ts";

export interface ConnectionHealthDeps {
  db: Database;
  session: OpenSession;
  live: Pick<LivePublisher, "publish">;
  /** Where marketplaces reach our doors; undefined: nobody is asked to send there. */
  publicUrl: string | undefined;
  now(): number;
  log: Log;
}

/**
 * The handler of "connection.health": asks a marketplace whether it still lets us in, daily and
 * when a person wants to know. A connection that was shut out is let in again by a good answer
 * alone, and our door is registered anew, in case somebody took it out over there.
 */
export async function connectionHealth(
  deps: ConnectionHealthDeps,
  { connection: id }: JobPayload<"connection.health">,
): Promise<void> {
  const connection = await connectionOfJob(deps.db, id);
  const session = connection && (await deps.session(connection));
  if (!session) return;
  const answer = await session.health();
  deps.log.info({ connection: id, outcome: answer.outcome }, "connection checked");
  if (answer.outcome === "healthy") await healthy(deps, connection, session, answer.reconnectBy);
  else await unhealthy(deps, connection, answer);
  deps.live.publish(connection.shop, {});
}

async function healthy(
  { db, publicUrl, now }: ConnectionHealthDeps,
  connection: ConnectionRow,
  session: Session,
  reconnectBy: number | null,
): Promise<void> {
  const { shop, id } = connection;
  await noteHealthy(db, shop, id, reconnectBy, new Date(now()));
  await letIn(db, shop, id);
  if (publicUrl !== undefined) {
    await subscribe(db, connection, session, doorUrl(publicUrl, connection));
  }
}

async function unhealthy(
  { db }: ConnectionHealthDeps,
  { shop, id }: ConnectionRow,
  failure: CallFailure,
): Promise<void> {
  switch (failure.outcome) {
    case "unauthorized":
      return shutOut(db, shop, id, failure.cause, failure.why);
    case "unavailable":
    case "unknown":
      // It says nothing about whether we are let in.
      return reportTrouble(
        db,
        shop,
        id,
        "Access",
        `the marketplace gave no answer: ${failure.why}`,
      );
    case "throttled":
    case "not-supported":
      // An answer, at least: it is there, and knows us.
      return clearTrouble(db, shop, id, "Access");
    default:
      return exhaustive(failure);
  }
}
