import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { amazon } from "../../../connectors/amazon/connector.ts";
import type { AmazonState } from "../../../connectors/amazon/sandbox/state.ts";
import type { Received } from "../../../connectors/connector.ts";
import { type ReceiverDeps, receiveOnce } from "../../../jobs/receive.ts";
import { startReceiver } from "../../../jobs/receiver.ts";
import { markDisconnected } from "../../../prisma/connecting.ts";
import { type ConnectionRow, findConnection } from "../../../prisma/connections.ts";
import { ensureShop } from "../../../prisma/shops.ts";
import { type Bench, openChannel, SOCKS } from "../../connectors/harness.ts";
import { openWorld, silent, type World } from "./world.ts";

/** What one seller connects of the app's one queue. */
const SELLERS = Array.from({ length: 20 }, (_, n) => `A${n}SELLER`);

let world: World;
let bench: Bench;
let connections: ConnectionRow[];
/** Log lines of messages that were for nobody. */
let strays: object[];
let reads: Map<string, number>;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  bench = openChannel("amazon");
  bench.sandbox.stock([SOCKS]);
  [strays, reads] = [[], new Map()];
  await world.db.$executeRaw`truncate inbox_message`;
  await world.db.$executeRaw`delete from listing`;
  await world.db.$executeRaw`delete from connection`;
  connections = await Promise.all(SELLERS.map(connect));
});
afterEach(() => bench.close());

/** Each seller is a merchant of his own. */
async function connect(account: string): Promise<ConnectionRow> {
  const { id: shopId } = await ensureShop(world.db, `${account}.example`, account);
  const data = { shopId, channel: "amazon", name: account, account, secrets: "" };
  const { id } = await world.db.connection.create({ data });
  const row = await findConnection(world.db, shopId, id);
  if (!row) throw new Error("it was just made");
  return row;
}

const never: Received = { outcome: "unavailable", why: "Amazon has a queue" };

/** Sessions of the sandbox's app, each with its own seller. */
function deps(): ReceiverDeps {
  return {
    ...{ db: world.db, connectorOf: () => amazon, enqueue: async () => {}, now: Date.now },
    session: async ({ id, account }) => {
      const { queueUrl: _, ...settings } = bench.account.settings;
      const session = bench.connect({
        connection: id,
        settings: { ...settings, sellerId: account },
      });
      return {
        ...session,
        receive: async (waitMs, signal) => {
          reads.set(id, (reads.get(id) ?? 0) + 1);
          // The sandbox's clock stands: a queue that is read for long is read at once instead.
          await pause(waitMs);
          return session.receive?.(0, signal) ?? never;
        },
      };
    },
    log: Object.assign(Object.create(silent), {
      child: () => deps().log,
      warn: (said: object) => void ("accounts" in said && strays.push(said)),
    }),
  };
}

/** A sale of each seller, in the one queue. */
function sellFor(...sellers: string[]): void {
  const { market } = bench.sandbox.save() as AmazonState;
  bench.sandbox.buy({ sku: SOCKS.sku, quantity: 1 });
  const [told] = market.outgoing.splice(0);
  if (!told) throw new Error("nothing was told");
  const ownId = told.id;
  market.outgoing = sellers.map((seller) => {
    const id = `${ownId}/${seller}`;
    const body = told.body.replaceAll("A3SANDBOXSELLER", seller).replaceAll(ownId, id);
    return { ...told, id, body, due: 0 };
  });
}

const waiting = () => (bench.sandbox.save() as AmazonState).market.outgoing.length;
const stored = () =>
  world.db.inboxMessage.findMany({ select: { connectionId: true, shopId: true } });

test("F: twenty sellers share a queue that is read once, and each hears of his own sales at once", async () => {
  sellFor(...SELLERS);
  const receiver = startReceiver(deps(), { waitMs: 5, lookEveryMs: 20, backOffMs: 5 });
  await vi.waitUntil(async () => (await stored()).length === SELLERS.length, { timeout: 20_000 });
  await vi.waitUntil(() => waiting() === 0, { timeout: 20_000 });
  await receiver.stop();
  expect(reads.size, "one of them reads for all").toBe(1);
  const wanted = connections.map(({ id, shop }) => ({ connectionId: id, shopId: shop }));
  const byId = (a: { connectionId: string }, b: { connectionId: string }) =>
    a.connectionId.localeCompare(b.connectionId);
  expect((await stored()).toSorted(byId)).toEqual(wanted.toSorted(byId));
  expect(strays).toEqual([]);
});

test("F: what is for a seller who is gone, or was never here, is taken out and counted", async () => {
  const [gone, ...others] = connections;
  if (!gone) throw new Error("there are twenty");
  await markDisconnected(world.db, gone.shop, gone.id, new Date());
  sellFor(gone.account, "A99STRANGER", SELLERS[1] ?? "");
  const signal = new AbortController().signal;
  expect(await receiveOnce(deps(), others, 0, signal)).toBe("received");
  expect(waiting(), "nothing circulates").toBe(0);
  expect(await stored()).toEqual([{ connectionId: others[0]?.id, shopId: others[0]?.shop }]);
  expect(strays).toEqual([{ accounts: [gone.account, "A99STRANGER"], messages: 2 }]);
});

test("D5, D7: a seller whose messages cannot be stored keeps nobody else's back, and loses none", async () => {
  sellFor(...SELLERS.slice(0, 3));
  const [broken] = connections;
  if (!broken) throw new Error("there are twenty");
  const others = connections.slice(1);
  const unstorable = { ...broken, shop: null as unknown as string }; // breaks its insert
  const signal = new AbortController().signal;
  expect(
    await receiveOnce(deps(), [others[0] ?? broken, unstorable, ...others.slice(1)], 0, signal),
  ).toBe("received");
  expect(await stored()).toHaveLength(2);
  expect(waiting(), "it comes again").toBe(1);
});
