import pg from "pg";
import { startPostgres } from "../../scripts/services/postgres.ts";
import { type Load, load } from "./load.ts";

/** Connections to PostgreSQL, each with one caller. */
export const POSTGRES_CLIENTS = 32;

const ENOUGH = 100_000_000;

/** Takes one unit of an item, or says that there is none. Every commit is on disk when it returns. */
type Strategy = (client: pg.Client, item: number) => Promise<boolean>;

/** Locks the row, looks, writes. Everybody else who wants the row waits for the commit. */
const selectForUpdate: Strategy = async (client, item) => {
  await client.query("begin");
  const look = "select available from stock where item = $1 for update";
  const { rows } = await client.query({ name: "lock", text: look, values: [item] });
  const enough = rows[0].available >= 1;
  if (enough) {
    const text = "update stock set available = available - 1 where item = $1";
    await client.query({ name: "take-locked", text, values: [item] });
  }
  await client.query("commit");
  return enough;
};

/** Looks without a lock, writes only if nobody else has, else waits a little and looks again. */
const optimistic: Strategy = async (client, item) => {
  for (let attempt = 1; ; attempt++) {
    const look = "select available, version from stock where item = $1";
    const { rows } = await client.query({ name: "look", text: look, values: [item] });
    const { available, version } = rows[0];
    if (available < 1) return false;
    const text =
      "update stock set available = $2, version = version + 1 where item = $1 and version = $3";
    const values = [item, available - 1, version];
    const written = await client.query({ name: "take-version", text, values });
    if (written.rowCount === 1) return true;
    const most = Math.min(32, 2 ** attempt);
    await new Promise((done) => setTimeout(done, Math.random() * most));
  }
};

/** One statement: the condition is checked on the row as it is when the lock is granted. */
const conditionalUpdate: Strategy = async (client, item) => {
  const text = "update stock set available = available - 1 where item = $1 and available >= 1";
  const { rowCount } = await client.query({ name: "take-if", text, values: [item] });
  return rowCount === 1;
};

const STRATEGIES = { selectForUpdate, optimistic, conditionalUpdate };

export type StrategyName = keyof typeof STRATEGIES;
export type PostgresResult = Record<StrategyName, Load> & { exact: boolean };

/** Measures the three strategies on tables of 1 and of `skus` rows, on one server of our own. */
export async function measurePostgres(
  folder: string,
  skuCounts: readonly number[],
  seconds: number,
  say: (line: string) => void,
): Promise<PostgresResult[]> {
  const server = await startPostgres(folder);
  const clients = Array.from(
    { length: POSTGRES_CLIENTS },
    () => new pg.Client({ connectionString: server.url }),
  );
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const results: PostgresResult[] = [];
    for (const skus of skuCounts) results.push(await measure(clients, skus, seconds, say));
    return results;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await server.stop();
  }
}

async function measure(
  clients: pg.Client[],
  skus: number,
  seconds: number,
  say: (line: string) => void,
): Promise<PostgresResult> {
  const loads = new Map<string, Load>();
  let exact = true;
  for (const [name, take] of Object.entries(STRATEGIES)) {
    await freshTable(clients, skus);
    const operation = async (n: number, caller: number) => {
      const client = clients[caller];
      if (!client || !(await take(client, n % skus))) throw new Error(`${name} found no unit`);
    };
    const warm = await load(clients.length, seconds / 4, operation);
    const measured = await load(clients.length, seconds, operation);
    loads.set(name, measured);
    exact = exact && (await taken(clients, skus)) === warm.operations + measured.operations;
    say(`  ${name}, ${skus} SKUs: ${Math.round(measured.perSecond)}/s`);
  }
  return { ...(Object.fromEntries(loads) as Record<StrategyName, Load>), exact };
}

async function freshTable([client]: pg.Client[], skus: number): Promise<void> {
  await client?.query("drop table if exists stock");
  await client?.query(
    "create table stock (item int primary key, available bigint not null, version bigint not null)",
  );
  const fill = "insert into stock select n, $2::bigint, 0 from generate_series(0, $1::int - 1) n";
  await client?.query(fill, [skus, ENOUGH]);
  await client?.query("vacuum analyze stock");
}

async function taken([client]: pg.Client[], skus: number): Promise<number> {
  const sum = await client?.query("select sum(available) as left from stock");
  return skus * ENOUGH - Number(sum?.rows[0].left);
}
