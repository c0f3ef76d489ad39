import { readFileSync } from "node:fs";
import { REPORT, type ScriptFile } from "../../../scripts/bundle-report.ts";

export interface PageScript {
  route: string;
  /** Compressed, beyond React and Polaris. */
  kb: number;
}

/** What every page loads before its own. */
const FRAME = ["app/entry.client.tsx", "app/root.tsx", "app/routes/app.tsx"];

/**
 * The script of each page beyond React and Polaris, the largest first: every file it loads, now or
 * later (a chart is loaded after the numbers), by the share of it that is neither.
 */
export function pageScripts(): PageScript[] {
  const files: Record<string, ScriptFile> = JSON.parse(readFileSync(REPORT, "utf8"));
  const bySource = new Map(Object.entries(files).map(([name, { source }]) => [source, name]));
  const routes = [...bySource.keys()].filter((source) => source?.startsWith("app/routes/"));
  return routes
    .map((route) => {
      const first = [...FRAME, route].flatMap((source) => bySource.get(source ?? null) ?? []);
      const bytes = [...closure(files, first)].map((name) => {
        const { gzip = 0, own = 0 } = files[name] ?? {};
        return gzip * own;
      });
      const kb = Math.round(bytes.reduce((sum, one) => sum + one, 0) / 1_000);
      return { route: route ?? "", kb };
    })
    .sort((a, b) => b.kb - a.kb);
}

function closure(files: Record<string, ScriptFile>, first: readonly string[]): Set<string> {
  const all = new Set<string>();
  const visit = (name: string) => {
    if (all.has(name)) return;
    all.add(name);
    const { needs = [], later = [] } = files[name] ?? {};
    for (const next of [...needs, ...later]) visit(next);
  };
  for (const name of first) visit(name);
  return all;
}
