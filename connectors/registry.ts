import { amazon } from "./amazon/connector.ts";
import type { Connector } from "./connector.ts";
import { ebay } from "./ebay/connector.ts";
import { shopify } from "./shopify/connector.ts";
import { tiktok } from "./tiktok/connector.ts";
import { walmart } from "./walmart/connector.ts";

/** Every marketplace the product knows, by channel name. Adding one is one line. */
export const CONNECTORS = {
  shopify,
  amazon,
  walmart,
  tiktok,
  ebay,
} satisfies Record<string, Connector>;

export type ChannelName = keyof typeof CONNECTORS;

/** The connector of a channel, or null when there is none of that name. */
export function findConnector(channel: string): Connector | null {
  const known: Record<string, Connector> = CONNECTORS;
  return Object.hasOwn(known, channel) ? (known[channel] ?? null) : null;
}
