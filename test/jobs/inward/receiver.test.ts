import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Received, Session } from "../../../connectors/connector.ts";
import { type ReceiverDeps, receiveOnce } from "../../../jobs/receive.ts";
import { startReceiver } from "../../../jobs/receiver.ts";
import { type ConnectionRow, findConnection } from "../../../prisma/connections.ts";
import { FakeQueue, fakeConnector, fakeSession } from "./fake-connector.ts";
import { connect, openWorld, silent, type World } from "./world.ts";

let world: World;
let sick: ConnectionRow;
let enqueued: string[];

beforeAll(async () => {
  world = await openWorld();
  sick = await connect(world.db, world.shop, "seller-2", world.items);
});

afterAll(() => world.close());

beforeEach(async () => {
  enqueued = [];
  await world.db.$executeRaw`truncate inbox_message`;
});

type Receive = NonNullable<Session["receive"]>;

/** A receiver whose connections read from what the test gives them. */
function deps(receive: Record<string, Receive>, extra: Partial<ReceiverDeps> = {}): ReceiverDeps {
  return {
    db: world.db,
    connectorOf: world.deps.connectorOf,
    session: async ({ id }) => {
      const own = receive[id];
      return own ? fakeSession({ receive: own }) : null;
    },
    enqueue: async (_name, payload) => void enqueued.push(Object.values(payload).join()),
    now: Date.now,
    log: silent,
    ...extra,
  };
}

const told = (externalId: string) => ({ externalId, topic: "orders", payload: [] });
const signal = new AbortController().signal;
const stored = async () => world.db.inboxMessage.findMany({ orderBy: { externalId: "asc" } });

describe("receiveOnce", () => {
  test("D8: what came is stored, sent to work, and only then removed", async () => {
    const queue = new FakeQueue();
    queue.put(told("a"), told("b"));
    const storedWhenRemoved: number[] = [];
    const receive: Receive = async () => {
      const answer = queue.receive();
      if (answer.outcome !== "received") return answer;
      const deliveries = answer.deliveries.map((delivery) => ({
        ...delivery,
        done: async () => {
          storedWhenRemoved.push((await stored()).length);
          await delivery.done();
        },
      }));
      return { ...answer, deliveries };
    };
    const result = await receiveOnce(
      deps({ [world.connection.id]: receive }),
      [world.connection],
      0,
      signal,
    );
    expect(result).toBe("received");
    expect(storedWhenRemoved).toEqual([2, 2]);
    expect(queue.waiting.size).toBe(0);
    expect(enqueued.toSorted()).toEqual((await stored()).map((row) => String(row.id)).toSorted());
  });

  test("D8: a delivery that comes again is removed again and not applied again", async () => {
    const queue = new FakeQueue();
    const receive = async () => queue.receive();
    for (let i = 0; i < 3; i += 1) {
      queue.put(told("a"));
      await receiveOnce(deps({ [world.connection.id]: receive }), [world.connection], 0, signal);
    }
    expect(await stored()).toHaveLength(1);
    expect(enqueued).toHaveLength(1);
    expect(queue.removed).toEqual(["a", "a", "a"]);
  });

  test("D5: what could not be stored is not removed", async () => {
    const queue = new FakeQueue();
    queue.put(told("a"));
    const broken = { ...told("b"), topic: null as unknown as string }; // breaks the whole insert
    queue.put(broken);
    const receive = async () => queue.receive();
    const once = receiveOnce(
      deps({ [world.connection.id]: receive }),
      [world.connection],
      0,
      signal,
    );
    await expect(once).rejects.toThrow();
    expect(queue.removed).toEqual([]);
    expect(queue.waiting.size).toBe(2);
  });

  test("D8: a job that could not be sent leaves the message for the sweep", async () => {
    const queue = new FakeQueue();
    queue.put(told("a"));
    const away = () => Promise.reject(new Error("Redis is away"));
    const receiving = deps(
      { [world.connection.id]: async () => queue.receive() },
      { enqueue: away },
    );
    expect(await receiveOnce(receiving, [world.connection], 0, signal)).toBe("received");
    expect(queue.removed).toEqual(["a"]);
    expect(await stored()).toMatchObject([{ state: "received" }]);
  });

  test("D8: forged and ignored messages are removed and never stored", async () => {
    let removed = 0;
    const done = async () => {
      removed += 1;
    };
    const answer: Received = {
      outcome: "received",
      deliveries: [
        { verification: { outcome: "forged", why: "wrong topic" }, done },
        { verification: { outcome: "ignored", why: "about prices" }, done },
        { verification: { outcome: "malformed", why: "no order" }, done },
      ],
    };
    const receiving = deps({ [world.connection.id]: async () => answer });
    await receiveOnce(receiving, [world.connection], 0, signal);
    expect([removed, await stored(), enqueued]).toEqual([3, [], []]);
  });

  test("C10: a queue that cannot be read is said on its connection until it can", async () => {
    const { id } = world.connection;
    const trouble = async () => (await findConnection(world.db, world.shop, id))?.trouble;
    const answers: Received[] = [
      { outcome: "unauthorized", why: "the key was revoked", cause: "revoked" },
      { outcome: "received", deliveries: [] },
    ];
    const receiving = deps({ [id]: async () => answers.shift() as Received });
    await receiveOnce(receiving, [world.connection], 0, signal);
    expect(await trouble()).toBe("Receiving messages: the key was revoked");
    await receiveOnce(receiving, [world.connection], 0, signal);
    expect(await trouble()).toBeNull();
  });

  test("D7: a throttled queue is left alone until it may be asked again", async () => {
    const answer: Received = { outcome: "throttled", retryAt: 5_000, why: "too fast" };
    const receiving = deps({ [world.connection.id]: async () => answer }, { now: () => 2_000 });
    expect(await receiveOnce(receiving, [world.connection], 0, signal)).toBe(3_000);
  });
});

