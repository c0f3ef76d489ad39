import type { BatchRow } from "../../../prisma/batches.ts";
import type { Database } from "../../../prisma/client.ts";
import type { Processes } from "../ground.ts";
import type { MemoryWatch, Peak } from "./memory.ts";
import type { Merchant, Watch } from "./merchant.ts";

/** One thing that a merchant had done, and what it took. */
export interface Step {
  name: string;
  rows: number;
  seconds: number;
  peak: Peak;
  /** The longest time in which nothing that the page shows had changed. */
  stillSeconds: number;
}

export interface RoundDeps {
  db: Database;
  shop: string;
  merchant: Merchant;
  memory: MemoryWatch;
  pids: Processes["pids"];
  say(line: string): void;
}

/** One row in so many is wrong, and is told by its line. */
const WRONG_EVERY = 1_000;

const ITEM_COLUMNS = { sku: 0, title: 1, category: 2, barcode: 3 };
const QUANTITY_COLUMNS = { sku: 0, location: 1, quantity: 2 };

/** Files of so many rows: in, back, and out again. */
export async function fileRound(deps: RoundDeps, rows: number): Promise<Step[]> {
  const { db, shop, merchant } = deps;
  const name = `${rows}`;
  const good = rows - Math.floor(rows / WRONG_EVERY);
  const clock = new Clock(deps);
  const items = await clock.time("items: upload", rows, () =>
    merchant.upload("items", itemLines(name, rows)),
  );
  const checked = await clock.time("items: dry run", rows, (watch) =>
    merchant.check(items, ITEM_COLUMNS, watch),
  );
  expect("rows found good", checked.counts.ready, good);
  await clock.time("items: apply", good, (watch) => merchant.apply(checked, watch));
  const back = await clock.time("items: undo, dry run", good, (watch) =>
    merchant.undo(items, watch),
  );
  await clock.time("items: undo, apply", good, (watch) => merchant.apply(back, watch));
  expect("items left after the undo", await countItems(deps, name), 0);

  await seedItems(db, shop, name, rows);
  const counts = await clock.time("quantities: upload", rows, () =>
    merchant.upload("quantities", quantityLines(name, rows)),
  );
  const counted = await clock.time("quantities: dry run", rows, (watch) =>
    merchant.check(counts, QUANTITY_COLUMNS, watch),
  );
  expect("rows found good", counted.counts.ready, good);
  await clock.time("quantities: apply", good, (watch) => merchant.apply(counted, watch));
  expect("units on the shelf", await units(deps, name), unitsOf(rows));

  await clock.time("items: export", rows, () => merchant.download("/app/export/items.csv"));
  await clock.time("quantities: export", good, () =>
    merchant.download("/app/export/quantities.csv"),
  );
  await clock.time("movements: export", good, () => merchant.download("/app/history.csv"));

  const opposite = await clock.time("quantities: undo, dry run", good, (watch) =>
    merchant.undo(counts, watch),
  );
  await clock.time("quantities: undo, apply", good, (watch) =>
    merchant.apply(opposite, killedOnce(deps, watch)),
  );
  expect("units left after the undo", await units(deps, name), 0);
  return clock.steps;
}

/** Half way through, the worker is killed: what it did must be neither lost nor done twice. */
function killedOnce({ pids, say }: RoundDeps, watch: Watch): Watch {
  let killed = false;
  return (batch) => {
    watch(batch);
    if (killed || batch.state !== "applying" || batch.done * 2 < (batch.total ?? Infinity)) return;
    killed = true;
    say("  the worker is killed in the middle");
    process.kill(pids.worker, "SIGKILL");
  };
}

class Clock {
  readonly steps: Step[] = [];
  readonly #deps: RoundDeps;

  constructor(deps: RoundDeps) {
    this.#deps = deps;
  }

  async time<T>(name: string, rows: number, work: (watch: Watch) => Promise<T>): Promise<T> {
    const { memory, say } = this.#deps;
    memory.take();
    const begun = performance.now();
    let [seen, moved, still] = ["", begun, 0];
    const watch = ({ state, done, counts }: BatchRow) => {
      const now = JSON.stringify([state, done, counts]);
      if (now === seen) return;
      still = Math.max(still, performance.now() - moved);
      [seen, moved] = [now, performance.now()];
    };
    const result = await work(watch);
    const seconds = (performance.now() - begun) / 1_000;
    const step = { name, rows, seconds, peak: memory.take(), stillSeconds: still / 1_000 };
    this.steps.push(step);
    say(lineOf(step));
    return result;
  }
}

function lineOf({ name, rows, seconds, peak, stillSeconds }: Step): string {
  const pace = Math.round(rows / seconds).toLocaleString("en-US");
  const still = stillSeconds > 0 ? `, still for ${stillSeconds.toFixed(1)} s at most` : "";
  const memory = `web ${peak.web} MB, worker ${peak.worker} MB`;
  return `  ${name.padEnd(26)} ${seconds.toFixed(1)} s, ${pace} rows/s, ${memory}${still}`;
}

const skuOf = (name: string, n: number) => `F${name}-${String(n).padStart(7, "0")}`;
const isWrong = (n: number) => n % WRONG_EVERY === WRONG_EVERY - 1;
const unitsAt = (n: number) => 1 + (n % 500);

function* itemLines(name: string, rows: number): Generator<string> {
  yield "SKU,Title,Category,Barcode\r\n";
  for (let n = 0; n < rows; n += 1) {
    const barcode = isWrong(n) ? "none" : String(4_000_000_000_000 + n);
    yield `${skuOf(name, n)},"Item, number ${n}",Category ${n % 40},${barcode}\r\n`;
  }
}

function* quantityLines(name: string, rows: number): Generator<string> {
  yield "SKU,Location,Quantity\r\n";
  for (let n = 0; n < rows; n += 1) {
    yield `${skuOf(name, n)},${isWrong(n) ? "NOWHERE" : "MAIN"},${unitsAt(n)}\r\n`;
  }
}

function unitsOf(rows: number): number {
  let sum = 0;
  for (let n = 0; n < rows; n += 1) if (!isWrong(n)) sum += unitsAt(n);
  return sum;
}

async function seedItems(db: Database, shop: string, name: string, rows: number): Promise<void> {
  await db.$executeRaw`
    insert into item (id, shop_id, sku, title)
    select 'f' || ${name} || '-' || n, ${shop}, 'F' || ${name} || '-' || lpad(n::text, 7, '0'),
      'Item, number ' || n
    from generate_series(0, ${rows - 1}) n`;
  await db.$executeRawUnsafe("analyze item");
}

async function countItems({ db, shop }: RoundDeps, name: string): Promise<number> {
  return db.item.count({ where: { shopId: shop, sku: { startsWith: `F${name}-` } } });
}

async function units({ db, shop }: RoundDeps, name: string): Promise<number> {
  const [row] = await db.$queryRaw<{ units: number }[]>`
    select coalesce(sum(quantity), 0)::float8 as units from balance
    where shop_id = ${shop} and bucket = 'sellable' and item_id like ${`f${name}-%`}`;
  return row?.units ?? 0;
}

function expect(what: string, found: number | undefined, wanted: number): void {
  if (found !== wanted) throw new Error(`${what}: ${found}, not ${wanted}`);
}
