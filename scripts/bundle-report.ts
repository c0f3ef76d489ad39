import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { ROOT } from "./services/paths.ts";

/** A file of script that browsers load, as the build made it. */
export interface ScriptFile {
  /** The source whose exports it has: a route's own file, for one. */
  source: string | null;
  /** Files it needs at once, and those it may load later. */
  needs: string[];
  later: string[];
  /** What travels, in bytes. */
  gzip: number;
  /** Share (0..1) of its code that is neither React nor Polaris. */
  own: number;
}

export const REPORT = join(ROOT, "build/scripts.json");

/** Polaris, React, and what only they bring along. */
const PLATFORM =
  /node_modules\/(react|react-dom|scheduler|react-transition-group|react-fast-compare|@shopify\/polaris[\w-]*)\//;

/** Writes down what the build's script files are made of, for `npm run bench:pages`. */
export function bundleReport(): Plugin {
  return {
    name: "ballast-bundle-report",
    apply: "build",
    generateBundle(_options, bundle) {
      if (this.environment.name !== "client") return;
      const files: Record<string, ScriptFile> = {};
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type !== "chunk") continue;
        files[name] = {
          source: file.facadeModuleId?.replace(/\?.*$/, "").replace(`${ROOT}/`, "") ?? null,
          needs: file.imports,
          later: file.dynamicImports,
          gzip: gzipSync(file.code).length,
          own: ownShare(file.modules),
        };
      }
      writeFileSync(REPORT, JSON.stringify(files));
    },
  };
}

function ownShare(modules: Record<string, { renderedLength: number }>): number {
  let own = 0;
  let all = 0;
  for (const [id, { renderedLength }] of Object.entries(modules)) {
    all += renderedLength;
    if (!PLATFORM.test(id)) own += renderedLength;
  }
  return all === 0 ? 0 : own / all;
}
