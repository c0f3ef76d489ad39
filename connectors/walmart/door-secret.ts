import { createHash, createHmac } from "node:crypto";

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

/**
 * The door's address with a mark of the secret that is signed with, which tells whoever reads the
 * subscriptions later whether they were made with this one. Nobody can guess a secret by it.
 */
export function markedDoor(doorUrl: string, secret: string): string {
  const url = new URL(doorUrl);
  url.searchParams.set("signed", createHash("sha256").update(secret).digest("hex").slice(0, 12));
  return url.href;
}

/** Whether an address is this door's, whatever its mark. */
export function isAtDoor(address: string, doorUrl: string): boolean {
  return address.split("?", 1)[0] === doorUrl;
}
