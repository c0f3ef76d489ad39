import type { RequestHandler } from "msw";
import type { SandboxAccount } from "./account.ts";
import type { Clock } from "./clock.ts";
import { createCourier } from "./courier.ts";
import type { Moment, OrderNews, SandboxDefinition } from "./definition.ts";
import { type Faults, faultsSchema, noFaults } from "./faults.ts";
import { emit, type Lag, type Market, type Outgoing, type ShelfListing, settle } from "./market.ts";
import {
  type Bought,
  buy,
  type Changed,
  cancelOrder,
  forceOrder,
  type NewListing,
  type NewOrder,
  shipOrder,
  stockShelf,
  type Wanted,
} from "./shop-floor.ts";

/** How long a push takes to reach buyers. */
export type LagSetting = "default" | "realistic" | "none" | Lag;

export interface SandboxSettings {
  seed: number;
  lag: LagSetting;
  /** Where the product's webhook doors are, e.g. http://127.0.0.1:3000. Null = nowhere. */
  doorUrl: string | null;
}

/** What the sandboxes may use of the outside. */
export interface SandboxEnv {
  clock: Clock;
  settings: SandboxSettings;
  /** Posts to the product's door; answers the HTTP status. */
  post(url: string, headers: Record<string, string>, body: string): Promise<number>;
  /** Called after every change, so that it can be saved. */
  changed?(): void;
}

export interface RunningSandbox {
  channel: string;
  account: SandboxAccount;
  handlers: RequestHandler[];
  market(): Market;
  stock(rows: readonly NewListing[]): void;
  buy(wanted: Wanted): Bought;
  order(order: NewOrder): Bought;
  cancel(order: string, lines: Wanted[] | null): Changed;
  ship(order: string, lines: Wanted[] | null): Changed;
  setFaults(patch: Partial<Faults>): Faults;
  /** Says whose connection this account is: messages go there from now on. */
  connect(connection: string): void;
  describe(): SandboxDescription;
  save(): unknown;
  load(saved: unknown): void;
  reset(): void;
  /** Resolves when no message is being handed over at the moment. */
  idle(): Promise<void>;
  stop(): void;
}

export type SandboxDescription = ReturnType<typeof describeMarket>;

const DEFAULT_LAG: Lag = { minMs: 300, maxMs: 800 };

/** Runs one marketplace's definition: its state, its time, its shoppers, its messages. */
export function runSandbox<State extends { market: Market }>(
  definition: SandboxDefinition<State>,
  env: SandboxEnv,
): RunningSandbox {
  let state = definition.empty(env.settings.seed);
  let open = true;
  const waiting = new Set<() => void>();
  const market = () => state.market;
  const now = () => env.clock.now();
  const courier = createCourier(env.clock, market, (message) =>
    handOver(definition, env, market(), message),
  );
  const changed = () => env.changed?.();

  function moment(): Moment<State> {
    changed();
    const lag = lagOf(env.settings.lag, definition.realisticLag);
    return { state, now: now(), lag, open, wait };
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        waiting.delete(done);
        resolve();
      };
      const cancel = env.clock.after(ms, done);
      waiting.add(done);
    });
  }

  function wakeAll(): void {
    if (definition.doorHeaders) courier.wake();
    for (const done of [...waiting]) done();
  }

  function tell<T extends Bought | Changed>(result: T, news: OrderNews): T {
    if (result.outcome === "sold" || result.outcome === "changed") {
      const order = result.order;
      const settled = news === "cancelled" && order.cancelledAt === null ? "changed" : news;
      emit(market(), definition.message(state, order, settled, now()), now());
      wakeAll();
    }
    changed();
    return result;
  }

  return {
    channel: definition.channel,
    account: definition.account,
    handlers: definition.handlers(moment),
    market,
    stock(rows) {
      stockShelf(market(), rows);
      changed();
    },
    buy: (wanted) => tell(buy(market(), definition.house, wanted, now()), "created"),
    order: (order) => tell(forceOrder(market(), definition.house, order, now()), "created"),
    cancel: (order, lines) =>
      tell(cancelOrder(market(), definition.house, order, lines, now()), "cancelled"),
    ship: (order, lines) => tell(shipOrder(market(), order, lines, now()), "shipped"),
    setFaults(patch) {
      market().faults = faultsSchema.parse({ ...market().faults, ...patch });
      changed();
      return market().faults;
    },
    connect(connection) {
      market().connection = connection;
      changed();
    },
    describe() {
      settle(market(), now());
      return describeMarket(market(), definition.externalId);
    },
    save: () => state,
    load(saved) {
      state = { ...definition.empty(env.settings.seed), ...(saved as State) };
      // A fault of yesterday should not surprise anybody today.
      market().faults = noFaults();
      wakeAll();
    },
    reset() {
      const { connection } = market();
      state = definition.empty(env.settings.seed);
      market().connection = connection;
      wakeAll();
      changed();
    },
    idle: () => courier.idle(),
    stop() {
      open = false;
      courier.stop();
      for (const done of [...waiting]) done();
    },
  };
}

function lagOf(setting: LagSetting, realistic: Lag): Lag {
  if (setting === "default") return DEFAULT_LAG;
  if (setting === "realistic") return realistic;
  return setting === "none" ? { minMs: 0, maxMs: 0 } : setting;
}

async function handOver<State extends { market: Market }>(
  definition: SandboxDefinition<State>,
  env: SandboxEnv,
  market: Market,
  message: Outgoing,
): Promise<boolean> {
  const { doorUrl } = env.settings;
  if (!doorUrl || !definition.doorHeaders || market.connection === null) return false;
  const url = `${doorUrl}/webhooks/${definition.channel}/${market.connection}`;
  const status = await env.post(url, definition.doorHeaders(message), message.body);
  return status >= 200 && status < 300;
}

function describeMarket(market: Market, externalId: (listing: ShelfListing) => string) {
  const orders = Object.values(market.orders);
  return {
    connection: market.connection,
    listings: Object.values(market.listings).map((listing) => ({
      sku: listing.sku,
      title: listing.title,
      externalId: externalId(listing),
      merchantFulfilled: listing.merchantFulfilled,
      displayed: listing.displayed,
      recorded: listing.recorded,
      landing: market.landings.filter((landing) => landing.sku === listing.sku).length,
    })),
    orders: {
      count: orders.length,
      cancelled: orders.filter((order) => order.cancelledAt !== null).length,
    },
    messages: { waiting: market.outgoing.length },
    stats: market.stats,
    faults: market.faults,
  };
}
