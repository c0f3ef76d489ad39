import { z } from "zod";
import { call } from "../../connectors/http.ts";
import type { ScriptEnv } from "../env.ts";
import type { ScriptOrder, Wanted } from "./day-script.ts";

/** A movement as a warehouse reports it to the API. */
export interface Report {
  sku: string;
  location: string;
  type: "receive" | "adjust";
  bucket?: "sellable" | "inspection";
  quantity: number;
  reason: string;
}

/** What the API answers about an item, as far as a replay compares it. */
export interface ApiStock {
  ats: number;
  balances: { bucket: string; quantity: number }[];
}

/** The doors a replay goes through, as marketplaces, their buyers and a warehouse do. */
export interface Doors {
  list(channel: string, rows: readonly { sku: string; title: string }[]): Promise<void>;
  order(order: ScriptOrder): Promise<void>;
  cancel(order: Pick<ScriptOrder, "id" | "channel">, lines: readonly Wanted[]): Promise<void>;
  /** Messages that the marketplaces have not handed over yet. */
  messagesWaiting(): Promise<number>;
  /** `key` makes it happen once, however often it is sent. */
  report(key: string, report: Report): Promise<void>;
  stock(sku: string): Promise<ApiStock>;
}

const marketState = z.record(z.string(), z.object({ messages: z.object({ waiting: z.number() }) }));
const stockAnswer = z.object({
  ats: z.number(),
  balances: z.array(z.object({ bucket: z.string(), quantity: z.number() })),
});

export function openDoors(
  env: Pick<ScriptEnv, "SANDBOX_URL" | "APP_URL" | "BALLAST_TOKEN">,
): Doors {
  const sandbox = (method: string, path: string, body?: unknown) =>
    ask(`${env.SANDBOX_URL}/sandbox${path}`, method, body);
  const api = (method: string, path: string, body?: unknown, headers = {}) =>
    ask(`${env.APP_URL}/api/v1${path}`, method, body, {
      Authorization: `Bearer ${env.BALLAST_TOKEN}`,
      ...headers,
    });
  return {
    async list(channel, rows) {
      // A listing that is there keeps its quantity; a new one shows nothing until it is pushed.
      await sandbox(
        "POST",
        `/${channel}/listings`,
        rows.map((row) => ({ ...row, quantity: 0 })),
      );
    },
    async order({ id, channel, lines }) {
      await sandbox("POST", `/${channel}/orders`, { orderId: id, lines });
    },
    async cancel({ id, channel }, lines) {
      await sandbox("POST", `/${channel}/orders/${encodeURIComponent(id)}/cancel`, { lines });
    },
    async messagesWaiting() {
      const channels = marketState.parse(await sandbox("GET", "/state"));
      return Object.values(channels).reduce((sum, { messages }) => sum + messages.waiting, 0);
    },
    async report(key, report) {
      await api("POST", "/movements", report, { "Idempotency-Key": key });
    },
    async stock(sku) {
      return stockAnswer.parse(await api("GET", `/stock/${encodeURIComponent(sku)}`));
    },
  };
}

const TRIES = 5;

/** One call; a server that is briefly away is asked again. Every call here may be repeated. */
async function ask(url: string, method: string, body?: unknown, headers = {}): Promise<unknown> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const init = { method, headers: { "Content-Type": "application/json", ...headers }, ...json };
  for (let tries = 1; ; tries += 1) {
    const response = await call({}, url, init);
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    if (response.status < 500 || tries === TRIES) {
      throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 500)}`);
    }
    await new Promise((done) => setTimeout(done, 200 * 2 ** tries));
  }
}
