import { redirect } from "@remix-run/node";
import type { whoIs } from "../connectors/shopify/who-is.ts";
import type { Database } from "../prisma/client.ts";
import type { PersonRow } from "../prisma/people.ts";
import { admitShopifyPerson, findShopifyPerson } from "../prisma/shopify-people.ts";
import { ensureShop, findShopByDomain, type ShopRow } from "../prisma/shops.ts";
import { signedIn } from "../prisma/sign-ins.ts";
import { demoPerson } from "./access/demo-role.ts";
import { type Merchant, type Person, personOf } from "./access/person.ts";
import type { Shopify } from "./access/shopify.server.ts";
import { signInSecret } from "./access/sign-in-cookie.ts";
import { Remembered } from "./remembered.ts";

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
  /** What Shopify signs its messages to the app with. */
  appSecrets?: readonly string[];
}

/** What the embedded gate needs beside Shopify's library. */
export interface EmbeddedGate {
  apiKey: string;
  /** What Shopify signs its messages to the app with: the newest first. */
  secrets: readonly string[];
  now(): number;
  /** Asks Shopify who sent a session token of this shop. */
  whoIs(shop: string, sessionToken: string): ReturnType<typeof whoIs>;
}

/** Inside Shopify's admin: the shop and the person of the session token, made at the first visit. */
export function embeddedGate(db: Database, shopify: Shopify, options: EmbeddedGate): Gate {
  const { apiKey, secrets, now } = options;
  const admitted = new Remembered<PersonRow>({ limit: 1_000, forMs: 0, now });
  return {
    embedded: true,
    apiKey,
    demo: false,
    appSecrets: secrets,
    shopify,
    async merchant(request) {
      const { session, sessionToken } = await shopify.authenticate.admin(asCall(request));
      const name = session.shop.replace(/\.myshopify\.com$/, "");
      const shop =
        (await findShopByDomain(db, session.shop)) ?? (await ensureShop(db, session.shop, name));
      const user = sessionToken.sub;
      const token = tokenIn(request);
      const row =
        (await findShopifyPerson(db, shop.id, user, new Date(now()))) ??
        // A page's loaders come at once: they share one question to Shopify.
        (await admitted.get(`${shop.id} ${user}`, () => admit(db, shop, user, token, options)));
      if (!row) throw new Response(WHO_UNKNOWN, { status: 503, statusText: "Shopify is away" });
      if (row.disabled) throw new Response(DISABLED, { status: 403, statusText: "Not allowed" });
      return { ...shop, person: personOf({ ...row, entry: "shopify" }) };
    },
    // Below the shop's own admin, which signs him in and puts the page into its frame.
    address: (domain, path) => `https://${domain}/admin/apps/${apiKey}${path}`,
    pageHeaders: (request, headers) => shopify.addDocumentResponseHeaders(request, headers),
  };
}

const WHO_UNKNOWN = "Shopify does not say who you are right now. It is asked again by itself.";
const DISABLED = "An owner of this shop has taken you out of its team in Ballast.";

/**
 * A stream of events is asked for without a header, so its token is in the address. Shopify's
 * library would take it for a document, and lead an unfinished address to the login.
 */
function asCall(request: Request): Request {
  if (!isEventStream(request)) return request;
  const headers = new Headers(request.headers);
  headers.set("Authorization", `Bearer ${tokenIn(request)}`);
  return new Request(request.url, { headers, signal: request.signal });
}

function isEventStream({ headers }: Request): boolean {
  return headers.get("Accept")?.includes("text/event-stream") ?? false;
}

/** Where App Bridge puts a session token: a header, or the address of a document. */
function tokenIn(request: Request): string {
  const header = /^Bearer (.+)$/.exec(request.headers.get("Authorization") ?? "")?.[1];
  return header ?? new URL(request.url).searchParams.get("id_token") ?? "";
}

async function admit(
  db: Database,
  shop: ShopRow,
  user: string,
  token: string,
  { whoIs, now }: EmbeddedGate,
): Promise<PersonRow | null> {
  const known = await whoIs(shop.domain, token);
  if (known.outcome !== "known") return null;
  const { name, owner } = known;
  return admitShopifyPerson(db, shop.id, { user, name, owner }, new Date(now()));
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
  if (isEventStream(request)) return new Response(null, { status: 401 });
  const page = request.method === "GET" ? pathname.replace(/\.data$/, "") + search : "/app";
  return redirect(`/login?${new URLSearchParams({ to: page })}`);
}
