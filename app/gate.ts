import { redirect } from "@remix-run/node";
import type { Database } from "../prisma/client.ts";
import { ensureShop, findShopByDomain, type ShopRow } from "../prisma/shops.ts";
import { signedIn } from "../prisma/sign-ins.ts";
import { demoPerson } from "./demo-role.ts";
import { type Merchant, type Person, personOf } from "./person.ts";
import type { Shopify } from "./shopify.server.ts";
import { signInSecret } from "./sign-in-cookie.ts";

/** Who may see the pages, and whose they are. */
export interface Gate {
  embedded: boolean;
  /** The app's public name at Shopify; "" for a stand-alone app. */
  apiKey: string;
  /** Everybody is let in, and may look at the pages as any role. */
  demo: boolean;
  /** Whose people log in here, by the shop's domain. Shopify's admin logs in its own. */
  login?: { domain: string };
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
      return {
        ...shop,
        person: personOf({ id: shop.id, name: shop.name, role: "owner", entry: "shopify" }),
      };
    },
    // Below the shop's own admin, which signs him in and puts the page into its frame.
    address: (domain, path) => `https://${domain}/admin/apps/${apiKey}${path}`,
    pageHeaders: (request, headers) => shopify.addDocumentResponseHeaders(request, headers),
  };
}

/** One merchant's pages, in nobody's frame, for the people of his team who log in. */
export function loginGate(db: Database, domain: string, now: () => number): Gate {
  return {
    embedded: false,
    apiKey: "",
    demo: false,
    login: { domain },
    async merchant(request) {
      const shop = await findShopByDomain(db, domain);
      const person = shop && (await personIn(db, shop, request, now()));
      if (!shop || !person) throw toLogin(request);
      return { ...shop, person };
    },
    address: (_domain, path) => path,
    pageHeaders: (_request, headers) =>
      headers.set("Content-Security-Policy", "frame-ancestors 'none'"),
  };
}

/** The demo: whoever is not logged in is let in as well, without a password, as any role. */
export function demoGate(db: Database, domain: string, now: () => number = Date.now): Gate {
  return {
    ...loginGate(db, domain, now),
    demo: true,
    async merchant(request) {
      const shop = await findShopByDomain(db, domain);
      if (shop) {
        const person = await personIn(db, shop, request, now());
        return { ...shop, person: person ?? personOf(await demoPerson(request)) };
      }
      const why = `There is no merchant ${domain} yet. Starting Ballast with npm start makes one.`;
      throw new Response(why, { status: 404, statusText: "No merchant yet" });
    },
  };
}

/** Who is signed in with the request's cookie. */
async function personIn(
  db: Database,
  { id: shop }: ShopRow,
  request: Request,
  now: number,
): Promise<Person | null> {
  const secret = await signInSecret(request);
  const row = secret === null ? null : await signedIn(db, shop, secret, new Date(now));
  return row && personOf({ id: row.id, name: row.name, role: row.role, entry: "password" });
}

/** A page is asked for again after logging in; a stream of events or a form is not. */
function toLogin(request: Request): Response {
  const { pathname, search } = new URL(request.url);
  if (request.headers.get("Accept")?.includes("text/event-stream")) {
    return new Response(null, { status: 401 });
  }
  const page = request.method === "GET" ? pathname.replace(/\.data$/, "") + search : "/app";
  return redirect(`/login?${new URLSearchParams({ to: page })}`);
}
