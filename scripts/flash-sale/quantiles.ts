/** p50, p95 and p99 of some durations, in whole milliseconds; null when there are none. */
export interface Quantiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** Nearest-rank quantiles: each is a duration that was measured, never one between two. */
export function quantiles(durations: readonly number[]): Quantiles {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return value === undefined ? null : Math.round(value);
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
