import { readFileSync } from "node:fs";
import type { Processes } from "../ground.ts";

/** Megabytes that the product's processes had at most. */
export type Peak = Processes["pids"];

const EVERY_MS = 50;

/** Samples what the product's processes take of the machine, as the machine says it. */
export class MemoryWatch {
  readonly #pids: Processes["pids"];
  readonly #timer: NodeJS.Timeout;
  #peak: Peak = { worker: 0, web: 0 };

  constructor(pids: Processes["pids"]) {
    this.#pids = pids;
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** The most there was since the last call. */
  take(): Peak {
    this.#look();
    const peak = this.#peak;
    this.#peak = { worker: 0, web: 0 };
    return peak;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const name of ["worker", "web"] as const) {
      const megabytes = residentOf(this.#pids[name]);
      this.#peak[name] = Math.max(this.#peak[name], megabytes);
    }
  }
}

/** 0 while the process is being started again. */
function residentOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
