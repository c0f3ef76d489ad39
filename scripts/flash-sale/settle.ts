import { setTimeout as sleep } from "node:timers/promises";
import type { FlashWorld } from "./world.ts";

const EVERY_MS = 200;

/**
 * Waits until no cart holds the item any more, every channel displays what it should and nothing is
 * on its way. Resolves to false when that does not happen within `withinMs`.
 */
export async function settled(
  world: FlashWorld,
  sku: string,
  heldUnits: () => Promise<number>,
  withinMs: number,
  progress: (text: string) => void = () => {},
): Promise<boolean> {
  const until = Date.now() + withinMs;
  // Two looks in a row: between two steps of the product everything may look done for a moment.
  for (let calm = 0; calm < 2; ) {
    if (Date.now() > until) return false;
    const held = await heldUnits();
    const waiting = held > 0 ? [`carts hold ${held}`] : await unsettled(world, sku);
    calm = waiting.length === 0 ? calm + 1 : 0;
    progress(waiting.join(", "));
    await sleep(EVERY_MS);
  }
  return true;
}

async function unsettled(world: FlashWorld, sku: string): Promise<string[]> {
  const [stock, displayed] = await Promise.all([world.stock(sku), world.displayed(sku)]);
  return stock.listings.flatMap(({ channel, planned, shown }) => {
    const there = displayed.get(channel);
    if (!there) return [`${channel} has no listing`];
    // A shop that sold more than it had counts below zero, and offers nothing.
    const offered = Math.max(0, there.displayed);
    const done = there.landing === 0 && offered === planned && shown === planned;
    return done ? [] : [`${channel} displays ${there.displayed}, should ${planned}`];
  });
}
