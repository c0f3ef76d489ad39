import type { CallFailure, Session } from "../connectors/connector.ts";
import type { Database } from "../prisma/client.ts";
import { type ConnectionRow, clearTrouble, reportTrouble } from "../prisma/connections.ts";

/**
 * Asks the marketplace to send its messages to the door. When it does not take that, the connection
 * says so: orders still come, by the sweep. That it has no time now is no trouble: the caller, or a
 * check soon after, asks again. Doing it again changes nothing.
 * @returns why it was not done; null when it was, or when there is nothing to do.
 */
export async function subscribe(
  db: Database,
  { shop, id }: Pick<ConnectionRow, "shop" | "id">,
  session: Pick<Session, "subscribe">,
  doorUrl: string,
): Promise<CallFailure | null> {
  const answer = await (session.subscribe?.(doorUrl) ?? { outcome: "subscribed" as const });
  if (answer.outcome === "subscribed") {
    await clearTrouble(db, shop, id, "Receiving messages");
    return null;
  }
  if (answer.outcome !== "throttled") {
    await reportTrouble(db, shop, id, "Receiving messages", answer.why);
  }
  return answer;
}
