import { type Claims, deliverable, type Place } from "../../inventory/location.ts";
import type { Stock } from "../../inventory/stock.ts";
import type { CheckedLine, ShortLine } from "../../ledger/basket-contract.ts";
import type { Unavailable } from "../../ledger/contract.ts";
import { owedUnits, waitForRecord } from "../../prisma/owed.ts";
import type { Services } from "../services.ts";
import { Problem } from "./problem.ts";
import { whileAlive } from "./refusals.ts";

type Deps = Pick<Services, "db" | "heartbeat">;

/** For whom a basket is held, and the places there are. */
interface Asked {
  shop: string;
  channel: string;
  places: readonly Place[];
}

/** So long a hold waits for the record to say whose orders are waiting to be shipped. */
const PATIENCE_MS = 300;

/**
 * What of a basket that is held the places of its channel could not ship (row B8). The ledger takes
 * units of an item wherever they are; whoever names a channel is promised only what that channel may
 * sell. Each line is judged by the stock right after it was taken: of those who want the last unit
 * at the same time, the first one sees itself alone, and everybody else sees the ones before.
 */
export async function unshippable(
  deps: Deps,
  asked: Asked,
  lines: readonly CheckedLine[],
): Promise<ShortLine[] | Unavailable> {
  const short: ShortLine[] = [];
  for (const line of lines) {
    const left = await leftFor(deps, asked, line);
    if (typeof left === "object") return left;
    if (left >= 0) continue;
    const { item, quantity: requested } = line;
    short.push({ item, requested, available: Math.max(0, requested + left) });
  }
  return short;
}

/** Units that the channel could sell besides; below 0 when more is taken than can be shipped. */
async function leftFor(
  { db, heartbeat }: Deps,
  { shop, channel, places }: Asked,
  { item, stock }: CheckedLine,
): Promise<number | Unavailable> {
  // Most often there is enough whoever is owed the rest, and the record is not asked.
  const least = deliverable(stock, channel, { places, claims: claimsOn(stock, {}) });
  if (least >= 0 || stock.committed === 0) return least;
  const { version } = stock;
  try {
    // In doubt it is not promised, and not called sold out either.
    const wanted = waitForRecord(db, shop, [{ item, version }], PATIENCE_MS);
    if (!(await whileAlive(heartbeat, wanted))) return { outcome: "unavailable", why: "timeout" };
    const owed = await whileAlive(heartbeat, owedUnits(db, shop, [item], "orders"));
    const claims = claimsOn(stock, owed.get(item)?.byChannel ?? {});
    return deliverable(stock, channel, { places, claims });
  } catch (error) {
    if (error instanceof Problem) return { outcome: "unavailable", why: "timeout" };
    throw error;
  }
}

/** Who has a claim: the ledger knows of holds whose they are, the record knows it of orders. */
function claimsOn(stock: Stock, orders: Readonly<Record<string, number>>): Claims {
  const byChannel = { ...stock.heldFor };
  for (const [channel, units] of Object.entries(orders)) {
    byChannel[channel] = (byChannel[channel] ?? 0) + units;
  }
  const named = Object.values(byChannel).reduce((sum, units) => sum + units, 0);
  return { byChannel, unknown: Math.max(0, stock.committed + stock.held - named) };
}
