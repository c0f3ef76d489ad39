import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { signProxy } from "../app-proxy.ts";
import { SHOPIFY_SANDBOX } from "./account.ts";
import type { ShopifyMoment } from "./state.ts";
import {
  cartJson,
  cartMessage,
  checkOut,
  newToken,
  type StorefrontCart,
  setLine,
  tokenIn,
  withKey,
} from "./storefront-cart.ts";
import { AT, cartPage, productPage, shelfPage, thanksPage } from "./storefront-pages.ts";
import { assetOf } from "./theme-block.ts";
import { orderMessages } from "./webhook.ts";

const SHOP = `https://${SHOPIFY_SANDBOX.account}`;

const lineSchema = z.object({
  id: z.coerce.string(),
  quantity: z.coerce.number().int().min(0).default(1),
});
const updateSchema = z.object({
  updates: z.record(z.string(), z.coerce.number().int().min(0)),
});
const settingsSchema = z.object({
  embed: z.enum(["on", "off"]).optional(),
  unsure: z.enum(["sell", "refuse"]).optional(),
  appAway: z.enum(["away", "there"]).optional(),
});

/** One shopper's request: the shop at that moment, and his cart. */
interface Visit {
  moment: ShopifyMoment;
  token: string;
  cart: StorefrontCart;
}

/**
 * A storefront of the shop: a shelf, a cart with Shopify's Ajax API, a checkout, and the app proxy
 * with its signature. Everything a shopper's browser needs to play the whole of cart holds.
 */
export function storefrontHandlers(moment: () => ShopifyMoment): RequestHandler[] {
  const visit = (request: Request): Visit => {
    const now = moment();
    const token = tokenIn(request.headers.get("cookie")) ?? newToken();
    return { moment: now, token, cart: now.state.carts[token] ?? {} };
  };
  return [
    http.get(`${SHOP}/`, () => HttpResponse.html(shelfPage(moment().state))),
    http.get(`${SHOP}/products/:variant`, ({ params }) => {
      const html = productPage(moment().state, String(params.variant));
      return html === null ? missing() : HttpResponse.html(html);
    }),
    http.get(`${SHOP}/extension/:name`, ({ params }) => {
      const asset = assetOf(String(params.name));
      if (!asset) return missing();
      return new HttpResponse(asset.body, { headers: { "Content-Type": asset.type } });
    }),
    http.post(`${SHOP}/storefront-settings`, async ({ request }) => {
      const { storefront } = moment().state;
      const said = settingsSchema.parse(await fields(request));
      if (said.embed) storefront.embed = said.embed === "on";
      if (said.unsure) storefront.unsure = said.unsure;
      if (said.appAway) storefront.appAway = said.appAway === "away";
      return redirect(new URL(request.headers.get("referer") ?? SHOP).pathname || AT);
    }),
    ...cartHandlers(visit),
    http.post(`${SHOP}/checkout`, ({ request }) => pay(visit(request))),
    http.post(`${SHOP}/apps/ballast/*`, async ({ request }) => proxy(moment(), request)),
  ];
}

function cartHandlers(visit: (request: Request) => Visit): RequestHandler[] {
  const changing = (path: string, change: (cart: StorefrontCart, body: unknown) => void) =>
    ["", ".js"].map((ending) =>
      http.post(`${SHOP}/cart/${path}${ending}`, async ({ request }) => {
        const visited = visit(request);
        const { moment, token, cart } = visited;
        const body = await fields(request);
        change(cart, body);
        moment.state.carts[token] = cart;
        const message = cartMessage(moment, token, cart);
        if (message) moment.emit(message);
        if (ending === "") return redirect(`${AT}/cart`, cookie(token));
        return HttpResponse.json(cartJson(moment.state, token, cart), { headers: cookie(token) });
      }),
    );
  return [
    http.get(`${SHOP}/cart.js`, ({ request }) => {
      const { moment, token, cart } = visit(request);
      return HttpResponse.json(cartJson(moment.state, token, cart));
    }),
    http.get(`${SHOP}/cart`, ({ request }) => {
      const { moment, cart } = visit(request);
      return HttpResponse.html(cartPage(moment.state, cart));
    }),
    ...changing("add", (cart, body) => {
      const { id, quantity } = lineSchema.parse(body);
      setLine(cart, id, (cart[id] ?? 0) + quantity);
    }),
    ...changing("change", (cart, body) => {
      const { id, quantity } = lineSchema.parse(body);
      setLine(cart, id, quantity);
    }),
    ...changing("update", (cart, body) => {
      for (const [id, quantity] of Object.entries(updateSchema.parse(body).updates)) {
        setLine(cart, id, quantity);
      }
    }),
    ...changing("clear", (cart) => {
      for (const id of Object.keys(cart)) delete cart[id];
    }),
  ];
}

function pay({ moment, token, cart }: Visit): Response {
  const paid = checkOut(moment, token);
  switch (paid.outcome) {
    case "ordered":
      for (const message of orderMessages(moment.state, paid.order, "created", moment.now)) {
        moment.emit(message);
      }
      return HttpResponse.html(thanksPage(moment.state, paid.order), {
        headers: cookie(newToken()),
      });
    case "sold-out": {
      const { title, displayed } = paid;
      const told = `${title}: only ${displayed} left. Your cart was not charged.`;
      return HttpResponse.html(cartPage(moment.state, cart, told), { status: 409 });
    }
    case "empty":
      return redirect(`${AT}/cart`);
  }
}

/** What Shopify's app proxy does: adds its parameters, signs them, and tells where it was called from. */
async function proxy({ state, doorUrl, now }: ShopifyMoment, request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.replace("/apps/ballast", "/proxy");
  if (doorUrl === null || state.storefront.appAway) {
    return HttpResponse.text("There was an error in the third-party application.", { status: 502 });
  }
  const query = signProxy(
    SHOPIFY_SANDBOX.secrets.clientSecret ?? "",
    new URLSearchParams({
      ...{ shop: SHOPIFY_SANDBOX.account, logged_in_customer_id: "" },
      ...{ path_prefix: "/apps/ballast", timestamp: String(Math.floor(now / 1_000)) },
    }),
  );
  const headers = { "Content-Type": "application/json", "X-Forwarded-For": "127.0.0.1" };
  const init = { method: "POST", headers, body: await request.text() };
  const answer = await fetch(`${doorUrl}${path}?${query}`, init).catch(() => null);
  if (!answer) return HttpResponse.text("Bad Gateway", { status: 502 });
  const type = answer.headers.get("Content-Type") ?? "text/plain";
  return new HttpResponse(await answer.text(), {
    status: answer.status,
    headers: { "Content-Type": type },
  });
}

async function fields(request: Request): Promise<unknown> {
  const text = await request.text();
  const json = request.headers.get("content-type")?.includes("json");
  if (json) return text === "" ? {} : JSON.parse(text);
  return Object.fromEntries(new URLSearchParams(text));
}

function cookie(token: string): Record<string, string> {
  const value = encodeURIComponent(withKey(token));
  return { "Set-Cookie": `cart=${value}; Path=/; Max-Age=1209600; SameSite=Lax` };
}

function redirect(to: string, headers: Record<string, string> = {}): Response {
  return new HttpResponse(null, { status: 303, headers: { ...headers, Location: to } });
}

const missing = () => HttpResponse.text("Not found", { status: 404 });
