import type { Session } from "../../connectors/connector.ts";
import { CONNECTORS } from "../../connectors/registry.ts";
import { type SandboxChannel, sandboxAccount } from "../../connectors/sandbox/sandboxes.ts";
import type { Database } from "../../prisma/client.ts";
import { type OpenConnection, renewSecrets } from "../../prisma/connections.ts";
import type { Keyring } from "../../prisma/sealed.ts";

export interface SandboxSessionDeps {
  db: Database;
  ring: Keyring;
  sandboxUrl: string;
}

/**
 * A command's own session on a sandbox. The sandboxes know our app by keys of their own, and tokens
 * are renewed in turn with the worker, because some marketplaces take each refresh token once.
 */
export function sandboxSession(
  { db, ring, sandboxUrl }: SandboxSessionDeps,
  { id, shop, channel, credentials }: OpenConnection,
): Session {
  const name = channel as SandboxChannel;
  const secrets = { ...sandboxAccount(name).app, ...credentials.secrets };
  return CONNECTORS[name].connect(
    { ...credentials, secrets },
    {
      baseUrl: sandboxUrl,
      now: Date.now,
      renewing: (renew) => renewSecrets(db, ring, shop, id, renew),
    },
  );
}
