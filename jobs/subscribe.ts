import type { Session } from "../connectors/connector.ts";
import type { Database } from "../prisma/client.ts";
import { type ConnectionRow, clearTrouble, reportTrouble } from "../prisma/connections.ts";

/**
 * Asks the marketplace to send its messages to the door. When it does not take that, the connection
 * says so: orders still come, by the sweep. Doing it again changes nothing.
 */
export async function subscribe(
  db: Database,
  { shop, id }: Pick<ConnectionRow, "shop" | "id">,
  session: Pick<Session, "subscribe">,
  doorUrl: string,
): Promise<{ outcome: "subscribed" } | { outcome: "failed"; why: string }> {
  const answer = await (session.subscribe?.(doorUrl) ?? { outcome: "subscribed" as const });
  if (answer.outcome === "subscribed" || answer.outcome === "not-supported") {
    await clearTrouble(db, shop, id, "Receiving messages");
    return { outcome: "subscribed" };
  }
  await reportTrouble(db, shop, id, "Receiving messages", answer.why);
  return { outcome: "failed", why: answer.why };
}
