/** Who comes, when, and what they do: drawn from the seed before the sale, so a run can be repeated. */
export interface Shopper {
  /** Milliseconds after the start. */
  at: number;
  channel: string;
}

export interface Cart {
  at: number;
  /** How long the shopper thinks; null when the cart is abandoned. */
  paysAfterMs: number | null;
}

export interface Crowd {
  shoppers: Shopper[];
  carts: Cart[];
}

interface CrowdOptions {
  shoppers: number;
  carts: number;
  seconds: number;
  seed: number;
  channels: readonly string[];
}

/** People who do not know of each other: arrivals are spread evenly, and bunch as chance has it. */
export function drawCrowd(options: CrowdOptions): Crowd {
  const random = seeded(options.seed);
  const length = options.seconds * 1_000;
  const arrival = () => Math.floor(length * random());
  const shoppers = times(options.shoppers, () => ({
    at: arrival(),
    channel: pick(options.channels, random()),
  }));
  const carts = times(options.carts, (index) => ({
    at: arrival(),
    paysAfterMs: index % 2 === 0 ? null : 500 + Math.floor(random() * length * 0.1),
  }));
  return { shoppers: inOrder(shoppers), carts: inOrder(carts) };
}

function pick(channels: readonly string[], chance: number): string {
  const channel = channels[Math.floor(chance * channels.length)];
  if (channel === undefined) throw new Error("a crowd needs a channel to shop on");
  return channel;
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function inOrder<T extends { at: number }>(people: T[]): T[] {
  return people.sort((a, b) => a.at - b.at);
}

/** Uniform numbers in [0, 1) from a seed: mulberry32, enough for drawing a crowd. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
