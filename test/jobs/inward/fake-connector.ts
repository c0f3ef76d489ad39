import type { Connector, Message, Received, Session } from "../../../connectors/connector.ts";
import type { OrderActivity } from "../../../inventory/activity.ts";
import { NO_CONSENT } from "../../support/no-consent.ts";

/** A marketplace whose messages are lists of activities: as small as the contract allows. */
export function fakeConnector(channel = "fake", inbound: "door" | "queue" = "queue"): Connector {
  const rate = { perSecond: 100, burst: 100 };
  return {
    channel,
    title: "Fake",
    abilities: { compareAndSet: false, inbound },
    limits: {
      pushBatch: 10,
      readBackBatch: 10,
      calls: { push: rate, readBack: rate, orders: rate, listings: rate },
      sweepOverlapMs: 1_000,
      sweepEveryMs: 60_000,
    },
    consent: NO_CONSENT,
    verify: (request) => {
      const message = JSON.parse(request.body.toString()) as Message;
      return { outcome: "verified", message };
    },
    translate: (message) => {
      if (!Array.isArray(message.payload)) throw new Error("the payload is no list");
      return message.payload as OrderActivity[];
    },
    connect: () => fakeSession({}),
  };
}

/** A session that can do what a test gives it, and fails loudly at everything else. */
export function fakeSession(abilities: Partial<Session>): Session {
  const unexpected = () => Promise.reject(new Error("this test did not expect this call"));
  return {
    listings: unexpected,
    push: unexpected,
    readBack: unexpected,
    places: unexpected,
    ordersSince: unexpected,
    health: unexpected,
    ...abilities,
  };
}

/** One activity; its time is the order in which a test names it. */
export function activity(
  fact: OrderActivity["fact"],
  order: string,
  listing: string,
  quantity: number,
  extra: Partial<OrderActivity> = {},
): OrderActivity {
  return { fact, order, listing, sku: `SKU-${listing}`, quantity, at: 1_700_000_000_000, ...extra };
}

/** A queue whose deliveries are removed by `done`, and come again until then. */
export class FakeQueue {
  readonly waiting = new Map<string, Message>();
  readonly removed: string[] = [];

  put(...messages: Message[]): void {
    for (const message of messages) this.waiting.set(message.externalId, message);
  }

  receive(): Received {
    const deliveries = [...this.waiting.values()].map((message) => ({
      verification: { outcome: "verified" as const, message },
      done: async () => {
        this.waiting.delete(message.externalId);
        this.removed.push(message.externalId);
      },
    }));
    return { outcome: "received", deliveries };
  }
}
