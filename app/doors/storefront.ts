import express, { type Request, type Response, type Router } from "express";
import { z } from "zod";
import { NOBODY } from "../../connectors/nobody.ts";
import { shopIn, verifyProxy } from "../../connectors/shopify/app-proxy.ts";
import { cartName } from "../../connectors/shopify/cart.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { CartExtended } from "../../ledger/carts.ts";
import { storefrontConnection } from "../../prisma/storefront.ts";
import { handler } from "../api/http.ts";
import type { Metrics } from "../api/metrics.ts";
import { Remembered } from "../remembered.ts";
import type { Services } from "../services.ts";
import { addressDigest, shopperAddress } from "../storefront/address.ts";
import { createStorefrontCarts, type Followed, type Shopper } from "../storefront/carts.ts";
import { STOREFRONT_TEXTS as TEXTS } from "../storefront/texts.ts";
import { shortVariants } from "../storefront/variants.ts";
import { API_TURNS, inTurn } from "../turns.ts";
import { openForDoor } from "./open-connection.ts";

const BODY_LIMIT = "64kb";
const MAX_LINES = 250;
const MAX_UNITS = 1_000_000;
/** New secrets of a connection count after this long. */
const REMEMBER_MS = 5_000;
const SHOPS_REMEMBERED = 1_000;

const token = z.string().min(8).max(400);
const cartBody = z.object({ cart: token });
const holdBody = cartBody.extend({
  /** When the cart became so, by the shopper's clock: of two, the later one counts. */
  revision: z.int().min(1),
  lines: z
    .array(
      z.object({
        variant: z.union([z.int().min(1), z.string().regex(/^\d{1,20}$/)]).transform(String),
        quantity: z.int().min(0).max(MAX_UNITS),
      }),
    )
    .max(MAX_LINES),
});

/**
 * POST /proxy/holds, and /extend, /release and /status below it: the same holds as the API's, for a
 * shopper of a Shopify storefront. Shopify's app proxy forwards and signs what the theme extension
 * sends; which tenant it is for is what was signed, who the shopper is nobody keeps. Row C1.
 */
export function storefrontDoor(
  router: Router,
  services: Services,
  metrics: Metrics,
  proxies: number,
): void {
  const carts = createStorefrontCarts(services);
  const admit = admission(services, proxies);
  const count = (outcome: string) => metrics.holds.inc({ outcome });
  const turns = inTurn(API_TURNS, (response) => refuse(response, 429, "busy", TEXTS.busy));
  const json = express.json({ type: () => true, limit: BODY_LIMIT });
  const route = <T extends { cart: string }>(
    path: string,
    schema: z.ZodType<T>,
    handle: (response: Response, shopper: Shopper, body: T) => Promise<void>,
  ) =>
    router.post(
      path,
      turns,
      json,
      handler(async (request, response) => {
        response.set("Cache-Control", "no-store");
        const body = schema.safeParse(request.body);
        const shopper = await admit(request, body.success ? body.data.cart : "");
        if (!shopper) return refuse(response, 401, "forged", "Shopify did not sign this.");
        if (!body.success) return refuse(response, 422, "invalid", z.prettifyError(body.error));
        // What a hold becomes could not be recorded: row D5 says refuse.
        if (!services.heartbeat.alive()) return refuse(response, 503, "unavailable");
        await handle(response, shopper, body.data);
      }),
    );
  route("/proxy/holds", holdBody, async (response, shopper, { revision, lines }) => {
    const followed = await carts.follow(shopper, revision, lines);
    count(followed.outcome);
    sendFollowed(services, response, followed);
  });
  route("/proxy/holds/release", cartBody, async (response, shopper) => {
    sendFollowed(services, response, await carts.follow(shopper, 0, []));
  });
  route("/proxy/holds/extend", cartBody, async (response, shopper) => {
    sendHolding(services, response, await carts.extend(shopper));
  });
  route("/proxy/holds/status", cartBody, async (response, { shop, cart }) => {
    sendHolding(services, response, await services.carts.status(shop, cart));
  });
}

