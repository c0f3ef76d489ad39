import type { Database } from "../prisma/client.ts";
import { ensureShop, findShopByDomain, type ShopRow } from "../prisma/shops.ts";
import type { Shopify } from "./shopify.server.ts";

/** Who may see the pages, and whose they are. */
export interface Gate {
  embedded: boolean;
  /** The app's public name at Shopify; "" for a stand-alone app. */
  apiKey: string;
  /** The signed-in merchant. Throws the Response that leads to signing in when nobody is. */
  merchant(request: Request): Promise<ShopRow>;
  /** Headers every page carries: above all, who may put it in a frame. */
  pageHeaders(request: Request, headers: Headers): void;
  /** Where a page is for somebody of the shop (its domain) who comes from elsewhere. */
  address(domain: string, path: string): string;
  shopify?: Shopify;
}

/** Inside Shopify's admin: the shop of the session token, made at its first visit. */
export function embeddedGate(db: Database, shopify: Shopify, apiKey: string): Gate {
  return {
    embedded: true,
    apiKey,
    shopify,
    async merchant(request) {
      const { session } = await shopify.authenticate.admin(request);
      const name = session.shop.replace(/\.myshopify\.com$/, "");
      return (await findShopByDomain(db, session.shop)) ?? ensureShop(db, session.shop, name);
    },
    // Below the shop's own admin, which signs him in and puts the page into its frame.
    address: (domain, path) => `https://${domain}/admin/apps/${apiKey}${path}`,
    pageHeaders: (request, headers) => shopify.addDocumentResponseHeaders(request, headers),
  };
}

/** On one's own machine: one merchant's pages, without a login and in nobody's frame. */
export function standaloneGate(db: Database, domain: string): Gate {
  return {
    embedded: false,
    apiKey: "",
    async merchant() {
      const shop = await findShopByDomain(db, domain);
      if (shop) return shop;
      const why = `There is no merchant ${domain} yet. Starting Ballast with npm start makes one.`;
      throw new Response(why, { status: 404, statusText: "No merchant yet" });
    },
    address: (_domain, path) => path,
    pageHeaders: (_request, headers) =>
      headers.set("Content-Security-Policy", "frame-ancestors 'none'"),
  };
}
