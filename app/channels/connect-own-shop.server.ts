import type { AppLoadContext } from "@remix-run/node";
import { isCurrency, isTimeZone } from "../../inventory/regional.ts";
import { adoptRegional, type ShopRow } from "../../prisma/shops.ts";
import type {} from "../context.ts";
import { worldOf } from "../world.server.ts";
import { missingKeys } from "./begin-consent.server.ts";
import { type FinishResult, settleConsent } from "./finish-consent.server.ts";
import { finishText } from "./finish-text.ts";

/** Why the shop itself was not connected. */
export interface OwnShopResult {
  why: string;
}

/**
 * Connects the shop in whose admin the merchant is: his session token is exchanged for tokens of
 * the connection's own, which nobody but the connection renews.
 */
export async function connectOwnShop(
  { services, gate }: AppLoadContext,
  shop: ShopRow,
  request: Request,
): Promise<Extract<FinishResult, { outcome: "connected" }> | OwnShopResult> {
  const connector = services.connectorOf("shopify");
  const sessionToken = /^Bearer (.+)$/.exec(request.headers.get("Authorization") ?? "")?.[1];
  // The registry's own connector, never one that the pages' build brought along: a shop's calls are
  // led to where it is by one hook for the whole process.
  const exchange = connector?.consent.exchange;
  if (!gate.embedded || !sessionToken || !connector || !exchange) {
    return { why: "This works inside Shopify's admin only. Load the page again and retry." };
  }
  if (missingKeys(services, connector).length > 0) return { why: "It is not set up here." };
  const app = services.appKeys.shopify?.keys ?? {};
  const asked = { shop: shop.domain, sessionToken, app };
  const consented = await exchange(asked, worldOf(services));
  const regional = consented.outcome === "connected" && consented.accounts[0]?.regional;
  // Zones and currencies that this machine cannot write are left as they are.
  if (regional && isTimeZone(regional.timeZone) && isCurrency(regional.currency)) {
    await adoptRegional(services.db, shop.id, regional);
  }
  const finished = await settleConsent(services, shop.id, connector, consented);
  if (finished.outcome === "connected") return finished;
  return { why: finishText(finished, connector.title).text };
}
