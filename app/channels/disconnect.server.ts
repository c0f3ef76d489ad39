import { withAppKeys } from "../../connectors/app-keys.ts";
import { doorUrl } from "../../jobs/door-url.ts";
import { markDisconnected, wipeSecrets } from "../../prisma/connecting.ts";
import {
  type ConnectionRow,
  type OpenConnection,
  openConnection,
} from "../../prisma/connections.ts";
import type { Services } from "../services.ts";
import { worldOf } from "../world.server.ts";

/** A marketplace that does not answer keeps a merchant no longer than this. */
const PATIENCE_MS = 10_000;

export type Disconnected =
  /** `note`: what is left to do over there; null when nothing is. */
  { outcome: "disconnected"; note: string | null } | { outcome: "gone" };

/**
 * Takes us out of a merchant's account. Marked first, so that nothing more is pushed whatever
 * happens next; then the marketplace is asked to send nothing more; then what opened the account
 * is forgotten. Listings and history stay.
 */
export async function disconnect(
  services: Services,
  { shop, id }: Pick<ConnectionRow, "shop" | "id">,
): Promise<Disconnected> {
  const { db, keyring, now, log } = services;
  const open = await openConnection(db, keyring, shop, id);
  if (!open || !(await markDisconnected(db, shop, id, new Date(now())))) return { outcome: "gone" };
  const why = await unsubscribe(services, open);
  await wipeSecrets(db, keyring, open);
  log.info({ connection: id, unsubscribed: why === null }, "disconnected by the merchant");
  return { outcome: "disconnected", note: why };
}

/** Best effort: what it still sends is acknowledged at the door and not stored. */
export async function unsubscribe(
  services: Services,
  open: OpenConnection,
): Promise<string | null> {
  const { id, channel, credentials } = open;
  const connector = services.connectorOf(channel);
  const account = withAppKeys(credentials, channel, services.appKeys);
  const session = connector?.connect(account, worldOf(services));
  if (!session?.unsubscribe) return null;
  const late = new Promise<string>((done) => {
    setTimeout(done, PATIENCE_MS, "it gave no answer in time").unref();
  });
  const asked = session.unsubscribe(doorUrl(services.publicUrl, { channel, id })).then(
    (answer) =>
      answer.outcome === "unsubscribed" || answer.outcome === "not-supported" ? null : answer.why,
    (error: unknown) => String(error),
  );
  return Promise.race([asked, late]);
}
