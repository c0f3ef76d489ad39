import { amazon } from "./amazon/connector.ts";
import type { Connector } from "./connector.ts";
import { ebay } from "./ebay/connector.ts";
import { shopify } from "./shopify/connector.ts";

/** Every marketplace the product knows, by channel name. Adding one is one line. */
export const CONNECTORS = { shopify, amazon, ebay } satisfies Record<string, Connector>;

export type ChannelName = keyof typeof CONNECTORS;

/** The connector of a channel, or null when there is none of that name. */
export function findConnector(channel: string): Connector | null {
  const known: Record<string, Connector> = CONNECTORS;
  return Object.hasOwn(known, channel) ? (known[channel] ?? null) : null;
}
