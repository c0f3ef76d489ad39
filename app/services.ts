import type { AppKeys } from "../connectors/app-keys.ts";
import type { Connector } from "../connectors/connector.ts";
import type { AddressPolicy } from "../connectors/public-address.ts";
import type { LiveSubscriber } from "../jobs/live.ts";
import type { Log } from "../jobs/log.ts";
import type { NotifyWorld } from "../jobs/notify.ts";
import type { Queues } from "../jobs/queues.ts";
import type { RateLimits } from "../jobs/rate-limits.ts";
import type { OpenSession } from "../jobs/sessions.ts";
import type { Addresses } from "../ledger/addresses.ts";
import type { Baskets } from "../ledger/baskets.ts";
import type { Carts } from "../ledger/carts.ts";
import type { Ledger } from "../ledger/contract.ts";
import type { Database } from "../prisma/client.ts";
import type { Keyring } from "../prisma/sealed.ts";
import type { Heartbeat } from "./heartbeat.ts";

/**
 * Everything the web process works with, handed to the routers and to every Remix loader, so that
 * a test gives them its own.
 */
export interface Services {
  db: Database;
  ledger: Ledger;
  baskets: Baskets;
  /** Carts of storefronts, and how many of them hold from one network address. */
  carts: Carts;
  addresses: Addresses;
  heartbeat: Heartbeat;
  /** Requests of the API, by token. */
  rateLimits: RateLimits;
  queues: Pick<Queues, "enqueue">;
  live: LiveSubscriber;
  /** Every marketplace we know, by channel name. */
  channels: readonly string[];
  /** The connector of a channel, or null for a marketplace we do not know. */
  connectorOf(channel: string): Connector | null;
  keyring: Keyring;
  /** Which addresses of a merchant's choosing may be called. */
  callable: AddressPolicy;
  /** Opens a connection for I/O. */
  session: OpenSession;
  /** Our own app's keys at the marketplaces. */
  appKeys: AppKeys;
  /** Where every marketplace answers: the sandboxes. Undefined = the real ones. */
  sandboxUrl: string | undefined;
  /** Where merchants and marketplaces reach us, without a slash at its end. */
  publicUrl: string;
  /** How a merchant's team is reached. */
  notify: NotifyWorld;
  log: Log;
  now(): number;
}
