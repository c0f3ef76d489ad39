import type { RequestHandler } from "msw";
import type { SandboxAccount } from "./account.ts";
import type { Clock } from "./clock.ts";
import { type Courier, createCourier } from "./courier.ts";
import type { Moment, OrderNews, SandboxDefinition } from "./definition.ts";
import { openPlace } from "./elsewhere.ts";
import { type Faults, faultsSchema, noFaults } from "./faults.ts";
import {
  emit,
  type Lag,
  type Market,
  type MarketReturn,
  type OpenedPlace,
  type Outgoing,
  type ShelfListing,
  settle,
} from "./market.ts";
import {
  announceReturn,
  type Bought,
  buy,
  type CancelOptions,
  type Changed,
  cancelOrder,
  type Edited,
  editListing,
  forceOrder,
  moveReturn,
  type NewListing,
  type NewOrder,
  type Returned,
  shipOrder,
  stockShelf,
  unshipOrder,
  type Wanted,
} from "./shop-floor.ts";
import { createWaitingRoom, type WaitingRoom } from "./waiting-room.ts";

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
  /** Somebody sets a number at the marketplace itself: by hand, or with another tool. */
  edit(sku: string, quantity: number): Edited;
  buy(wanted: Wanted): Bought;
  order(order: NewOrder): Bought;
  cancel(order: string, lines: Wanted[] | null, options?: CancelOptions): Changed;
  ship(order: string, lines: Wanted[] | null): Changed;
  unship(order: string): Changed;
  announceReturn(order: string, lines: Wanted[] | null): Returned;
  moveReturn(id: string, stage: MarketReturn["stage"]): Returned;
  /** Opens one more place of stock; null where the marketplace has none. */
  openPlace(name: string): OpenedPlace | null;
  setFaults(patch: Partial<Faults>): Faults;
  /** Says whose connection this account is: messages go there from now on. */
  connect(connection: string): void;
  describe(): SandboxDescription;
  save(): unknown;
  load(saved: unknown): void;
  reset(): void;
  /** What the marketplace counts by the day begins anew. */
  newDay(): void;
  /** Resolves when no message is being handed over at the moment. */
  idle(): Promise<void>;
  stop(): void;
}

export type SandboxDescription = ReturnType<typeof describeMarket>;

const DEFAULT_LAG: Lag = { minMs: 300, maxMs: 800 };

/** A definition at work. */
interface Running<State extends { market: Market }> {
  definition: SandboxDefinition<State>;
  env: SandboxEnv;
  state: State;
  open: boolean;
  room: WaitingRoom;
  courier: Courier;
}

/** Runs one marketplace's definition: its state, its time, its shoppers, its messages. */
export function runSandbox<State extends { market: Market }>(
  definition: SandboxDefinition<State>,
  env: SandboxEnv,
): RunningSandbox {
  const market = () => running.state.market;
  const running: Running<State> = {
    definition,
    env,
    state: definition.empty(env.settings.seed),
    open: true,
    room: createWaitingRoom(env.clock),
    courier: createCourier(env.clock, market, (message) =>
      handOver(definition, env, running.state, message),
    ),
  };
  return {
    channel: definition.channel,
    account: definition.account,
    handlers: definition.handlers(() => momentOf(running)),
    market,
    ...shopFloorOf(running),
    ...memoryOf(running),
    describe() {
      settle(market(), env.clock.now());
      return describeMarket(market(), definition.externalId);
    },
    idle: () => running.courier.idle(),
    stop() {
      running.open = false;
      running.courier.stop();
      running.room.wakeAll();
    },
  };
}

function momentOf<State extends { market: Market }>(running: Running<State>): Moment<State> {
  const { definition, env, state, open, room } = running;
  // Whoever asks for the moment is about to use it, and every use changes something.
  env.changed?.();
  const lag = lagOf(env.settings.lag, definition.realisticLag);
  const emitOne: Moment<State>["emit"] = (message) => send(running, message);
  const { doorUrl } = env.settings;
  const waits = { wait: room.wait, pause: (ms: number) => pause(running, ms) };
  return { state, now: env.clock.now(), lag, doorUrl, open, ...waits, emit: emitOne };
}

/** Messages wake whoever waits in the room: then there is still the rest to wait for. */
async function pause<State extends { market: Market }>(
  running: Running<State>,
  ms: number,
): Promise<void> {
  const { clock } = running.env;
  const until = clock.now() + ms;
  while (running.open && clock.now() < until) await running.room.wait(until - clock.now());
}

