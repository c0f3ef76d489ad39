import { type AppKeys, withAppKeys } from "../connectors/app-keys.ts";
import type { Account, Connector, Session, World } from "../connectors/connector.ts";
import type { Pacer } from "../connectors/pacer.ts";
import { placeKey } from "../inventory/stock-place.ts";
import type { Database } from "../prisma/client.ts";
import { type ConnectionRow, openConnection, renewSecrets } from "../prisma/connections.ts";
import type { Keyring } from "../prisma/sealed.ts";
import { callKey } from "./lane.ts";

export interface SessionsDeps {
  db: Database;
  ring: Keyring;
  connectorOf(channel: string): Connector | undefined;
  /** Our own app's keys at each marketplace: never stored with a connection. */
  appKeys: AppKeys;
  /** Where every marketplace answers: the sandboxes. Undefined = the real ones. */
  baseUrl: string | undefined;
  /** Counts calls, and is told what marketplaces say of their limits. */
  pacer: Pick<Pacer, "correct" | "take">;
  now(): number;
  /** An account is believed to be as it was for this long, in ms. Defaults to a second. */
  believeMs?: number;
}

/** Opens a connection for I/O; null when it is gone, or the merchant took us out. */
export type OpenSession = (connection: ConnectionRow) => Promise<Session | null>;

/** Handed out by the marketplace and kept by the session itself: no reason for a new one. */
const TOKEN_SECRETS = [
  "accessToken",
  "accessTokenExpiresAt",
  "refreshToken",
  "refreshTokenExpiresAt",
];

/**
 * Sessions of the process, one per connection, so that calls share an access token and its
 * refresh. After a person gave a connection new secrets or other settings, calls use them within a
 * second: a busy connection's account is not read and unsealed for every call.
 */
export function createSessions(deps: SessionsDeps): OpenSession {
  const { db, ring, connectorOf, appKeys, baseUrl, pacer, now, believeMs = 1_000 } = deps;
  const opened = new Map<
    string,
    { account: string; places: string; session: Session; checkedAt: number }
  >();
  return async ({ id, shop, channel, disconnected, settings }) => {
    // Whoever asks has just read it: from the moment the merchant took us out no call is made.
    if (disconnected) {
      opened.delete(id);
      return null;
    }
    const believed = opened.get(id);
    const fresh = believed && now() - believed.checkedAt < believeMs;
    // Nothing may go to places that are no longer chosen, not even for a second.
    if (fresh && believed.places === placeKey({ settings })) return believed.session;
    const connector = connectorOf(channel);
    const open = connector ? await openConnection(db, ring, shop, id) : null;
    if (!connector || !open || open.disconnected) {
      opened.delete(id);
      return null;
    }
    const credentials = withAppKeys(open.credentials, channel, appKeys);
    const account = fingerprint(credentials);
    const known = opened.get(id);
    if (known?.account === account) {
      known.checkedAt = now();
      return known.session;
    }
    const world: World = {
      ...(baseUrl === undefined ? {} : { baseUrl }),
      now,
      pace: (call, rate) => pacer.take(callKey(id, call), rate),
      onRate: (call, told) => pacer.correct(callKey(id, call), told),
      renewing: (renew) => renewSecrets(db, ring, shop, id, renew),
    };
    const session = connector.connect(credentials, world);
    opened.set(id, { account, places: placeKey(credentials), session, checkedAt: now() });
    return session;
  };
}

function fingerprint({ settings, secrets }: Account): string {
  const own = Object.entries(secrets).filter(([name]) => !TOKEN_SECRETS.includes(name));
  return JSON.stringify([Object.entries(settings).sort(), own.sort()]);
}
