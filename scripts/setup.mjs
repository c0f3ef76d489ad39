// Runs on whatever Node the machine has, before anything is installed: no dependencies, no
// TypeScript. Brings the machine to where a command can run, then runs it on the product's own Node.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const bin = join(root, "node_modules/.bin");
const say = (text) => console.log(`[set-up] ${text}`);

/** Each command: what it needs on the machine, and what it runs. */
const COMMANDS = {
  start: { needs: ["redis", "build"], run: ["node", "scripts/start.ts"] },
  test: { needs: ["redis", "chromium", "build"], run: ["node", "scripts/test.ts"] },
  validate: { needs: ["redis", "chromium", "build"], run: ["node", "scripts/validate.ts"] },
  "flash-sale": { needs: ["redis", "build"], run: withBallast("scripts/flash-sale.ts") },
  "import-orders": { needs: ["redis", "build"], run: withBallast("scripts/import-orders.ts") },
  replay: { needs: ["redis", "build"], run: withBallast("scripts/replay.ts") },
  owner: { needs: [], run: ["node", "scripts/owner.ts"] },
  token: { needs: ["redis", "build"], run: withBallast("scripts/token.ts") },
  screenshots: {
    needs: ["redis", "chromium", "build"],
    run: withBallast("scripts/screenshots.ts"),
  },
  "bench-files": { needs: ["own-redis", "build"], run: ["node", "test/bench/files.ts"] },
  "bench-ledger": { needs: ["own-redis"], run: ["node", "test/bench/ledger.ts"] },
  "bench-pages": {
    needs: ["redis", "chromium", "build"],
    run: ["node", "test/bench/pages.ts"],
  },
  "bench-web": { needs: ["own-redis"], run: ["node", "test/bench/web.ts"] },
  "bench-push": { needs: [], run: ["node", "test/bench/push.ts"] },
};

function withBallast(script) {
  return ["node", "scripts/with-ballast.ts", script];
}

/** Debian's package and the program it brings. */
const SYSTEM = {
  redis: { programs: ["redis-server", "valkey-server"], packages: ["redis-server"] },
  chromium: {
    programs: ["chromium", "chromium-browser", "google-chrome"],
    packages: ["chromium", "fonts-liberation"],
  },
};

const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) fail(`no command "${name}"; there are: ${Object.keys(COMMANDS).join(", ")}`);
checkNode();
install();
for (const need of command.needs) {
  if (need === "build") build();
  else if (need === "own-redis") system("redis");
  // A Redis that is given is used; tests kill theirs, so they bring their own.
  else if (need !== "redis" || !process.env.REDIS_URL || name === "test" || name === "validate") {
    system(need);
  }
}
run(command.run, args);

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) fail(`Node 20 or newer is needed; this is ${process.version}`);
}

/** npm ci, when the lockfile is not the one that node_modules was made from. */
function install() {
  const stamp = join(root, "node_modules/.ballast-lock");
  const wanted = hash([join(root, "package-lock.json")]);
  if (read(stamp) !== wanted) {
    say("installing the npm packages (about a minute, once)");
    must("npm", ["ci", "--no-audit", "--no-fund"]);
    writeFileSync(stamp, wanted);
  }
  const node = programVersion();
  if (node < 22) {
    fail("no Node 24 package for this platform: run with Node 22.12 or newer on the PATH");
  }
  once("generated/prisma/.stamp", ["prisma/schema.prisma"], "generating the database client", [
    "prisma",
    ["generate"],
  ]);
}

function programVersion() {
  const { stdout } = spawnSync("node", ["-p", "process.versions.node"], {
    env: environment(),
    encoding: "utf8",
  });
  return Number(String(stdout).split(".")[0]);
}

function build() {
  const sources = ["app", "connectors", "inventory", "jobs", "ledger", "prisma", "public"];
  once("build/.stamp", [...sources, "vite.config.ts", "remix.config.js"], "building the pages", [
    "remix",
    ["vite:build", "--logLevel", "warn"],
  ]);
}

/** Runs a step unless its sources are what they were when it last ran. */
function once(stampFile, sources, what, [program, programArgs]) {
  const stamp = join(root, stampFile);
  const wanted = hash(sources.flatMap((source) => files(join(root, source))));
  if (read(stamp) === wanted) return;
  say(what);
  must(program, programArgs, { quiet: true });
  mkdirSync(join(stamp, ".."), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Installs a system package when none of its programs is on the PATH. */
function system(need) {
  const { programs, packages } = SYSTEM[need];
  if (programs.some(onPath)) return;
  const apt = onPath("apt-get");
  const asRoot = process.getuid?.() === 0;
  if (!apt || !(asRoot || onPath("sudo"))) {
    fail(`${programs[0]} is missing and cannot be installed here: install it and run again`);
  }
  say(`installing ${packages.join(" and ")} from the system's packages (once)`);
  const sudo = asRoot ? [] : ["sudo"];
  const apt_get = (...words) => {
    const [program, ...rest] = [...sudo, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"];
    must(program, [...rest, "apt-get", "-qq", ...words], { quiet: true });
  };
  apt_get("update");
  // RUNLEVEL=1: the package must not start a server of its own beside ours.
  apt_get("install", "-y", "--no-install-recommends", ...packages);
}

function run([program, ...first], rest) {
  const child = spawn(program, [...first, ...rest], {
    cwd: root,
    env: environment(),
    stdio: "inherit",
  });
  // Ctrl-C reaches the child too; it stops what it started, and we wait for it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

function environment() {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
}

function must(program, programArgs, { quiet = false } = {}) {
  const options = { cwd: root, env: environment(), encoding: "utf8" };
  const stdio = quiet ? "pipe" : ["ignore", "inherit", "inherit"];
  const done = spawnSync(program, programArgs, { ...options, stdio, maxBuffer: 1 << 26 });
  if (done.status === 0) return;
  const said = `${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}`.trim();
  fail(`${program} ${programArgs.join(" ")} failed${said ? `:\n${said}` : ""}`);
}

function onPath(program) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

function files(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hash(paths) {
  const digest = createHash("sha256");
  for (const path of paths) digest.update(path.slice(root.length)).update(readFileSync(path));
  return digest.digest("hex");
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function fail(text) {
  console.error(`[set-up] ${text}`);
  process.exit(1);
}
