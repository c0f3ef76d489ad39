import { PrismaPg } from "@prisma/adapter-pg";
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import pg from "pg";

/*
 * `prisma migrate` on its WebAssembly engine, so that no engine binary is downloaded. With
 * adapter-pg 6 that needs five repairs, all confined to the migration's own connection:
 *
 * 1. The catalogue's types "char" and `name` are refused (prisma/orm #27403). On the wire they are
 *    text, so the client reports them as text.
 * 2. A script is cut at every `;`, function bodies included. One simple query takes it whole.
 * 3. The shadow database is dropped while connections to it are open.
 * 4. A session's advisory lock and what it guards may land on two connections of a pool.
 * 5. The engine's own time-outs keep the process alive for up to a minute after it is done.
 */

const OID = { char: 18, name: 19, text: 25, charArray: 1002, nameArray: 1003, textArray: 1009 };
const READ_AS = new Map([
  [OID.char, OID.text],
  [OID.name, OID.text],
  [OID.charArray, OID.textArray],
  [OID.nameArray, OID.textArray],
]);

/** For each result, which of its columns were of type "char" before they were relabelled. */
const charColumnsOf = new WeakMap<object, number[]>();

function readAsText(result: pg.QueryResult): void {
  const chars: number[] = [];
  result.fields?.forEach((field, index) => {
    if (field.dataTypeID === OID.char) chars.push(index);
    field.dataTypeID = READ_AS.get(field.dataTypeID) ?? field.dataTypeID;
  });
  if (chars.length > 0) charColumnsOf.set(result.rows, chars);
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown;
const query = pg.Client.prototype.query as unknown as Query;

/** pg's client hands results over by promise or by callback; both pass through `readAsText`. */
class CatalogueClient extends pg.Client {
  constructor(config: pg.ClientConfig) {
    super(config);
    const relabel = <T>(result: T): T => {
      const results = Array.isArray(result) ? result : [result];
      for (const one of results) if (one) readAsText(one);
      return result;
    };
    const patched: Query = (...args) => {
      const callback = args.at(-1);
      if (typeof callback === "function") {
        args[args.length - 1] = (error: unknown, result: unknown) =>
          callback(error, relabel(result));
      }
      const answer = query.apply(this, args);
      return answer instanceof Promise ? answer.then(relabel) : answer;
    };
    Object.assign(this, { query: patched });
  }
}

async function connect(url: string): Promise<SqlDriverAdapter> {
  const config = { connectionString: url, max: 1, allowExitOnIdle: true, Client: CatalogueClient };
  const pool = new pg.Pool(config as unknown as pg.PoolConfig);
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (sql: Parameters<typeof queryRaw>[0]) => {
      const set = await queryRaw(sql);
      for (const column of charColumnsOf.get(set.rows) ?? []) {
        set.columnTypes[column] = ColumnTypeEnum.Character;
      }
      return set;
    },
    executeScript: async (script: string) => {
      await pool.query(script);
    },
  });
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** A scratch database beside the real one, gone again when the engine is through with it. */
async function connectToShadow(url: string): Promise<SqlDriverAdapter> {
  const shadow = new URL(url);
  shadow.pathname = `${shadow.pathname}_shadow`;
  const name = shadow.pathname.slice(1);
  const drop = () => administer(url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  await drop(); // left behind by a command that failed
  await administer(url, `CREATE DATABASE "${name}"`);
  const adapter = await connect(shadow.href);
  const close = adapter.dispose.bind(adapter);
  let gone: Promise<void> | undefined;
  const dispose = () => {
    gone ??= close().then(drop);
    return gone;
  };
  process.once("beforeExit", () => void dispose());
  return Object.assign(adapter, { dispose });
}

/** The engine's own time-outs are of 10 s and more; nothing else here waits that long. */
function letLongTimersEndWithTheProcess(): void {
  const setTimer = globalThis.setTimeout;
  const unrefed = (run: () => void, ms = 0, ...args: unknown[]) => {
    const timer = setTimer(run, ms, ...args) as unknown as NodeJS.Timeout;
    return ms >= 10_000 ? timer.unref() : timer;
  };
  globalThis.setTimeout = Object.assign(unrefed, setTimer) as typeof setTimeout;
}

/** The connection `prisma migrate` works through; `url` is a PostgreSQL connection string. */
export function migrationAdapter(url: string): SqlMigrationAwareDriverAdapterFactory {
  letLongTimersEndWithTheProcess();
  return {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => connect(url),
    connectToShadowDb: () => connectToShadow(url),
  };
}
