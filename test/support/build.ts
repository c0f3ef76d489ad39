import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerBuild } from "@remix-run/node";
import type { Pages } from "../../app/web.ts";
import { ROOT } from "../../scripts/services/paths.ts";

/** What the pages are built from: newer than the build means building again. */
const SOURCES = [
  ...["app/**/*", "inventory/*.ts", "jobs/*.ts", "prisma/*.ts", "public/*"],
  ...["vite.config.ts", "remix.config.js"],
];

const SERVER = join(ROOT, "build/server/index.js");
/** Whoever can make this folder builds; the others wait until it is gone. */
const LOCK = join(ROOT, "node_modules/.cache/ballast-build");
/** A build takes seconds: a lock this old was left behind by a run that was killed. */
const STALE_MS = 120_000;

/** The pages as production serves them, built when there is no build of the present sources. */
export async function builtPages(): Promise<Pages> {
  while (!isBuilt()) {
    if (takeLock()) build();
    else await sleep(200);
  }
  const serverBuild: ServerBuild = await import(/* @vite-ignore */ SERVER);
  return { build: serverBuild, folder: join(ROOT, "build/client") };
}

function isBuilt(): boolean {
  if (existsSync(LOCK) || !existsSync(SERVER)) return false;
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
  const newest = Math.max(...files.map((file) => statSync(join(ROOT, file)).mtimeMs));
  return statSync(SERVER).mtimeMs >= newest;
}

function takeLock(): boolean {
  try {
    mkdirSync(join(ROOT, "node_modules/.cache"), { recursive: true });
    mkdirSync(LOCK);
    return true;
  } catch {
    const left = existsSync(LOCK) && Date.now() - statSync(LOCK).mtimeMs > STALE_MS;
    if (left) rmSync(LOCK, { recursive: true, force: true });
    return false;
  }
}

function build(): void {
  const bin = join(ROOT, "node_modules/.bin");
  try {
    execFileSync(join(bin, "remix"), ["vite:build"], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: "production", PATH: `${bin}:${process.env.PATH}` },
      stdio: "pipe",
    });
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}
