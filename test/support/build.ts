import { execFileSync } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ServerBuild } from "@remix-run/node";
import type { Pages } from "../../app/web.ts";
import { ROOT } from "../../scripts/services/paths.ts";

/** What the pages are built from: newer than the build means building again. */
const SOURCES = ["app/**/*", "inventory/*.ts", "prisma/*.ts", "vite.config.ts", "remix.config.js"];

/** The pages as production serves them, built when there is no build of the present sources. */
export async function builtPages(): Promise<Pages> {
  const server = join(ROOT, "build/server/index.js");
  if (!existsSync(server) || statSync(server).mtimeMs < newest()) {
    const bin = join(ROOT, "node_modules/.bin");
    execFileSync(join(bin, "remix"), ["vite:build"], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: "production", PATH: `${bin}:${process.env.PATH}` },
      stdio: "pipe",
    });
  }
  const build: ServerBuild = await import(/* @vite-ignore */ server);
  return { build, folder: join(ROOT, "build/client") };
}

function newest(): number {
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
  return Math.max(...files.map((file) => statSync(join(ROOT, file)).mtimeMs));
}
