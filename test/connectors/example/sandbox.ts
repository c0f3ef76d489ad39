import { createHmac } from "node:crypto";
import { HttpResponse, http } from "msw";
import { z } from "zod";
import type { Moment, SandboxDefinition } from "../../../connectors/sandbox/definition.ts";
import { deliver } from "../../../connectors/sandbox/deliver.ts";
import { callFault, rowFault, throttledBy } from "../../../connectors/sandbox/faults.ts";
import {
  emptyMarket,
  land,
  type Market,
  type MarketOrder,
  type ShelfListing,
  settle,
  spendRate,
} from "../../../connectors/sandbox/market.ts";
import { uuid } from "../../../connectors/sandbox/random.ts";

interface State {
  market: Market;
}

const KEY = "corner-shop-sandbox-key";
const PAGE = 50;

/** The imitation of the corner shop: what a real one would refuse, delay and forget. */
export const cornerShopSandbox: SandboxDefinition<State> = {
  channel: "corner-shop",
  account: { account: "corner-1", settings: {}, app: {}, secrets: { key: KEY } },
  house: {
    orderId: (n) => `C${n}`,
    lineId: String,
    restocksCancelled: true,
    partialCancel: true,
  },
  realisticLag: { minMs: 1_000, maxMs: 5_000 },
  empty: (seed) => ({ market: emptyMarket(seed, 100) }),
  externalId: (listing) => String(listing.id),
  message: ({ market }, order) => {
    const body = JSON.stringify({ ...orderJson(market, order), buyer: "Ada Buyer" });
    return { id: uuid(market), topic: "order", body };
  },
  doorHeaders: ({ id, body }) => ({
    "x-corner-delivery": id,
    "x-corner-signature": createHmac("sha256", KEY).update(body).digest("hex"),
  }),
  handlers: (moment) => [
    http.get("https://api.corner-shop.example/listings", ({ request }) => {
      const now = moment();
      const no = refused(now, request);
      return no ?? deliver(now, HttpResponse.json(listings(now, new URL(request.url))));
    }),
    http.put("https://api.corner-shop.example/listings/:id", async ({ request, params }) => {
      const now = moment();
      const { market } = now.state;
      const no = refused(now, request);
      if (no) return no;
      const { stock } = z.object({ stock: z.number().int().min(0) }).parse(await request.json());
      const listing = Object.values(market.listings).find((one) => String(one.id) === params.id);
      if (!listing) return HttpResponse.json({ taken: false, why: "no such listing" });
      const fault = rowFault(market.faults, listing.sku);
      if (fault === "refuse") return HttpResponse.json({ taken: false, why: "it is on hold" });
      const taken = HttpResponse.json({ taken: true });
      if (fault === "ignore") return taken;
      listing.recorded = stock;
      const change = { sku: listing.sku, kind: "set", quantity: stock } as const;
      land(market, change, stock, now.lag, now.now);
      return deliver(now, taken);
    }),
    http.get("https://api.corner-shop.example/orders", ({ request }) => {
      const now = moment();
      const no = refused(now, request);
      return no ?? deliver(now, HttpResponse.json(orders(now, new URL(request.url))));
    }),
  ],
};

/** A key that never ends is taken back, or it works. */
const status: Record<string, number> = {
  ...{ outage: 503, revoked: 401, lapsed: 401, expire: 401 },
  ...{ fail: 500, throttle: 429 },
};

function refused({ state, now }: Moment<State>, request: Request): Response | null {
  const { market } = state;
  const fault = callFault(market.faults);
  const busy = throttledBy(fault);
  if (busy) return HttpResponse.json({}, busy);
  if (fault) return HttpResponse.json({}, { status: status[fault] });
  if (request.headers.get("authorization") !== `Bearer ${KEY}`) {
    return HttpResponse.json({}, { status: 401 });
  }
  const rate = { perSecond: 10, burst: 10 };
  if (spendRate(market, request.method, rate, now) !== null) {
    return HttpResponse.json({}, { status: 429 });
  }
  settle(market, now);
  return null;
}

function listings({ state }: Moment<State>, url: URL) {
  const ids = url.searchParams.get("ids")?.split(",");
  const after = Number(url.searchParams.get("after") ?? 0);
  const found = Object.values(state.market.listings)
    .filter((one) => (ids ? ids.includes(String(one.id)) : one.id > after))
    .sort((a, b) => a.id - b.id);
  const page = ids ? found : found.slice(0, PAGE);
  const next = page.length < found.length ? String(page.at(-1)?.id) : null;
  return { rows: page.map(listingJson), next };
}

function listingJson({ id, sku, title, merchantFulfilled, displayed }: ShelfListing) {
  return { id: String(id), sku, title, stock: merchantFulfilled ? displayed : null };
}

function orders({ state, now }: Moment<State>, url: URL) {
  const since = Number(url.searchParams.get("since"));
  const from = Number(url.searchParams.get("after") ?? 0);
  const found = Object.values(state.market.orders)
    .filter((order) => order.updatedAt >= since)
    .sort((a, b) => a.updatedAt - b.updatedAt);
  const rows = found.slice(from, from + PAGE).map((order) => orderJson(state.market, order));
  const next = from + PAGE < found.length ? String(from + PAGE) : null;
  return { rows, next, asOf: now };
}

function orderJson(market: Market, order: MarketOrder) {
  return {
    id: order.id,
    at: order.createdAt,
    changedAt: order.updatedAt,
    lines: order.lines.map(({ sku, quantity, cancelled, shipped }) => ({
      listing: String(market.listings[sku]?.id),
      ...{ sku, ordered: quantity, cancelled, shipped },
    })),
  };
}
