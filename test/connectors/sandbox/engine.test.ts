import fc from "fast-check";
import { expect, test } from "vitest";
import { manualClock } from "../../../connectors/sandbox/clock.ts";
import {
  runSandboxes,
  SANDBOX_CHANNELS,
  type SandboxChannel,
} from "../../../connectors/sandbox/sandboxes.ts";

/** Units that are displayed again by themselves, once they are cancelled or shipped. */
const BACK: Record<SandboxChannel, (units: { cancelled: number; shipped: number }) => number> = {
  shopify: ({ cancelled }) => cancelled,
  amazon: () => 0,
  tiktok: ({ cancelled }) => cancelled,
  ebay: () => 0,
  // Until the merchant says less, Walmart shows what has left his shelf.
  walmart: ({ cancelled, shipped }) => cancelled + shipped,
};

interface Step {
  what: "buy" | "order" | "cancel" | "ship" | "wait";
  quantity: number;
  target: number;
}

const step = fc.record<Step>({
  what: fc.constantFrom("buy", "order", "cancel", "ship", "wait"),
  quantity: fc.integer({ min: 1, max: 6 }),
  target: fc.nat({ max: 5 }),
});

function run(channel: SandboxChannel, seed: number, steps: Step[]) {
  const clock = manualClock(0);
  const settings = { seed, lag: "default" as const, doorUrl: null };
  const sandbox = runSandboxes({ clock, settings, post: async () => 200 })[channel];
  sandbox.connect("c");
  sandbox.stock([{ sku: "S", title: "S", quantity: 20 }]);
  sandbox.setFaults({ drop: 0.2, duplicate: 0.3, reorder: 0.3 });
  for (const { what, quantity, target } of steps) {
    const order = Object.keys(sandbox.market().orders)[target] ?? "none";
    const line = { sku: "S", quantity };
    if (what === "buy") sandbox.buy(line);
    if (what === "order") sandbox.order({ lines: [line] });
    if (what === "cancel") sandbox.cancel(order, target % 2 ? [line] : null);
    if (what === "ship") sandbox.ship(order, target % 2 ? [line] : null);
    if (what === "wait") clock.advance(quantity * 100);
  }
  sandbox.stop();
  return sandbox;
}

test.each(SANDBOX_CHANNELS)("F: %s: one seed and one crowd make one run", (channel) => {
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 30 }), (seed, steps) => {
      const once = JSON.stringify(run(channel, seed, steps).save());
      expect(JSON.stringify(run(channel, seed, steps).save())).toBe(once);
    }),
    { numRuns: 50 },
  );
});

test.each(SANDBOX_CHANNELS)("F: %s: no unit is sold, shipped or cancelled twice", (channel) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const sandbox = run(channel, 1, steps);
      const lines = Object.values(sandbox.market().orders).flatMap((order) => order.lines);
      const sold = lines.reduce((sum, line) => sum + line.quantity, 0);
      const cancelled = lines.reduce((sum, line) => sum + line.cancelled, 0);
      const shipped = lines.reduce((sum, line) => sum + line.shipped, 0);
      const back = BACK[channel]({ cancelled, shipped });
      for (const line of lines) {
        expect(line.cancelled + line.shipped).toBeLessThanOrEqual(line.quantity);
      }
      expect(sandbox.describe().listings[0]?.displayed).toBe(20 - sold + back);
      expect(sandbox.market().stats.sold).toBe(sold);
    }),
    { numRuns: 50 },
  );
});

test("F: another seed is another run", () => {
  const crowd: Step[] = Array.from({ length: 20 }, () => ({
    what: "order",
    quantity: 1,
    target: 0,
  }));
  const ids = (seed: number) =>
    run("amazon", seed, crowd)
      .market()
      .outgoing.map((one) => one.id);
  expect(ids(1)).not.toEqual(ids(2));
});
