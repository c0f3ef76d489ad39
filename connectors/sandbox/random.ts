/** Randomness that is part of the state: the same seed and the same calls give the same run. */
export interface Randomness {
  random: number;
}

/** 0 <= x < 1. The mulberry32 generator: small, and plenty for choosing delays and faults. */
export function chance(state: Randomness): number {
  state.random = (state.random + 0x6d2b79f5) >>> 0;
  let mixed = state.random;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}

/** Uniform between the two, both included, in whole numbers. */
export function between(state: Randomness, low: number, high: number): number {
  return low + Math.floor(chance(state) * (high - low + 1));
}

/** An id that looks like a UUID and is repeatable. */
export function uuid(state: Randomness): string {
  const hex = Array.from({ length: 32 }, () => between(state, 0, 15).toString(16)).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join("-");
}
