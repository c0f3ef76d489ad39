import { settle } from "../../../connectors/sandbox/market.ts";
import { NO_STOCK, type Stock } from "../../../inventory/stock.ts";
import type { PlanItem, Sale } from "../../../jobs/plan-source.ts";
import { planItems } from "../../../jobs/planner.ts";
import { leastTime } from "./bound.ts";
import type { HandedOver, Rig } from "./rig.ts";

/** One run: so many listings changed, and how long it took until the marketplace showed them. */
export interface Shown {
  listings: number;
  tookMs: number;
  leastMs: number;
  calls: number;
  files: number;
}

const HOUR_MS = 3_600_000;
const CHUNK = 1_000;
let version = 0;

/**
 * Changes the stock of the first `count` SKUs, and waits until the marketplace shows every new
 * number. The time counts from the moment that the plans are written.
 */
export async function showChanges(
  rig: Rig,
  skus: readonly string[],
  unitsOf: (n: number) => number,
  say: (shown: number) => void,
): Promise<Shown> {
  await quiet(rig);
  await plan(
    rig,
    skus.map((sku, n) => ({ sku, units: unitsOf(n), sales: [] })),
  );
  const wanted = await plannedOf(rig, skus);
  const before = { push: rig.calls.push, files: rig.calls.files.length };
  const begun = rig.clock.now();
  const seen = watch(rig, wanted);
  rig.ask("push.connection", 0);
  await rig.clock.until(() => {
    say(seen.look());
    return seen.lands.size === wanted.size;
  });
  const shownAt = Math.max(...[...seen.lands.values()].map((one) => one.landsAt));
  rig.clock.jump(shownAt - rig.clock.now());
  check(rig, wanted);
  const files = rig.calls.files.slice(before.files);
  return {
    listings: skus.length,
    tookMs: shownAt - begun,
    leastMs: leastOf(rig, wanted, seen.lands, files),
    calls: rig.calls.push - before.push,
    files: files.length,
  };
}

/** Lags of single pushes, as they were seen in the rounds so far. */
const luck = new Map<string, number[]>();

function leastOf(
  { connector }: Rig,
  wanted: ReadonlyMap<string, Wanted>,
  lands: ReadonlyMap<string, Landed>,
  files: readonly HandedOver[],
): number {
  const { limits, abilities, channel } = connector;
  const fileOf = (sku: string) =>
    files.find((file) => file.listings.has(wanted.get(sku)?.externalId ?? ""));
  const rows = [...lands].map(([sku, landed]) => ({ ...landed, file: fileOf(sku) }));
  const single = rows
    .filter((row) => row.file === undefined)
    .sort((a, b) => a.acceptedAt - b.acceptedAt)
    .map((row) => row.landsAt - row.acceptedAt);
  const lags = single.length > 0 ? single : (luck.get(channel) ?? []);
  luck.set(channel, lags);
  // Each listing of this catalogue is a product of its own.
  const lines = abilities.pushesOneGroup ? 1 : limits.pushBatch;
  const calls = leastTime([{ lines, rate: limits.calls.push, processingMs: 0 }], lands.size, lags);
  const { bulk } = limits;
  if (!bulk || !limits.calls.bulk) return calls;
  // How long a file takes is luck as well, but not how many there are, nor when they are handed over.
  const took = files.map((file) =>
    Math.max(...rows.map((row) => (row.file === file ? row.landsAt - file.at : 0))),
  );
  const usual = { lines: bulk.lines, rate: limits.calls.bulk, processingMs: bulk.usualMs };
  if (took.length === 0) return Math.min(calls, leastTime([usual], lands.size, lags));
  const processingMs = took.reduce((sum, ms) => sum + ms, 0) / took.length;
  return Math.min(calls, leastTime([{ ...usual, processingMs }], lands.size, [0]));
}

