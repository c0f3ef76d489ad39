import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import type { TestAPI } from "vitest";
import type {
  Account,
  Connector,
  Level,
  ListingRecord,
  Message,
  PushLine,
  RawRequest,
  Session,
  Verification,
  World,
} from "../../connectors/connector.ts";
import { CONNECTORS } from "../../connectors/registry.ts";
import { type ManualClock, manualClock } from "../../connectors/sandbox/clock.ts";
import type { RunningSandbox, SandboxEnv } from "../../connectors/sandbox/engine.ts";
import { runSandboxes, type SandboxChannel } from "../../connectors/sandbox/sandboxes.ts";
import { isOrderActivity, type OrderActivity, orderActivityId } from "../../inventory/activity.ts";

/** A connector and its sandbox in this process, on a clock that stands until it is moved. */
export interface Bench {
  connector: Connector;
  account: Account;
  session: Session;
  sandbox: RunningSandbox;
  clock: ManualClock;
  /** What the door answers to the marketplace, when it calls one. */
  door: { status: number };
  /** Opens another session, e.g. with other secrets. */
  connect(account?: Partial<Account>, world?: Partial<World>): Session;
  /**
   * What arrived since the last time it was asked for: read, verified and removed. What it says
   * of stock is put into `levels` instead.
   */
  news(): Promise<Verification[]>;
  levels: Level[];
  /** What came to the door since the last time, as it was sent; nothing where there is a queue. */
  arrived(): Promise<RawRequest[]>;
  /** Every call that was made and its answer, unread. */
  calls: { request: Request; response: Response }[];
  close(): void;
}

/** A test that is given one. */
export type BenchTest = TestAPI<{ rig: Bench }>;

export const START = Date.UTC(2026, 10, 24, 12);
export const PUSH_SEEN_MS = 1_000;

/** One of the product's own marketplaces. */
export function openChannel(channel: SandboxChannel): Bench {
  return openBench(CONNECTORS[channel], (env) => runSandboxes(env)[channel]);
}

export function openBench(connector: Connector, run: (env: SandboxEnv) => RunningSandbox): Bench {
  const clock = manualClock(START);
  const door = { status: 200 };
  const arrived: RawRequest[] = [];
  const settings = { seed: 7, lag: "default" as const, doorUrl: "http://door.test" };
  const sandbox = run({
    clock,
    settings,
    post: async (_url, headers, body) => {
      arrived.push({ headers, body: Buffer.from(body) });
      return door.status;
    },
  });
  const server = setupServer(...sandbox.handlers, greeting(connector, sandbox));
  server.listen({ onUnhandledFrame: "error" });
  const calls: Bench["calls"] = [];
  const levels: Level[] = [];
  const asked = new Map<string, Request>();
  server.events.on("request:start", ({ request, requestId }) => {
    asked.set(requestId, request.clone());
  });
  server.events.on("response:mocked", ({ requestId, response }) => {
    const request = asked.get(requestId);
    if (request) calls.push({ request, response: response.clone() });
  });
  const { app, ...merchant } = sandbox.account;
  const own: Account = {
    connection: `connection-${connector.channel}`,
    settings: merchant.settings,
    secrets: { ...app, ...merchant.secrets },
  };
  sandbox.connect(own.connection);
  const connect: Bench["connect"] = (account = {}, world = {}) =>
    connector.connect({ ...own, ...account }, { now: clock.now, ...world });
  const session = connect();
  const takeArrived = async () => {
    await sandbox.idle();
    return arrived.splice(0);
  };
  return {
    connector,
    account: own,
    session,
    sandbox,
    clock,
    door,
    calls,
    connect,
    levels,
    arrived: takeArrived,
    async news() {
      const world = { now: clock.now };
      const all = (await takeArrived()).map((request) => connector.verify(request, own, world));
      const heard = session.receive ? receiveAll(session) : Promise.all(all);
      return (await heard).filter((one) => {
        if (one.outcome === "levels") levels.push(...one.levels);
        return one.outcome !== "levels";
      });
    },
    close() {
      sandbox.stop();
      server.close();
    },
  };
}

/** The product's door, for a marketplace that makes sure of it before it sends anything. */
function greeting(connector: Connector, { account }: RunningSandbox) {
  return http.get("http://door.test/webhooks/*", ({ request }) => {
    const { origin, pathname, searchParams } = new URL(request.url);
    const secrets = { ...account.app, ...account.secrets };
    const own = { connection: "", settings: account.settings, secrets };
    const query = Object.fromEntries(searchParams);
    const greeted = connector.greet?.(query, own, origin + pathname);
    return HttpResponse.json(greeted?.body ?? null, { status: greeted?.status ?? 404 });
  });
}

async function receiveAll(session: Session): Promise<Verification[]> {
  const heard: Verification[] = [];
  for (;;) {
    const answer = await session.receive?.(0, new AbortController().signal);
    if (answer?.outcome !== "received" || answer.deliveries.length === 0) return heard;
    for (const { verification, done } of answer.deliveries) {
      heard.push(verification);
      await done();
    }
  }
}

/** Later than any marketplace's habit of answering nothing that is too young. */
export const SWEEPABLE_MS = 5 * 60_000;

export const JACKET = { sku: "JACKET/M, blue ü+", title: "Jacket, medium", quantity: 10 };
export const SOCKS = { sku: "SOCKS", title: "Socks", quantity: 50 };
export const KEPT_ELSEWHERE = {
  sku: "KEPT-ELSEWHERE",
  title: "Kept by the marketplace",
  quantity: 5,
  merchantFulfilled: false,
};

