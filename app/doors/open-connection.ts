import { withAppKeys } from "../../connectors/app-keys.ts";
import { type OpenConnection, openConnection } from "../../prisma/connections.ts";
import type { Services } from "../services.ts";

/** A connection with all the secrets that what comes in at a door may be signed with. */
export async function openForDoor(
  { db, keyring, appKeys }: Services,
  shop: string,
  id: string,
): Promise<OpenConnection | null> {
  const found = await openConnection(db, keyring, shop, id);
  if (!found) return null;
  return { ...found, credentials: withAppKeys(found.credentials, found.channel, appKeys) };
}