/** Push calls for `count` sales of one SKU elsewhere, evenly over `overMs`. */
export async function callsOfRush(
  rig: Rig,
  sku: string,
  { units, count, overMs }: { units: number; count: number; overMs: number },
): Promise<number> {
  await quiet(rig);
  await plan(rig, [{ sku, units, sales: [] }]);
  await told(rig);
  await quiet(rig);
  const before = rig.calls.push + rig.calls.files.length;
  const begun = rig.clock.now();
  let sold = 0;
  const sell = async (): Promise<void> => {
    const due = Math.min(count, Math.ceil(((rig.clock.now() - begun) / overMs) * count) + 1);
    const sales = Array.from({ length: due - sold }, (_, n): Sale => {
      const at = begun + ((sold + n) / count) * overMs;
      return { seq: version + n + 1, channel: "elsewhere", connection: undefined, units: 1, at };
    });
    sold = due;
    await plan(rig, [{ sku, units: units - sold, sales }]);
    rig.ask("push.connection", 0);
    if (sold < count) rig.clock.after(overMs / count, () => rig.clock.during(sell()));
  };
  rig.clock.during(sell());
  await rig.clock.until(() => sold === count);
  await told(rig);
  return rig.calls.push + rig.calls.files.length - before;
}

/** Waits until everything planned was accepted. */
async function told(rig: Rig): Promise<void> {
  const { db, shop, clock } = rig;
  rig.ask("push.connection", 0);
  for (let dirty = 1; dirty > 0; ) {
    const until = clock.now() + 100;
    clock.after(100, () => {});
    await clock.until(() => clock.now() >= until);
    dirty = await db.listing.count({ where: { shopId: shop, dirty: true } });
  }
}

/** What was pushed before has been seen, and the limits have recovered from it. */
async function quiet(rig: Rig): Promise<void> {
  const { db, shop, clock, sandbox } = rig;
  await rig.rest();
  clock.jump(HOUR_MS);
  settle(sandbox.market(), clock.now());
  await db.$executeRaw`
    update listing set shown = accepted, read_after = null where shop_id = ${shop}`;
}

interface Change {
  sku: string;
  units: number;
  sales: Sale[];
}

async function plan(rig: Rig, changes: readonly Change[]): Promise<void> {
  const { db, shop, items, connector } = rig;
  for (let from = 0; from < changes.length; from += CHUNK) {
    const entries = changes.slice(from, from + CHUNK).map(({ sku, units, sales }): PlanItem => {
      version += sales.length + 1;
      const item = items.get(sku) ?? "";
      return { shop, item, stock: stockOf(units), sales };
    });
    const options = { channel: connector.channel, again: false };
    await planItems(db, entries, options, new Date(rig.clock.now()));
  }
}

function stockOf(units: number): Stock {
  return { ...NO_STOCK, physical: { sellable: { MAIN: units } }, version };
}

/** What each listing is to show: the merchant's buffers have their say. */
async function plannedOf(
  { db, shop, connection }: Rig,
  skus: readonly string[],
): Promise<Map<string, Wanted>> {
  const rows = await db.listing.findMany({
    where: { shopId: shop, connectionId: connection, dirty: true },
    select: { sku: true, planned: true, externalId: true },
  });
  if (rows.length !== skus.length) throw new Error(`${rows.length} of ${skus.length} changed`);
  return new Map(
    rows.map(({ sku, planned, externalId }) => [sku, { quantity: planned ?? -1, externalId }]),
  );
}

/** What a listing is to show. */
interface Wanted {
  quantity: number;
  externalId: string;
}

interface Landed {
  acceptedAt: number;
  landsAt: number;
}

/** Follows what the marketplace takes: a sandbox keeps only its last pushes. */
function watch({ sandbox }: Rig, wanted: ReadonlyMap<string, Wanted>) {
  const lands = new Map<string, Landed>();
  sandbox.market().pushes.length = 0;
  return {
    lands,
    look(): number {
      for (const push of sandbox.market().pushes.splice(0)) {
        if (wanted.get(push.sku)?.quantity === push.quantity) lands.set(push.sku, push);
      }
      return lands.size;
    },
  };
}

/** The sandbox's own state has the last word. */
function check({ sandbox, clock, connector }: Rig, wanted: ReadonlyMap<string, Wanted>): void {
  const market = sandbox.market();
  settle(market, clock.now());
  for (const [sku, { quantity }] of wanted) {
    const displayed = market.listings[sku]?.displayed;
    if (displayed === quantity) continue;
    throw new Error(`${connector.channel} shows ${displayed} of ${sku} instead of ${quantity}`);
  }
}