/** Every listing, following the pages. */
export async function allListings(session: Session): Promise<ListingRecord[]> {
  const rows: ListingRecord[] = [];
  let cursor: string | null = null;
  do {
    const page = await session.listings(cursor);
    if (page.outcome !== "page") throw new Error(`listings: ${JSON.stringify(page)}`);
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

export async function listingOf(
  bench: Pick<Bench, "session">,
  sku: string,
): Promise<ListingRecord> {
  const found = (await allListings(bench.session)).find((row) => row.sku === sku);
  if (!found) throw new Error(`no listing ${sku}`);
  return found;
}

let keys = 0;

export function lineFor(
  row: ListingRecord,
  quantity: number,
  expected: number | null = null,
): PushLine {
  keys += 1;
  return { externalId: row.externalId, handle: row.handle, quantity, expected, key: `key-${keys}` };
}

/** What buyers see of one listing. */
export async function shownOf(session: Session, row: ListingRecord): Promise<number | null> {
  const answer = await session.readBack([row]);
  if (answer.outcome !== "read") throw new Error(`readBack: ${JSON.stringify(answer)}`);
  return answer.rows[0]?.quantity ?? null;
}

/** The messages of all pages of a sweep. */
export async function sweepAll(session: Session, since: number): Promise<Message[]> {
  const messages: Message[] = [];
  let cursor: string | null = null;
  do {
    const page = await session.ordersSince(since, cursor);
    if (page.outcome !== "swept") throw new Error(`ordersSince: ${JSON.stringify(page)}`);
    messages.push(...page.messages);
    cursor = page.next;
  } while (cursor !== null);
  return messages;
}

export function messageOf(verification: Verification | undefined): Message {
  if (verification?.outcome !== "verified") throw new Error(JSON.stringify(verification));
  return verification.message;
}

/** The ids under which the ledger would remember what happened. */
export function activityIds(bench: Bench, activities: readonly OrderActivity[]): string[] {
  return activities.map((one) =>
    orderActivityId(bench.account.connection, one.order, one.listing, one.fact, one.quantity),
  );
}

export function buyOne(bench: Bench, quantity = 1) {
  const bought = bench.sandbox.buy({ sku: JACKET.sku, quantity });
  if (bought.outcome !== "sold") throw new Error(JSON.stringify(bought));
  return bought;
}

/**
 * What messages say of orders, asking for the orders of those that only point at them. What
 * several of them point at is stored once, by its id.
 */
export async function activitiesOf(bench: Bench, news: Verification[]): Promise<OrderActivity[]> {
  const stored = new Map<string, Message>();
  for (const message of news.map(messageOf)) {
    const pointedAt = bench.connector.hint?.(message) ?? [];
    const said = pointedAt.length === 0 ? [message] : await askedFor(bench, pointedAt);
    for (const one of said) stored.set(one.externalId, one);
  }
  return [...stored.values()].flatMap(bench.connector.translate).filter(isOrderActivity);
}

/** What is heard of orders: by message, or, where the marketplace sends none, by the sweep. */
export async function heardOf(bench: Bench): Promise<[string, number][]> {
  const news = await bench.news();
  if (news.length > 0) return factsOf(bench, news);
  const since = bench.clock.now() - SWEEPABLE_MS;
  // So far that the sweep sees it, and no held back message comes.
  bench.clock.advance(SWEPT_SOON_MS);
  const swept = await sweepAll(bench.session, since);
  const activities = swept.flatMap(bench.connector.translate).filter(isOrderActivity);
  return activities.map(({ fact, quantity }) => [fact, quantity]);
}

/** Longer than clocks differ. */
const SWEPT_SOON_MS = 10_000;

async function askedFor(bench: Bench, orders: string[]): Promise<Message[]> {
  const answer = await bench.session.orders?.(orders);
  if (answer?.outcome !== "orders") throw new Error(`orders: ${JSON.stringify(answer)}`);
  return answer.messages;
}

export async function factsOf(bench: Bench, news: Verification[]): Promise<[string, number][]> {
  const activities = await activitiesOf(bench, news);
  return activities.map(({ fact, quantity }) => [fact, quantity]);
}

/** Rows as push calls carry them, in their order: of one group, where the marketplace wants it. */
export function inBatches(bench: Bench, rows: readonly ListingRecord[]): ListingRecord[][] {
  const { limits, abilities } = bench.connector;
  const batches: ListingRecord[][] = [];
  for (const row of rows) {
    const last = batches.at(-1);
    const fits = !abilities.pushesOneGroup || last?.[0]?.group === row.group;
    if (last && fits && last.length < limits.pushBatch) last.push(row);
    else batches.push([row]);
  }
  return batches;
}

/** The session, kept inside the marketplace's limits by letting time pass before each call. */
export function paced(bench: Bench): Bench["session"] {
  const { session, clock, connector } = bench;
  const pass = (kind: "listings" | "orders") =>
    clock.advance(Math.ceil(1_000 / connector.limits.calls[kind].perSecond));
  return {
    ...session,
    listings(cursor) {
      pass("listings");
      return session.listings(cursor);
    },
    ordersSince(since, cursor) {
      pass("orders");
      return session.ordersSince(since, cursor);
    },
  };
}