/** Who is at the door: the signed shop's connection and the cart, or nobody. */
function admission(services: Services, proxies: number) {
  const { now, keyring } = services;
  const connections = new Remembered<Awaited<ReturnType<typeof openForDoor>> & object>({
    limit: SHOPS_REMEMBERED,
    forMs: REMEMBER_MS,
    now,
  });
  const find = (domain: string) =>
    connections.get(domain, async () => {
      const found = await storefrontConnection(services.db, domain);
      return found && openForDoor(services, found.shop, found.id);
    });
  return async (request: Request, cart: string): Promise<Shopper | null> => {
    const at = request.originalUrl.indexOf("?");
    const query = new URLSearchParams(at < 0 ? "" : request.originalUrl.slice(at + 1));
    const domain = shopIn(query);
    const connection = domain === undefined ? null : await find(domain);
    const { clientSecret, previousClientSecret } = (connection?.credentials ?? NOBODY).secrets;
    const secrets = [clientSecret, previousClientSecret].filter((one) => one !== undefined);
    const proxied = verifyProxy(query, secrets, now());
    if (!connection || proxied.outcome !== "signed") {
      const why = proxied.outcome === "forged" ? proxied.why : "no such shop";
      services.log.warn({ why }, "a forged request of a storefront");
      return null;
    }
    const { shop, id, channel } = connection;
    const told = shopperAddress(request.get("X-Forwarded-For"), proxies);
    const address = told === undefined ? undefined : addressDigest(keyring, shop, told);
    return { shop, connection: id, channel, cart: cartName(cart), address };
  };
}

function sendFollowed({ now }: Services, response: Response, followed: Followed): void {
  switch (followed.outcome) {
    case "held": {
      const { expiresAt } = followed;
      // What is not matched is not held: the shopper is promised nothing of it.
      const lines = followed.lines.flatMap(({ variant, quantity, parts }) =>
        parts.length > 0 && quantity > 0 && expiresAt > 0 ? [{ variant, quantity }] : [],
      );
      response.json({ outcome: "held", ...untilOf(expiresAt, now()), lines });
      return;
    }
    case "insufficient": {
      const short = new Map(followed.short.map(({ item, available }) => [item, available]));
      const share = followed.short.every((line) => line.share);
      const lines = shortVariants(followed.lines, short);
      const outcome = share ? "share" : "short";
      response.status(409).json({ outcome, detail: TEXTS[outcome], lines });
      return;
    }
    case "limit": {
      const { limit, most } = followed;
      response.status(429).json({ outcome: "limit", limit, most, detail: TEXTS[limit] });
      return;
    }
    case "held-too-long": {
      const { secondsLeft } = untilOf(followed.againAt, now());
      response.set("Retry-After", String(Math.max(1, secondsLeft)));
      const detail = TEXTS["held-too-long"];
      response.status(429).json({ outcome: "limit", limit: "held-too-long", detail, secondsLeft });
      return;
    }
    case "ordered":
    case "known":
      response.json({ outcome: "ordered", detail: TEXTS.ordered });
      return;
    case "unavailable":
      refuse(response, 503, "unavailable");
      return;
    default:
      exhaustive(followed);
  }
}

function sendHolding({ now }: Services, response: Response, holding: CartExtended): void {
  switch (holding.outcome) {
    case "held":
      response.json({ outcome: "held", ...untilOf(holding.expiresAt, now()) });
      return;
    case "over":
    case "ordered":
      response.status(410).json({ outcome: holding.outcome, detail: TEXTS[holding.outcome] });
      return;
    case "unavailable":
      refuse(response, 503, "unavailable");
      return;
    default:
      exhaustive(holding);
  }
}

/** A shopper's clock may be wrong by hours: what is left is told as well. */
function untilOf(at: number, now: number) {
  const secondsLeft = Math.max(0, Math.ceil((at - now) / 1_000));
  return { expiresAt: at === 0 ? null : new Date(at).toISOString(), secondsLeft };
}

function refuse(
  response: Response,
  status: number,
  outcome: "forged" | "invalid" | "unavailable" | "busy",
  detail: string = TEXTS.unavailable,
): void {
  if (status === 503 || status === 429) response.set("Retry-After", "1");
  response.status(status).json({ outcome, detail });
}
