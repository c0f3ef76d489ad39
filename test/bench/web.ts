import { API_TURNS } from "../../app/turns.ts";
import { floodOf } from "./web/flood.ts";
import { type BenchHouse, openBenchHouse } from "./web/house.ts";
import type { Measured } from "./web/load.ts";
import type { Kind } from "./web/requests.ts";

/**
 * npm run bench:web: requests per second and p99 of taking a hold over the API, and of storing a
 * webhook durably, as a ratio to an empty route of the same server: one that is sent the very same
 * requests, in turn with the measured one, reads them and answers at once. Real PostgreSQL (each
 * commit flushed), real Redis, the load in a process of its own; WEB_PROCESSES web processes. Then a
 * flood of 10,000 holds for 100 units. Last line: JSON.
 */
const SKUS = 1_000;
const SECONDS = 3;
const ROUNDS = 3;
const REQUESTS = 40_000;

/** Callers at once: as many as the API works on at once; marketplaces deliver a rush over more. */
const CALLERS: Record<Kind, number> = {
  "empty-json": API_TURNS.atOnce,
  holds: API_TURNS.atOnce,
  "empty-raw": 256,
  webhook: 256,
};
const EMPTY = { holds: "empty-json", webhook: "empty-raw" } as const;

/** The bar: see docs/decisions. */
const OF_EMPTY_MIN = { holds: 0.5, webhook: 0.3 };
/** Answers that are not the right one, of all: a machine that is busy elsewhere costs a few. */
const WRONG_MAX = 0.05;

const say = (line: string) => console.log(line);

interface Figure {
  rps: number;
  p99Ms: number;
  ofEmptyRoute: number;
}

async function main(): Promise<void> {
  const house = await openBenchHouse(SKUS, Number(process.env.WEB_PROCESSES ?? 1));
  try {
    const holds = await compare(house, "holds");
    const webhook = await compare(house, "webhook");
    const flood = await floodOf(house, say);
    const met =
      holds.ofEmptyRoute >= OF_EMPTY_MIN.holds &&
      webhook.ofEmptyRoute >= OF_EMPTY_MIN.webhook &&
      flood.met;
    say(met ? "Every number is within its bar." : "A NUMBER MISSED ITS BAR.");
    if (!met) process.exitCode = 1;
    say(JSON.stringify({ holds, webhook, flood }));
  } finally {
    await house.stop();
  }
}

async function compare(house: BenchHouse, kind: "holds" | "webhook"): Promise<Figure> {
  const runs: Measured[] = [];
  const ratios: number[] = [];
  // Round by round, so that a slow minute of the machine is slow for both. The first one warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const empty = await measure(house, EMPTY[kind]);
    const measured = await measure(house, kind);
    if (round === 0) continue;
    runs.push(measured);
    ratios.push(measured.rps / empty.rps);
  }
  return {
    rps: Math.round(median(runs.map(({ rps }) => rps))),
    p99Ms: Number(median(runs.map(({ p99Ms }) => p99Ms)).toFixed(1)),
    ofEmptyRoute: Number(median(ratios).toFixed(3)),
  };
}

async function measure(house: BenchHouse, kind: Kind): Promise<Measured> {
  const plan = { kind, connections: CALLERS[kind], seconds: SECONDS, requests: REQUESTS };
  const measured = await house.load(plan);
  const { rps, p50Ms, p99Ms, right, wrong, statuses } = measured;
  if (wrong > WRONG_MAX * right) {
    throw new Error(`${kind} was answered ${JSON.stringify(statuses)}`);
  }
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  say(`${kind.padEnd(11)} ${Math.round(rps)} /s, half within ${ms(p50Ms)}, 99 % ${ms(p99Ms)}`);
  return measured;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

await main();
