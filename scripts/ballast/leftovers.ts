import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Processes that outlived a start which was killed. Two servers on one data folder would ruin it,
 * so the next start ends them first: only what the list names, and only while it still looks like
 * what was started (process ids are used again).
 */
export interface Started {
  pid: number;
  /** A part of its command line that only ours has. */
  mark: string;
}

const file = (folder: string) => join(folder, "started.json");

export function remember(folder: string, started: readonly Started[]): void {
  writeFileSync(file(folder), JSON.stringify(started));
}

export function forget(folder: string): void {
  rmSync(file(folder), { force: true });
}

export async function endLeftovers(folder: string): Promise<number> {
  if (!existsSync(file(folder))) return 0;
  const started: Started[] = JSON.parse(readFileSync(file(folder), "utf8"));
  const alive = started.filter(isStillOurs);
  // Newest first: the app before the servers it uses. SIGINT makes PostgreSQL close at once.
  for (const one of alive.reverse()) {
    process.kill(one.pid, "SIGINT");
    for (let waited = 0; waited < 100 && isStillOurs(one); waited += 1) await sleep(100);
    if (isStillOurs(one)) process.kill(one.pid, "SIGKILL");
  }
  forget(folder);
  return alive.length;
}

function isStillOurs({ pid, mark }: Started): boolean {
  try {
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).includes(
      mark,
    );
  } catch {
    return false; // ps knows no such process
  }
}
