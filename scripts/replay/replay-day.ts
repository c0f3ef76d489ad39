import { randomUUID } from "node:crypto";
import { assert } from "../../inventory/assert.ts";
import type { Ledger } from "../../ledger/contract.ts";
import type { Database } from "../../prisma/client.ts";
import type { ScriptEnv } from "../env.ts";
import type { Progress } from "../progress.ts";
import {
  type Balances,
  type Books,
  expectedBalances,
  findMismatches,
  ledgerBalances,
} from "./check.ts";
import type { Day } from "./day.ts";
import { type DayScript, scriptOf, stockNeeded } from "./day-script.ts";
import type { Doors } from "./doors.ts";
import { drained, lagText, type Pipeline, readLag } from "./drain.ts";
import type { DaySum } from "./expected.ts";
import type { ReplayOptions } from "./options.ts";
import { type Playing, placeOpening, playDay } from "./play.ts";
import { listItems, type Merchant, receiveStock } from "./prepare.ts";

export interface Tools {
  db: Database;
  ledger: Ledger;
  doors: Doors;
  env: ScriptEnv;
  say(line: string): void;
  progress: Progress;
}

export interface ReplayPlan {
  day: Day;
  /** The file's own sum of the day, by SKU. */
  expected: ReadonlyMap<string, DaySum>;
  options: Pick<ReplayOptions, "day" | "speed" | "stock">;
}

/** What a replay came to: the last line of its output. */
export interface ReplayResult {
  day: string;
  orders: number;
  cancellations: number;
  /** Lines and units sold. */
  lines: number;
  units: number;
  skus: number;
  /** Units sold beyond what there was, when they were sold. */
  oversold: number;
  /** Balances that differ from the file's sum, in any book. */
  mismatches: number;
  ok: boolean;
}

/** Without any progress for so long, something is stuck. */
const QUIET_MS = 60_000;

/** Prepares the merchant for a day, plays it, waits until all of it has arrived, and checks it. */
export async function replayDay(
  tools: Tools,
  merchant: Merchant,
  plan: ReplayPlan,
): Promise<ReplayResult> {
  const run = randomUUID().slice(0, 8);
  const channels = merchant.connections.map(({ channel }) => channel);
  const script = scriptOf(plan.day.lines, { run, channels });
  tools.say(`${plan.options.day}: ${described(script)} (run ${run})`);
  const stage = await setStage(tools, merchant, plan, { script, run });
  await play(tools, stage, { ...plan.options, run, location: merchant.location }, plan.day);
  const arrived = await settle(tools, stage, "the last messages");
  await reportDead(tools, stage);
  const mismatches = await findMismatches(stage, balancesAfter(stage, plan.expected));
  report(tools.say, mismatches, stage.items.size);
  const oversold = await oversoldSince(tools.db, stage);
  if (oversold > 0) tools.say(`${oversold} units were sold beyond what there was`);
  return {
    day: plan.options.day,
    ...script.counts,
    skus: stage.items.size,
    oversold,
    mismatches: mismatches.length,
    ok: arrived && mismatches.length === 0,
  };
}

/** Everything in place for the first order of the day. */
interface Stage extends Books {
  doors: Doors;
  script: DayScript;
  /** Balances before anything was done, by SKU. */
  before: ReadonlyMap<string, Balances>;
  /** Units received for the day, by SKU. */
  received: ReadonlyMap<string, number>;
  began: Date;
}

async function setStage(
  tools: Tools,
  merchant: Merchant,
  { day, options }: ReplayPlan,
  { script, run }: { script: DayScript; run: string },
): Promise<Stage> {
  const { db, ledger, doors, say, progress } = tools;
  const show = (text: string) => progress.show(() => text);
  const items = await listItems(tools, merchant, day.titles, show);
  progress.end();
  const books = { db, ledger, doors, shop: merchant.shop, items };
  await settle(tools, books, "what was under way before");
  const before = await ledgerBalances(books);
  const began = new Date();
  const received = stockNeeded(script, options.stock);
  say(`receiving stock of ${received.size} SKUs at ${merchant.location}`);
  await receiveStock(doors, merchant, received, run, (done) =>
    show(`${done} of ${received.size} SKUs received`),
  );
  progress.end();
  await placeOpening(doors, script);
  return { ...books, script, before, received, began };
}

