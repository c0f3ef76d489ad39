import type { CallFailure, Session } from "../../connectors/connector.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { Database } from "../../prisma/client.ts";
import { noteHealthy } from "../../prisma/connecting.ts";
import {
  type ConnectionRow,
  connectionOfJob,
  letIn,
  reportTrouble,
  shutOut,
} from "../../prisma/connections.ts";
import { keepPlaces } from "../../prisma/stock-places.ts";
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
  /** Asks for another check in `ms`. */
  later(connection: string, ms: number): void;
  now(): number;
  log: Log;
}

/** A marketplace that gave no answer is asked again this soon. */
const AGAIN_MS = 5 * 60_000;

/**
 * The handler of "connection.health": asks a marketplace whether it still lets us in, daily, when a
 * call was refused, while it is shut out, and when a person wants to know. A connection that was
 * shut out is let in again by a good answer alone, and our door is registered anew, in case somebody
 * took it out over there. What it had no time for, or gave no answer to, is asked again soon.
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
  const failure =
    answer.outcome === "healthy"
      ? await healthy(deps, connection, session, answer.reconnectBy)
      : await unhealthy(deps, connection, answer);
  const again = failure && againAt(failure, deps.now());
  if (again) deps.later(id, Math.max(1_000, again - deps.now()));
  deps.live.publish(connection.shop, {});
}

async function healthy(
  { db, publicUrl, now }: ConnectionHealthDeps,
  connection: ConnectionRow,
  session: Session,
  reconnectBy: number | null,
): Promise<CallFailure | null> {
  const { shop, id } = connection;
  await noteHealthy(db, shop, id, reconnectBy, new Date(now()));
  await letIn(db, shop, id);
  const listed = await session.places();
  if (listed.outcome === "places") await keepPlaces(db, shop, id, listed.places, new Date(now()));
  if (publicUrl === undefined) return null;
  return subscribe(db, connection, session, doorUrl(publicUrl, connection));
}

function againAt(failure: CallFailure, now: number): number | null {
  switch (failure.outcome) {
    case "throttled":
      return failure.retryAt;
    case "unavailable":
    case "unknown":
      return now + AGAIN_MS;
    case "unauthorized":
    case "not-supported":
      return null; // who is shut out is asked again by the schedule, the others tomorrow
    default:
      return exhaustive(failure);
  }
}

async function unhealthy(
  { db, now }: ConnectionHealthDeps,
  { shop, id }: ConnectionRow,
  failure: CallFailure,
): Promise<CallFailure> {
  switch (failure.outcome) {
    case "unauthorized":
      await shutOut(db, shop, id, failure.cause, failure.why, new Date(now()));
      return failure;
    case "unavailable":
    case "unknown": {
      // It says nothing about whether we are let in.
      const why = `the marketplace gave no answer: ${failure.why}`;
      await reportTrouble(db, shop, id, "Access", why);
      return failure;
    }
    case "throttled":
    case "not-supported":
      return failure; // an answer, but none to the question
    default:
      return exhaustive(failure);
  }
}
