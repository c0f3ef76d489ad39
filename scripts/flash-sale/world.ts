import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ScriptEnv } from "../env.ts";

/** What a shopper's attempt to buy came to. */
export type Bought = "sold" | "refused";

/** What a cart's attempt to hold came to: the hold's id, or no stock. */
export type Held = { outcome: "held"; id: string } | { outcome: "refused" };

/** The two doors a flash sale goes through: the marketplaces' shops, and the product's own API. */
export interface FlashWorld {
  setLag(lag: string): Promise<void>;
  /** What marketplaces count by the day begins anew there. */
  newDay(): Promise<void>;
  /** Pushes a marketplace took of a SKU, oldest first. Times in ms since the epoch. */
  pushesTaken(channel: string, sku: string): Promise<PushTrace[]>;
  /** When each order was made, in ms, by `channel/order`. */
  orderTimes(channels: readonly string[]): Promise<Map<string, number>>;
  displayed(sku: string): Promise<Map<string, { displayed: number; landing: number }>>;
  buy(channel: string, sku: string): Promise<Bought>;
  hold(sku: string, ttlSeconds: number): Promise<Held>;
  /** False when the hold had expired by then. */
  pay(hold: string, order: string): Promise<boolean>;
  /** Corrects the sellable count by `delta` units. */
  adjust(sku: string, location: string, delta: number): Promise<void>;
  stock(sku: string): Promise<StockView>;
}

const AGAIN_MS = 250;
const AGAIN_MOST = 40;

const stockView = z.object({
  ats: z.number(),
  version: z.number(),
  listings: z.array(
    z.object({
      channel: z.string(),
      planned: z.number().nullable(),
      shown: z.number().nullable(),
    }),
  ),
});
export type StockView = z.infer<typeof stockView>;

const pushTraces = z.array(
  z.object({ sku: z.string(), acceptedAt: z.number(), landsAt: z.number() }),
);
export type PushTrace = z.infer<typeof pushTraces>[number];

const orderList = z.array(z.object({ id: z.string(), createdAt: z.number() }));

const sandboxState = z.record(
  z.string(),
  z.object({
    listings: z.array(
      z.object({ sku: z.string(), displayed: z.number(), landing: z.number() }).loose(),
    ),
  }),
);

export function openWorld(env: ScriptEnv): FlashWorld {
  const sandbox = (method: string, path: string, body?: unknown) =>
    call(env.SANDBOX_URL, method, `/sandbox${path}`, body);
  const api = apiOf(env);
  return {
    async setLag(lag) {
      expectStatus(await sandbox("PUT", "/settings", { lag: lagSetting(lag) }), 200);
    },
    async newDay() {
      expectStatus(await sandbox("POST", "/new-day"), 200);
    },
    async pushesTaken(channel, sku) {
      const traces = expectStatus(await sandbox("GET", `/${channel}/pushes`), 200);
      return pushTraces.parse(traces).filter((trace) => trace.sku === sku);
    },
    async orderTimes(channels) {
      const times = new Map<string, number>();
      for (const channel of channels) {
        const orders = expectStatus(await sandbox("GET", `/${channel}/orders`), 200);
        for (const { id, createdAt } of orderList.parse(orders)) {
          times.set(`${channel}/${id}`, createdAt);
        }
      }
      return times;
    },
    async displayed(sku) {
      const state = sandboxState.parse(expectStatus(await sandbox("GET", "/state"), 200));
      const rows = Object.entries(state).flatMap(([channel, { listings }]) =>
        listings.filter((row) => row.sku === sku).map((row) => [channel, row] as const),
      );
      return new Map(rows);
    },
    async buy(channel, sku) {
      const answer = await sandbox("POST", `/${channel}/buy`, { sku, quantity: 1 });
      if (answer.status === 409) return "refused";
      expectStatus(answer, 201);
      return "sold";
    },
    async hold(sku, ttlSeconds) {
      const answer = await api("POST", "/holds", { lines: [{ sku, quantity: 1 }], ttlSeconds });
      if (answer.status === 409) return { outcome: "refused" };
      const { id } = z.object({ id: z.string() }).parse(expectStatus(answer, 201));
      return { outcome: "held", id };
    },
    async pay(hold, order) {
      const answer = await api("POST", `/holds/${hold}/commit`, { orderId: order });
      if (answer.status === 410) return false;
      expectStatus(answer, 200);
      return true;
    },
    async adjust(sku, location, delta) {
      const reason = "flash sale: stock brought to the wanted units";
      const body = { sku, location, type: "adjust", quantity: delta, reason };
      expectStatus(await api("POST", "/movements", body), 201);
    },
    async stock(sku) {
      const answer = await api("GET", `/stock/${encodeURIComponent(sku)}`);
      return stockView.parse(expectStatus(answer, 200));
    },
  };
}

/** As the API's manual says: what is unavailable for a moment is asked again, under the same key. */
function apiOf(env: ScriptEnv) {
  return async (method: string, path: string, body?: unknown): Promise<Answered> => {
    const key = randomUUID();
    const ask = () =>
      call(env.APP_URL, method, `/api/v1${path}`, body, {
        authorization: `Bearer ${env.BALLAST_TOKEN}`,
        ...(method === "POST" ? { "idempotency-key": key } : {}),
      });
    let answer = await ask();
    for (let tries = 0; answer.status === 503 && tries < AGAIN_MOST; tries += 1) {
      await sleep(AGAIN_MS);
      answer = await ask();
    }
    return answer;
  };
}

function lagSetting(lag: string): unknown {
  const range = /^(\d+)-(\d+)$/.exec(lag);
  return range ? { minMs: Number(range[1]), maxMs: Number(range[2]) } : lag;
}

interface Answered {
  what: string;
  status: number;
  body: unknown;
}

async function call(
  base: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(base + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    what: `${method} ${path}`,
    status: response.status,
    body: text ? JSON.parse(text) : null,
  };
}

function expectStatus({ what, status, body }: Answered, wanted: number): unknown {
  if (status === wanted) return body;
  throw new Error(`${what} answered ${status}: ${JSON.stringify(body)}`);
}