/** What shoppers and the merchant do. Every change of an order is told. */
function shopFloorOf<State extends { market: Market }>(running: Running<State>) {
  const { env, definition } = running;
  const { house } = definition;
  const market = () => running.state.market;
  const now = () => env.clock.now();
  return {
    stock(rows: readonly NewListing[]): void {
      stockShelf(market(), rows);
      env.changed?.();
    },
    edit: (sku: string, quantity: number) =>
      tellEdit(running, editListing(market(), sku, quantity, now())),
    buy: (wanted: Wanted) => tell(running, buy(market(), house, wanted, now()), "created"),
    order: (order: NewOrder) => tell(running, forceOrder(market(), house, order, now()), "created"),
    cancel: (order: string, lines: Wanted[] | null, options?: CancelOptions) =>
      tell(running, cancelOrder(market(), house, order, lines, now(), options), "cancelled"),
    ship: (order: string, lines: Wanted[] | null) =>
      tell(running, shipOrder(market(), house, order, lines, now()), "shipped"),
    unship: (order: string) => tell(running, unshipOrder(market(), house, order, now()), "changed"),
    announceReturn: (order: string, lines: Wanted[] | null) =>
      tellReturn(running, announceReturn(market(), order, lines, now())),
    moveReturn: (id: string, stage: MarketReturn["stage"]) =>
      tellReturn(running, moveReturn(market(), id, stage, now())),
    openPlace(name: string): OpenedPlace | null {
      const opened = openPlace(market(), house, name);
      env.changed?.();
      return opened;
    },
    setFaults(patch: Partial<Faults>): Faults {
      market().faults = faultsSchema.parse({ ...market().faults, ...patch });
      env.changed?.();
      return market().faults;
    },
    connect(connection: string): void {
      market().connection = connection;
      env.changed?.();
    },
  };
}

function tell<State extends { market: Market }, T extends Bought | Changed>(
  running: Running<State>,
  result: T,
  news: OrderNews,
): T {
  const { definition, env, state } = running;
  if (result.outcome !== "sold" && result.outcome !== "changed") return result;
  const messages = [definition.message(state, result.order, news, env.clock.now())].flat();
  for (const message of messages) send(running, message);
  env.changed?.();
  return result;
}

function tellReturn<State extends { market: Market }>(
  running: Running<State>,
  result: Returned,
): Returned {
  const { definition, env, state } = running;
  if (result.outcome !== "returned") return result;
  const message = definition.returnMessage?.(state, result.back, env.clock.now());
  if (message) send(running, message);
  env.changed?.();
  return result;
}

function tellEdit<State extends { market: Market }>(
  running: Running<State>,
  result: Edited,
): Edited {
  const { definition, env, state } = running;
  if (result.outcome !== "edited") return result;
  const { listing, before } = result;
  const message = definition.editMessage?.(state, listing, before, env.clock.now());
  if (message) send(running, message);
  env.changed?.();
  return result;
}

function send<State extends { market: Market }>(
  { definition, env, state, room, courier }: Running<State>,
  message: Pick<Outgoing, "id" | "topic" | "body">,
): void {
  emit(state.market, message, env.clock.now());
  if (definition.doorHeaders) courier.wake();
  room.wakeAll();
  env.changed?.();
}

/** What is kept over a restart. */
function memoryOf<State extends { market: Market }>(running: Running<State>) {
  const { definition, env, courier, room } = running;
  const wake = () => {
    if (definition.doorHeaders) courier.wake();
    room.wakeAll();
  };
  return {
    save: () => running.state,
    load(saved: unknown): void {
      running.state = { ...definition.empty(env.settings.seed), ...(saved as State) };
      // A fault of yesterday should not surprise anybody today.
      running.state.market.faults = noFaults();
      wake();
    },
    newDay(): void {
      definition.newDay?.(running.state);
      env.changed?.();
    },
    reset(): void {
      const { connection, door } = running.state.market;
      running.state = definition.empty(env.settings.seed);
      Object.assign(running.state.market, { connection, door });
      wake();
      env.changed?.();
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
  state: State,
  message: Outgoing,
): Promise<boolean> {
  const { doorUrl } = env.settings;
  const { market } = state;
  if (!doorUrl || !definition.doorHeaders || market.connection === null) return false;
  const url = market.door ?? `${doorUrl}/webhooks/${definition.channel}/${market.connection}`;
  const status = await env.post(url, definition.doorHeaders(message, state), message.body);
  return status >= 200 && status < 300;
}

function describeMarket(market: Market, externalId: (listing: ShelfListing) => string) {
  const orders = Object.values(market.orders);
  return {
    connection: market.connection,
    places: market.places ?? [],
    listings: Object.values(market.listings).map((listing) => ({
      sku: listing.sku,
      title: listing.title,
      externalId: externalId(listing),
      merchantFulfilled: listing.merchantFulfilled,
      displayed: listing.displayed,
      recorded: listing.recorded,
      ...(listing.elsewhere ? { elsewhere: listing.elsewhere } : {}),
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
