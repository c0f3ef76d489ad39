import type { BenchHouse } from "./house.ts";
import type { Plan } from "./load.ts";

const HOLDS = 10_000;
const UNITS = 100;
/** Memory that a warm process may keep of a flood: code that became hot, pools that grew. */
const KEPT_MAX = 1.15;

export interface Flood {
  held: number;
  statuses: Record<string, number>;
  /** Memory of the web process after it, of the one before; both after a collection. */
  memoryAfter: number;
  met: boolean;
}

/**
 * 10,000 holds for 100 units, all open before any is answered: 100 win, the rest are told that
 * there is no more or to come again, nobody gets an error, and the process is as small as before.
 */
export async function floodOf(house: BenchHouse, say: (line: string) => void): Promise<Flood> {
  const sku = "FLOODED";
  await house.load(planOf("WARM")); // what a process keeps of its first flood is no leak
  await house.stock(sku, UNITS);
  const before = await memoryOf(house);
  const { statuses } = await house.load(planOf(sku));
  const memoryAfter = Number(((await memoryOf(house)) / before).toFixed(3));
  const held = await house.held(sku);
  const orderly = Object.keys(statuses).every((status) => ["201", "409", "429"].includes(status));
  const won = statuses["201"] ?? 0;
  const met = held === UNITS && won === UNITS && orderly && memoryAfter <= KEPT_MAX;
  say(`flood       ${JSON.stringify(statuses)}, ${held} held, memory ${memoryAfter} of before`);
  return { held, statuses, memoryAfter, met };
}

const planOf = (sku: string): Omit<Plan, "target"> => {
  const requests = HOLDS;
  return { kind: "holds", sku, together: true, connections: requests, requests, seconds: 60 };
};

/** What the process holds on to, in bytes: objects, and buffers beside the heap. */
async function memoryOf({ url }: BenchHouse): Promise<number> {
  await new Promise((done) => setTimeout(done, 500));
  const response = await fetch(`${url}/empty/memory`, { method: "POST" });
  const { heapUsed, external }: { heapUsed: number; external: number } = await response.json();
  return heapUsed + external;
}
