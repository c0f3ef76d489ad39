/** `npm run flash-sale`: more shoppers than jackets, on every channel at once. */
import { randomUUID } from "node:crypto";
import { createLedger } from "../ledger/client.ts";
import { listRules } from "../prisma/buffers.ts";
import { type Database, openDatabase } from "../prisma/client.ts";
import { FLASH_SKU } from "./ballast/catalogue.ts";
import { readScriptEnv } from "./env.ts";
import { drawCrowd } from "./flash-sale/crowd.ts";
import { reaches } from "./flash-sale/history.ts";
import { differencesOf, findSubject, type Subject } from "./flash-sale/ledger-facts.ts";
import {
  historyOf,
  type PushRow,
  pushesOf,
  withLandings,
  withOrderTimes,
} from "./flash-sale/measure.ts";
import { type FlashSaleOptions, flashSaleOptions } from "./flash-sale/options.ts";
import { brokenPromises, type Evidence, explainOversold, resultOf } from "./flash-sale/result.ts";
import { type RushTally, rush } from "./flash-sale/rush.ts";
import { settled } from "./flash-sale/settle.ts";
import { type FlashWorld, openWorld } from "./flash-sale/world.ts";
import { openProgress } from "./progress.ts";

const LOCATION = "main";
const SETTLE_MS = 60_000;
/** Minutes of propagation take minutes to settle. */
const SETTLE_REALISTIC_MS = 30 * 60_000;

const say = (line: string) => console.log(`[flash sale] ${line}`);

async function main(options: FlashSaleOptions): Promise<void> {
  const env = readScriptEnv();
  const db = openDatabase(env.DATABASE_URL, 3);
  const ledger = createLedger({ url: env.REDIS_URL });
  const world = openWorld(env);
  try {
    await ledger.whenConnected();
    const subject = await findSubject(db, ledger, env.STANDALONE_SHOP, FLASH_SKU);
    const held = async () => (await subject.stock()).held;
    await beginDay(world, db, subject.shop);
    await prepare(world, held, options);
    const start = await subject.stock();
    const tally = await sell(world, subject, options);
    await waitUntilSettled(world, held, options);
    const channels = subject.listings.map((listing) => listing.channel);
    const history = withOrderTimes(
      await historyOf(db, subject.shop, subject.item, BigInt(start.version)),
      await world.orderTimes(channels),
    );
    const rules = await listRules(db, subject.shop);
    const evidence: Evidence = {
      tally,
      history,
      listings: subject.listings,
      reached: reaches(start, history, subject.listings, rules, subject),
      pushes: await tellShown(
        world,
        subject,
        await pushesOf(db, subject.shop, subject.item, BigInt(start.version)),
      ),
      ats: (await world.stock(FLASH_SKU)).ats,
      units: options.units,
      differences: await differencesOf(db, ledger, subject),
    };
    const { result, remarks } = resultOf(evidence);
    for (const line of explainOversold(evidence)) say(`beyond stock: ${line}`);
    for (const line of remarks) say(`not consistent: ${line}`);
    const broken = brokenPromises(result, options.lag);
    for (const line of broken) say(`NOT KEPT: ${line}`);
    console.log(JSON.stringify(result));
    process.exitCode = broken.length === 0 ? 0 : 1;
  } finally {
    await world.setLag("default");
    await ledger.close();
    await db.$disconnect();
  }
}

/** The pushes of every channel, with when each was shown. */
async function tellShown(
  world: FlashWorld,
  { listings }: Subject,
  pushes: readonly PushRow[],
): Promise<PushRow[]> {
  const told: PushRow[] = [];
  for (const { id, channel } of listings) {
    told.push(...withLandings(pushes, id, await world.pushesTaken(channel, FLASH_SKU)));
  }
  return told;
}

/**
 * The rush of a day finds the day's budgets whole: eBay allows 250 changes of a listing in one,
 * and a second rush on the same day would have to rest for hours.
 */
async function beginDay(world: FlashWorld, db: Database, shop: string): Promise<void> {
  await world.newDay();
  await db.revision.deleteMany({ where: { shopId: shop } });
}

/** Brings the item to the wanted units, and every channel to what it should then display. */
async function prepare(
  world: FlashWorld,
  held: () => Promise<number>,
  options: FlashSaleOptions,
): Promise<void> {
  say(`bringing ${FLASH_SKU} to ${options.units} units on every channel`);
  await world.setLag("none");
  const { ats } = await world.stock(FLASH_SKU);
  if (ats !== options.units) await world.adjust(FLASH_SKU, LOCATION, options.units - ats);
  if (!(await settled(world, FLASH_SKU, held, SETTLE_MS))) {
    throw new Error("the channels do not show what they should; is the worker running?");
  }
  await world.setLag(options.lag);
}

async function sell(
  world: FlashWorld,
  subject: Subject,
  options: FlashSaleOptions,
): Promise<RushTally> {
  const channels = subject.listings.map((listing) => listing.channel);
  const crowd = drawCrowd({ ...options, channels });
  const { shoppers, carts, seconds, seed, lag } = options;
  say(`${shoppers} shoppers and ${carts} carts within ${seconds} s (seed ${seed}, lag ${lag})`);
  const progress = openProgress();
  const began = Date.now();
  const holdSeconds = Math.max(1, Math.round(seconds / 5));
  const rushOptions = { sku: FLASH_SKU, holdSeconds, run: randomUUID().slice(0, 8) };
  const tally = await rush(world, crowd, channels, rushOptions, (now) =>
    progress.show(() => `${Math.round((Date.now() - began) / 1_000)} s: ${tallyText(now)}`),
  );
  progress.end(tallyText(tally));
  return tally;
}

function tallyText({ channels, carts }: RushTally): string {
  const shops = Object.entries(channels).map(
    ([name, { sold, refused }]) => `${name} sold ${sold}, refused ${refused}`,
  );
  return `${shops.join("; ")}; carts held ${carts.held}, paid ${carts.paid}`;
}

async function waitUntilSettled(
  world: FlashWorld,
  held: () => Promise<number>,
  options: FlashSaleOptions,
): Promise<void> {
  say("waiting until abandoned carts have expired and every channel shows the truth");
  const progress = openProgress();
  const limit = options.lag === "realistic" ? SETTLE_REALISTIC_MS : SETTLE_MS;
  const within = limit + options.seconds * 1_000;
  const calm = await settled(world, FLASH_SKU, held, within, (text) =>
    progress.show(() => text || "settled"),
  );
  progress.end();
  if (!calm) say("the channels have not settled in time; the result is what it is now");
}

let options: FlashSaleOptions;
try {
  options = flashSaleOptions(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}
await main(options);
