import type { BenchHouse } from "./house.ts";

const HOLDS = 10_000;
const UNITS = 100;
/** Connections that exist at once; each asks as soon as it may. */
const CALLERS = 1_000;
/** Memory that a warm process may keep of a flood: code that became hot, pools that grew. */
const KEPT_MAX = 1.15;

export interface Flood {
  held: number;
  statuses: Record<string, number>;
  /** Heap of the web process after it, of the one before; both after a collection. */
  heapAfter: number;
  met: boolean;
}

/**
 * 10,000 holds at once for 100 units: 100 win, the rest are told that there is no more or to come
 * again, nobody gets an error, and the process is as small as before.
 */
export async function floodOf(house: BenchHouse, say: (line: string) => void): Promise<Flood> {
  const sku = "FLOODED";
  await house.load(planOf("WARM", 1_000)); // what a process keeps of its first flood is no leak
  await house.stock(sku, UNITS);
  const before = await heapOf(house);
  const { statuses } = await house.load(planOf(sku, HOLDS));
  const heapAfter = Number(((await heapOf(house)) / before).toFixed(3));
  const held = await house.held(sku);
  const orderly = Object.keys(statuses).every((status) => ["201", "409", "429"].includes(status));
  const won = statuses["201"] ?? 0;
  const met = held === UNITS && won === UNITS && orderly && heapAfter <= KEPT_MAX;
  say(`flood       ${JSON.stringify(statuses)}, ${held} held, heap ${heapAfter} of before`);
  return { held, statuses, heapAfter, met };
}

const planOf = (sku: string, requests: number) =>
  ({ kind: "holds", connections: CALLERS, seconds: 60, requests, sku }) as const;

/** Of every web process that answers in turn: the smallest of several questions is one and the same. */
async function heapOf({ url }: BenchHouse): Promise<number> {
  await new Promise((done) => setTimeout(done, 500));
  const response = await fetch(`${url}/empty/memory`, { method: "POST" });
  const { heapUsed }: { heapUsed: number } = await response.json();
  return heapUsed;
}