describe("startReceiver", () => {
  const quick = { waitMs: 10, lookEveryMs: 20, backOffMs: 5, maxBackOffMs: 20 };

  test("D7: one connection's outage never delays another", async () => {
    const queue = new FakeQueue();
    let sickReads = 0;
    let healthyReads = 0;
    let freeTheSick = () => {};
    const receive: Record<string, Receive> = {
      // Hangs for good in its first read, then fails in every one.
      [sick.id]: async () => {
        sickReads += 1;
        if (sickReads > 1) throw new Error("the marketplace is down");
        await new Promise<void>((done) => {
          freeTheSick = done;
        });
        return { outcome: "unavailable", why: "it hung" };
      },
      [world.connection.id]: async (waitMs) => {
        healthyReads += 1;
        await new Promise((done) => setTimeout(done, waitMs));
        return queue.receive();
      },
    };
    const receiver = startReceiver(deps(receive), quick);
    for (const name of ["a", "b", "c"]) {
      queue.put(told(name));
      await vi.waitUntil(() => queue.removed.includes(name), { timeout: 20_000 });
    }
    expect(sickReads).toBe(1);
    freeTheSick();
    await vi.waitUntil(() => sickReads > 3, { timeout: 20_000 });
    const readsSoFar = healthyReads;
    await vi.waitUntil(() => healthyReads > readsSoFar, { timeout: 20_000 });
    await receiver.stop();
    expect(await stored()).toHaveLength(3);
  });

  test("F: a new connection is read soon after it is made, a removed one no longer", async () => {
    const reads: string[] = [];
    const receiving = deps(
      {},
      {
        session: async ({ id }) =>
          fakeSession({
            receive: async () => {
              reads.push(id);
              return { outcome: "unavailable", why: "closed" };
            },
          }),
      },
    );
    const receiver = startReceiver(receiving, quick);
    const fresh = await connect(world.db, world.shop, "seller-3", {});
    await vi.waitUntil(() => reads.includes(fresh.id), { timeout: 20_000 });
    await world.db.connection.delete({ where: { id: fresh.id } });
    const othersSince = () => reads.slice(reads.lastIndexOf(fresh.id) + 1).length;
    await vi.waitUntil(() => othersSince() > 20, { timeout: 20_000 });
    await receiver.stop();
  });

  test("a connection whose marketplace comes to our door is not read", async () => {
    let opened = 0;
    const door = fakeConnector("fake", "door");
    const receiving = deps(
      {},
      {
        connectorOf: () => door,
        session: async () => {
          opened += 1;
          return null;
        },
      },
    );
    const looks = vi.spyOn(world.db.connection, "findMany");
    const receiver = startReceiver(receiving, quick);
    await vi.waitUntil(() => looks.mock.calls.length >= 2, { timeout: 20_000 });
    await receiver.stop();
    expect(opened).toBe(0);
  });
});
