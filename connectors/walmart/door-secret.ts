import { createHmac } from "node:crypto";

/** The user's name, where a subscription is made with a password instead of a signature. */
export const DOOR_USER = "ballast";

/**
 * What a connection's messages are signed with. Walmart takes whatever secret we choose; this one
 * follows from the app's own and from the connection, so it need not be kept anywhere, and is
 * worth nothing at another merchant's door. Null without an app's secret.
 */
export function doorSecret(clientSecret: string | undefined, connection: string): string | null {
  if (!clientSecret) return null;
  return createHmac("sha256", clientSecret).update(`walmart door of ${connection}`).digest("hex");
}
