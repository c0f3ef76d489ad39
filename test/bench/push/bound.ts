import type { CallRate } from "../../../connectors/connector.ts";

/** What a marketplace published of one way to tell it quantities. */
export interface PublishedPath {
  /** Listings in one call, or in one file. */
  lines: number;
  rate: CallRate;
  /** From a call's or a file's arrival until it counts, in ms. */
  processingMs: number;
}

/**
 * The least time in which a marketplace can show so many changed listings, in ms: on the better of
 * its paths, with the fewest calls, each as early as the limits allow.
 *
 * `lags` are how long listings took from being accepted to being shown, in the order in which they
 * were accepted: nobody can hurry that, and nobody knows it before. So the bound is what the same
 * pushes, in the same order and with the same luck, would have taken without us. Where some went by
 * file, the others' lags stand for theirs.
 */
export function leastTime(
  paths: readonly PublishedPath[],
  count: number,
  lags: readonly number[],
): number {
  return Math.min(...paths.map((path) => byPath(path, count, lags)));
}

function byPath(
  { lines, rate, processingMs }: PublishedPath,
  count: number,
  lags: readonly number[],
): number {
  const lagOf = (n: number) => lags[n % lags.length] ?? 0;
  const shown = Array.from(
    { length: count },
    (_, n) => earliest(Math.floor(n / lines), rate) + processingMs + lagOf(n),
  );
  return Math.max(...shown);
}

/** When the n-th call may be made, counted from 0, with a full bucket at the start. */
function earliest(n: number, { perSecond, burst }: CallRate): number {
  return Math.max(0, ((n + 1 - burst) / perSecond) * 1_000);
}
