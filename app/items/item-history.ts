import type { ShownStep, StockStep } from "../../prisma/item-history.ts";

const HOUR_MS = 3_600_000;

/** What an item's chart looks back on. */
export const HISTORY_SPANS = {
  day: { label: "Last day", steps: 48, stepMs: HOUR_MS / 2 },
  week: { label: "Last week", steps: 56, stepMs: 3 * HOUR_MS },
  month: { label: "Last month", steps: 60, stepMs: 12 * HOUR_MS },
  quarter: { label: "Last quarter", steps: 91, stepMs: 24 * HOUR_MS },
} as const;
export type HistorySpan = keyof typeof HISTORY_SPANS;

/** The span an address asks for; one that was typed wrongly shows the last day. */
export function historySpanOf({ searchParams }: Pick<URL, "searchParams">): HistorySpan {
  const asked = searchParams.get("span") ?? "";
  return Object.hasOwn(HISTORY_SPANS, asked) ? (asked as HistorySpan) : "day";
}

/** When the first step of a span begins, which ends with the step of `now`. */
export function historyStart(span: HistorySpan, now: number): number {
  const { steps, stepMs } = HISTORY_SPANS[span];
  return Math.floor(now / stepMs) * stepMs - (steps - 1) * stepMs;
}

/** The end of one step of time, in ms, and every number then; null where none was known. */
export interface HistoryPoint {
  at: number;
  onHand: number;
  available: number;
  /** What each listing showed, by its id. */
  shown: Record<string, number | null>;
  /** Something is other than at the end of the step before it. */
  changed: boolean;
}

export interface HistoryFacts {
  onHand: number;
  available: number;
  steps: readonly StockStep[];
  shown: readonly ShownStep[];
  listings: readonly string[];
}

/**
 * The numbers at the end of every step: stock counted back from what there is now, and what was
 * shown carried on from the last number a marketplace took.
 */
export function historyPoints(facts: HistoryFacts, span: HistorySpan, now: number): HistoryPoint[] {
  const { steps, stepMs } = HISTORY_SPANS[span];
  const start = historyStart(span, now);
  const stock = stockBack(facts, start, steps, stepMs);
  const shown = shownOn(facts, start, steps, stepMs);
  const points = stock.map(({ onHand, available }, index) => ({
    at: Math.min(now, start + (index + 1) * stepMs),
    ...{ onHand, available, shown: shown[index] ?? {} },
  }));
  return points.map((point, index) => {
    const before = points[index - 1];
    return { ...point, changed: before === undefined || !sameNumbers(before, point) };
  });
}

function stockBack(facts: HistoryFacts, start: number, steps: number, stepMs: number) {
  const changes = new Map(facts.steps.map((step) => [step.at.getTime(), step]));
  let { onHand, available } = facts;
  const back: { onHand: number; available: number }[] = [];
  for (let index = steps - 1; index >= 0; index -= 1) {
    back.unshift({ onHand, available });
    const change = changes.get(start + index * stepMs);
    onHand -= change?.onHand ?? 0;
    available -= change?.available ?? 0;
  }
  return back;
}

function shownOn(facts: HistoryFacts, start: number, steps: number, stepMs: number) {
  const taken = new Map(
    facts.shown.map(({ listing, at, quantity }) => [`${listing} ${at?.getTime()}`, quantity]),
  );
  const now: Record<string, number | null> = {};
  for (const listing of facts.listings) now[listing] = taken.get(`${listing} undefined`) ?? null;
  return Array.from({ length: steps }, (_, index) => {
    for (const listing of facts.listings) {
      now[listing] = taken.get(`${listing} ${start + index * stepMs}`) ?? now[listing] ?? null;
    }
    return { ...now };
  });
}

type Numbers = Pick<HistoryPoint, "onHand" | "available" | "shown">;

function sameNumbers(a: Numbers, b: Numbers): boolean {
  const listings = Object.keys(b.shown);
  return (
    a.onHand === b.onHand &&
    a.available === b.available &&
    listings.every((listing) => a.shown[listing] === b.shown[listing])
  );
}
