import { Session } from "@shopify/shopify-api";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";

/** Opens nothing: it only keeps the library from asking for a token of its own. */
const NO_TOKEN = "none: the connection has the tokens";

const PREFIX = "offline_";

/**
 * What the library needs to know of a visitor, made from his verified session token alone. It keeps
 * no tokens, so it exchanges none and renews none: a shop's tokens have one owner, its connection
 * (docs/decisions/0006).
 */
export function visitors(): SessionStorage {
  const load = async (id: string) => visitor(id);
  return {
    loadSession: load,
    storeSession: async () => true,
    deleteSession: async () => true,
    deleteSessions: async () => true,
    findSessionsByShop: async (shop) => [visitor(PREFIX + shop)].filter((one) => one !== undefined),
  };
}

function visitor(id: string): Session | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const shop = id.slice(PREFIX.length);
  return new Session({ id, shop, state: "", isOnline: false, accessToken: NO_TOKEN });
}
