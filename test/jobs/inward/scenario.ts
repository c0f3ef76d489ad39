import fc from "fast-check";
import type { OrderActivity } from "../../../inventory/activity.ts";
import {
  committedBy,
  joinLine,
  leftBy,
  type OrderLine,
  UNKNOWN_LINE,
} from "../../../inventory/order-line.ts";
import { activity } from "./fake-connector.ts";
import { SKUS } from "./world.ts";

/** What one order says of one SKU over its life. Cumulative, as marketplaces tell it. */
interface Story {
  sku: (typeof SKUS)[number];
  ordered: number;
  cancelled: number;
  shipped: number;
  unshipped: number;
}

/** Orders, told in messages that overlap: some tell one fact, some tell all that is known. */
export interface Scenario {
  messages: OrderActivity[][];
  /** Units by SKU after all of it, however it is told. */
  expected: Record<string, { committed: number; shipped: number }>;
}

const story: fc.Arbitrary<Story> = fc
  .record({
    sku: fc.constantFrom(...SKUS),
    ordered: fc.integer({ min: 1, max: 6 }),
    cancelled: fc.nat(6),
    shipped: fc.nat(6),
    unshipped: fc.nat(2),
  })
  .map((one) => {
    const cancelled = Math.min(one.cancelled, one.ordered);
    return { ...one, cancelled, shipped: Math.min(one.shipped, one.ordered - cancelled) };
  });

/** An order's messages: every step by itself, and one that sums them up as a poll does. */
function messagesOf(order: string, { sku, ...line }: Story): OrderActivity[][] {
  const told = (fact: OrderActivity["fact"], quantity: number) =>
    quantity > 0 ? [activity(fact, order, `L-${sku}`, quantity)] : [];
  const steps = [
    told("sell", line.ordered),
    ...range(line.cancelled).map((units) => told("cancel", units)),
    ...range(line.shipped).map((units) => told("ship", units)),
    ...range(line.unshipped).map((units) => told("unship", units)),
  ];
  const poll = [
    ...told("sell", line.ordered),
    ...told("cancel", line.cancelled),
    ...told("ship", line.shipped),
    ...told("unship", line.unshipped),
  ];
  return [...steps, poll].filter((message) => message.length > 0);
}

function range(to: number): number[] {
  return Array.from({ length: to }, (_, i) => i + 1);
}

/** Any number of orders, their messages shuffled and some of them repeated. */
export function scenarios(orders: { min: number; max: number }): fc.Arbitrary<Scenario> {
  const stories = fc.array(story, { minLength: orders.min, maxLength: orders.max });
  return stories.chain((all) => {
    const messages = all.flatMap((one, i) => messagesOf(`order-${i}`, one));
    const shuffled = fc.shuffledSubarray(messages, { minLength: messages.length });
    const repeated = fc.subarray(messages);
    return fc.tuple(shuffled, repeated).map(([each, again]) => ({
      messages: [...each, ...again],
      expected: expectedOf(all),
    }));
  });
}

/** The model: what is known of each order's line, joined; nothing of Redis or PostgreSQL. */
function expectedOf(stories: readonly Story[]): Scenario["expected"] {
  const expected: Scenario["expected"] = {};
  for (const { sku, ...line } of stories) {
    const known = (["sell", "cancel", "ship", "unship"] as const).reduce(
      (joined: OrderLine, fact) => joinLine(joined, fact, counter(line, fact)),
      UNKNOWN_LINE,
    );
    const sum = expected[sku] ?? { committed: 0, shipped: 0 };
    expected[sku] = {
      committed: sum.committed + committedBy(known),
      shipped: sum.shipped + leftBy(known),
    };
  }
  return expected;
}

function counter(line: OrderLine, fact: OrderActivity["fact"]): number {
  const { ordered, cancelled, shipped, unshipped = 0 } = line;
  return { sell: ordered, cancel: cancelled, ship: shipped, unship: unshipped }[fact];
}
