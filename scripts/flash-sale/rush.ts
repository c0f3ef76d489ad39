import { setTimeout as sleep } from "node:timers/promises";
import type { Cart, Crowd } from "./crowd.ts";
import type { FlashWorld } from "./world.ts";

/** What the crowd came to, as the shops and the API answered it. */
export interface RushTally {
  /** By channel: units sold and shoppers who found nothing to buy. */
  channels: Record<string, { sold: number; refused: number }>;
  carts: { held: number; refused: number; paid: number; abandoned: number; late: number };
}

export interface RushOptions {
  sku: string;
  /** A cart that nobody pays holds its unit this long. */
  holdSeconds: number;
  /** Names the orders of this run. */
  run: string;
}

/** Lets everybody come at their time. Resolves when the last has been served. */
export async function rush(
  world: FlashWorld,
  crowd: Crowd,
  channels: readonly string[],
  options: RushOptions,
  progress: (tally: RushTally) => void,
): Promise<RushTally> {
  const tally: RushTally = {
    channels: Object.fromEntries(channels.map((name) => [name, { sold: 0, refused: 0 }])),
    carts: { held: 0, refused: 0, paid: 0, abandoned: 0, late: 0 },
  };
  const shop = async (at: number, channel: string) => {
    await sleep(at);
    const outcome = await world.buy(channel, options.sku);
    const counts = tally.channels[channel];
    if (counts) counts[outcome] += 1;
    progress(tally);
  };
  const fill = async (cart: Cart, index: number) => {
    await sleep(cart.at);
    await useCart(world, cart, `${options.run}-cart-${index}`, options, tally);
    progress(tally);
  };
  await Promise.all([
    ...crowd.shoppers.map(({ at, channel }) => shop(at, channel)),
    ...crowd.carts.map(fill),
  ]);
  return tally;
}

async function useCart(
  world: FlashWorld,
  cart: Cart,
  order: string,
  { sku, holdSeconds }: RushOptions,
  { carts }: RushTally,
): Promise<void> {
  const held = await world.hold(sku, holdSeconds);
  if (held.outcome === "refused") {
    carts.refused += 1;
    return;
  }
  carts.held += 1;
  if (cart.paysAfterMs === null) {
    carts.abandoned += 1;
    return;
  }
  await sleep(cart.paysAfterMs);
  if (await world.pay(held.id, order)) carts.paid += 1;
  else carts.late += 1;
}
