import pg from "pg";

/** Takes one database away, as a restart of its server would, and gives it back. */
export interface Outage {
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** Outages of the database at `url`, whose server other tests go on using. */
export function outageOf(url: string): Outage {
  const admin = new URL(url);
  const name = admin.pathname.slice(1);
  admin.pathname = "/postgres";
  const run = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: admin.href });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  return {
    begin: () =>
      run(
        `alter database ${name} with allow_connections false`,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      ),
    end: () => run(`alter database ${name} with allow_connections true`),
  };
}
