import type { TrendRow } from "../../prisma/trends.ts";

/** What the charts look back on. */
export const SPANS = {
  hour: { label: "Last hour", steps: 60, stepMs: 60_000 },
  day: { label: "Last 24 hours", steps: 24, stepMs: 3_600_000 },
} as const;
export type Span = keyof typeof SPANS;

/** The span an address asks for; one that was typed wrongly shows the last hour. */
export function spanOf(url: string): Span {
  return new URL(url).searchParams.get("span") === "day" ? "day" : "hour";
}

/** One step of time of a chart: when it begins, in ms, and how many of each series. */
export interface TrendStep {
  at: number;
  counts: Record<string, number>;
}

export interface Trend {
  /** In the order of the alphabet: a series keeps its colour. */
  series: string[];
  steps: TrendStep[];
  total: number;
}

export interface Trends {
  span: Span;
  sold: Trend;
  pushed: Trend;
}

/** When the first step of a span begins that ends with the step of `now`. */
export function spanStart(span: Span, now: number): number {
  const { steps, stepMs } = SPANS[span];
  return Math.floor(now / stepMs) * stepMs - (steps - 1) * stepMs;
}

/** Every step of the span, those without anything among them. */
export function trendOf(rows: readonly TrendRow[], span: Span, now: number): Trend {
  const { steps, stepMs } = SPANS[span];
  const start = spanStart(span, now);
  const byStep = Map.groupBy(rows, ({ at }) => at.getTime());
  return {
    series: [...new Set(rows.map((row) => row.series))].sort(),
    steps: Array.from({ length: steps }, (_, index) => {
      const at = start + index * stepMs;
      const counts = (byStep.get(at) ?? []).map(({ series, count }) => [series, count]);
      return { at, counts: Object.fromEntries(counts) };
    }),
    total: rows.reduce((sum, { count }) => sum + count, 0),
  };
}
