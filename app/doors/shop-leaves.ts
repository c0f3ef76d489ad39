import { type ConnectionRow, listConnections, openConnection } from "../../prisma/connections.ts";
import { endAccess, eraseShop } from "../../prisma/leaving.ts";
import { findShopByDomain, type ShopRow } from "../../prisma/shops.ts";
import { unsubscribe } from "../channels/disconnect.server.ts";
import type { Services } from "../services.ts";

/** Shopify's clock and ours differ by less. */
const CLOCKS_MS = 60_000;

/**
 * The merchant took the app out of his shop, as Shopify tells, perhaps more than once: all access
 * ends at once, here and at every marketplace. Stock history stays for who comes back.
 * @param at when that happened, as far as Shopify says.
 */
export async function shopUninstalled(
  services: Services,
  domain: string,
  at: Date | null,
): Promise<void> {
  const { db, keyring, now, log } = services;
  const shop = await findShopByDomain(db, domain);
  if (!shop) return;
  const connections = await listConnections(db, shop.id);
  if (cameBack(connections, shop, at)) {
    log.info({ shop: shop.id }, "uninstalled and installed again: an old message");
    return;
  }
  const others = connections.filter((one) => !one.disconnected && !isOwn(one, shop));
  const open = await Promise.all(others.map(({ id }) => openConnection(db, keyring, shop.id, id)));
  const ended = await endAccess(db, keyring, shop.id, new Date(now()));
  log.info({ shop: shop.id, ...ended }, "the app was uninstalled");
  // Best effort, and Shopify waits for nobody: what they still send is not stored.
  const asked = open.map((one) => one && unsubscribe(services, one));
  Promise.allSettled(asked).then((answers) => {
    const failed = answers.filter((one) => one.status === "rejected" || one.value).length;
    if (failed > 0) log.warn({ shop: shop.id, failed }, "marketplaces that did not unsubscribe");
  });
}

/** 48 hours after uninstalling: what is personal, or opens anything, is erased. */
export async function shopRedacted(
  { db, keyring, now, log }: Services,
  domain: string,
  at: Date | null,
): Promise<void> {
  const shop = await findShopByDomain(db, domain);
  if (!shop) return;
  if (cameBack(await listConnections(db, shop.id), shop, at)) {
    log.warn({ shop: shop.id }, "to be redacted, but installed again: nothing was erased");
    return;
  }
  await eraseShop(db, keyring, shop.id, new Date(now()));
  log.info({ shop: shop.id }, "personal data and secrets were erased");
}

/** Shopify has let us into the shop again since. */
function cameBack(connections: readonly ConnectionRow[], shop: ShopRow, at: Date | null): boolean {
  const own = connections.find((one) => isOwn(one, shop));
  if (!own || own.disconnected || own.shutOut !== null || at === null) return false;
  return (own.healthyAt?.getTime() ?? 0) > at.getTime() + CLOCKS_MS;
}

function isOwn({ channel, account }: ConnectionRow, { domain }: ShopRow): boolean {
  return channel === "shopify" && account === domain;
}