function balancesAfter(
  { before, received }: Stage,
  expected: ReplayPlan["expected"],
): Map<string, Balances> {
  const strangers = [...expected.keys()].filter((sku) => !before.has(sku));
  assert(strangers.length === 0, `the file sells what the replay does not: ${strangers}`);
  const nothing: DaySum = { committed: 0, sellable: 0, inspection: 0 };
  return new Map(
    [...before].map(([sku, balances]) => {
      const sum = expected.get(sku) ?? nothing;
      return [sku, expectedBalances(balances, received.get(sku) ?? 0, sum)];
    }),
  );
}

function described({ counts, opening }: DayScript): string {
  const { orders, cancellations, lines, units } = counts;
  return (
    `${orders} orders of ${lines} lines and ${units} units, ${cancellations} cancellations ` +
    `(${opening.length} of them of earlier days' orders, which are placed first)`
  );
}

async function play(
  { doors, progress }: Tools,
  stage: Stage,
  options: { speed: number; run: string; location: string },
  { timezone }: Day,
): Promise<void> {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, timeStyle: "medium" });
  let lag = "";
  const text = ({ done, of, at, behindMs }: Playing) =>
    `${clock.format(at)}  ${done} of ${of} sent, ${Math.round(behindMs)} ms behind; ${lag}`;
  const looking = look(stage, (next) => {
    lag = next;
  });
  try {
    const show = (playing: Playing) => progress.show(() => text(playing));
    await playDay(doors, stage.script, { ...options, progress: show });
  } finally {
    await looking.stop();
    progress.end();
  }
}

/** Measures the lag beside the play, without slowing it. */
function look(pipeline: Pipeline, told: (lag: string) => void) {
  let going = true;
  const work = (async () => {
    while (going) {
      told(lagText(await readLag(pipeline)));
      await new Promise((done) => setTimeout(done, 1_000));
    }
  })();
  return {
    stop: () => {
      going = false;
      return work;
    },
  };
}

async function settle(
  { say, progress }: Tools,
  pipeline: Pipeline,
  what: string,
): Promise<boolean> {
  let last = "";
  const arrived = await drained(pipeline, QUIET_MS, (lag) => {
    last = lagText(lag);
    progress.show(() => `waiting for ${what}: ${last}`);
  });
  progress.end();
  if (!arrived) say(`${what} did not arrive: ${last}`);
  return arrived;
}

const SHOWN = 20;

function report(
  say: Tools["say"],
  mismatches: Awaited<ReturnType<typeof findMismatches>>,
  skus: number,
): void {
  if (mismatches.length === 0) {
    say(`all ${skus} SKUs have the balances that the file says, in PostgreSQL and in Redis`);
  }
  for (const { sku, book, balance, expected, found } of mismatches.slice(0, SHOWN)) {
    say(`${sku}: ${balance} is ${found} in ${book}, and ${expected} by the file`);
  }
  if (mismatches.length > SHOWN) say(`... and ${mismatches.length - SHOWN} more`);
}

/** Messages that were given up: the first place to look for a balance that is wrong. */
async function reportDead({ db, say }: Tools, { shop, began }: Stage): Promise<void> {
  const where = { shopId: shop, state: "failed", receivedAt: { gte: began } };
  const dead = await db.inboxMessage.findMany({ where, select: { error: true }, take: 1 });
  if (dead.length === 0) return;
  const count = await db.inboxMessage.count({ where });
  say(`${count} messages were given up (see Dead letters), the first: ${dead[0]?.error}`);
}

async function oversoldSince(db: Database, { shop, items, began }: Stage): Promise<number> {
  const itemId = { in: [...items.values()] };
  const where = { shopId: shop, itemId, at: { gte: began }, oversold: { gt: 0 } };
  const { _sum } = await db.movement.aggregate({ where, _sum: { oversold: true } });
  return _sum.oversold ?? 0;
}

/** The days with sales around one without. */
export function nearestDays({ daysWithSales }: Day, day: string): string {
  const before = daysWithSales.findLast((one) => one < day);
  const after = daysWithSales.find((one) => one > day);
  const near = [before, after].filter((one) => one !== undefined);
  return near.length > 0 ? `the nearest days with sales: ${near.join(", ")}` : "it has no sales";
}
