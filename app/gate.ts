import type { Database } from "../prisma/client.ts";
import { ensureShop, findShopByDomain } from "../prisma/shops.ts";
import { DEMO_PERSON, demoRole } from "./demo-role.ts";
import { type Merchant, personOf } from "./person.ts";
import type { Shopify } from "./shopify.server.ts";

/** Who may see the pages, and whose they are. */
export interface Gate {
  embedded: boolean;
  /** The app's public name at Shopify; "" for a stand-alone app. */
  apiKey: string;
  /** Everybody is let in, and may look at the pages as any role. */
  demo: boolean;
  /**
   * The signed-in merchant and who it is. Throws the Response that leads to signing in when nobody
   * is signed in.
   */
  merchant(request: Request): Promise<Merchant>;
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
    demo: false,
    shopify,
    async merchant(request) {
      const { session } = await shopify.authenticate.admin(request);
      const name = session.shop.replace(/\.myshopify\.com$/, "");
      const shop =
        (await findShopByDomain(db, session.shop)) ?? (await ensureShop(db, session.shop, name));
      return { ...shop, person: personOf({ id: shop.id, name: shop.name, role: "owner" }) };
    },
    // Below the shop's own admin, which signs him in and puts the page into its frame.
    address: (domain, path) => `https://${domain}/admin/apps/${apiKey}${path}`,
    pageHeaders: (request, headers) => shopify.addDocumentResponseHeaders(request, headers),
  };
}

/** The demo: one merchant's pages, without a password, as any role, and in nobody's frame. */
export function demoGate(db: Database, domain: string): Gate {
  return {
    embedded: false,
    apiKey: "",
    demo: true,
    async merchant(request) {
      const shop = await findShopByDomain(db, domain);
      const role = await demoRole(request);
      if (shop) return { ...shop, person: personOf({ ...DEMO_PERSON, role }) };
      const why = `There is no merchant ${domain} yet. Starting Ballast with npm start makes one.`;
      throw new Response(why, { status: 404, statusText: "No merchant yet" });
    },
    address: (_domain, path) => path,
    pageHeaders: (_request, headers) =>
      headers.set("Content-Security-Policy", "frame-ancestors 'none'"),
  };
}
