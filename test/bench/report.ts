import type { Load } from "./load.ts";
import type { PostgresResult } from "./postgres-strategies.ts";
import type { RedisResult } from "./redis-runs.ts";

export interface Figures {
  holdsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  ofDecr: number;
  ofSelectForUpdate: number;
  ofOptimistic: number;
  ofConditionalUpdate: number;
}

/** The ledger's speed, and how many times each rival's it is. */
export function figures({ ledger, decr }: RedisResult, postgres: PostgresResult): Figures {
  const times = (rival: Load) => round(ledger.perSecond / rival.perSecond, 2);
  return {
    holdsPerSecond: Math.round(ledger.perSecond),
    p50Ms: round(ledger.p50Ms, 2),
    p99Ms: round(ledger.p99Ms, 2),
    ofDecr: times(decr),
    ofSelectForUpdate: times(postgres.selectForUpdate),
    ofOptimistic: times(postgres.optimistic),
    ofConditionalUpdate: times(postgres.conditionalUpdate),
  };
}

/** One shape of load as a table for people. */
export function table(
  title: string,
  everysec: RedisResult,
  always: RedisResult,
  postgres: PostgresResult,
): string {
  const rows: [string, Load][] = [
    ["the ledger, AOF everysec", everysec.ledger],
    ["bare DECR, AOF everysec", everysec.decr],
    ["the ledger, AOF always", always.ledger],
    ["bare DECR, AOF always", always.decr],
    ["PostgreSQL SELECT FOR UPDATE", postgres.selectForUpdate],
    ["PostgreSQL optimistic version", postgres.optimistic],
    ["PostgreSQL conditional UPDATE", postgres.conditionalUpdate],
  ];
  const lines = rows.map(([name, { perSecond, p50Ms, p99Ms }]) => {
    const of = everysec.ledger.perSecond / perSecond;
    const cells = [perSecond.toFixed(0), p50Ms.toFixed(2), p99Ms.toFixed(2), of.toFixed(2)];
    return `  ${name.padEnd(32)}${cells.map((cell) => cell.padStart(12)).join("")}`;
  });
  const heads = ["per second", "p50 ms", "p99 ms", "ledger is x"];
  const head = `${title.padEnd(34)}${heads.map((cell) => cell.padStart(12)).join("")}`;
  return [head, ...lines, ""].join("\n");
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
