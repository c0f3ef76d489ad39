/** What a number of callers, each waiting for its answer before it asks again, got done. */
export interface Load {
  operations: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

const MOST_SAMPLES = 2_000_000;

/**
 * Lets `callers` call `operation` as fast as they can for `seconds`. Latency is what a caller
 * waited. The operation gets a number that no other call of this load has, and its caller's.
 */
export async function load(
  callers: number,
  seconds: number,
  operation: (n: number, caller: number) => Promise<unknown>,
): Promise<Load> {
  const latencies = new Float64Array(MOST_SAMPLES);
  let operations = 0;
  let next = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const caller = async (_: unknown, index: number) => {
    for (let before = performance.now(); before < end; ) {
      await operation(next++, index);
      const now = performance.now();
      latencies[operations++ % MOST_SAMPLES] = now - before;
      before = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const elapsed = performance.now() - start;
  const sorted = latencies.subarray(0, Math.min(operations, MOST_SAMPLES)).sort();
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
  return {
    operations,
    perSecond: (operations / elapsed) * 1000,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

/** The load in the middle by speed: one slow moment of the machine does not decide. */
export function median(loads: readonly Load[]): Load {
  const sorted = [...loads].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error("nothing was measured");
  return middle;
}
