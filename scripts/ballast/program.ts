import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../services/paths.ts";
import { end } from "../services/server.ts";

export interface ProgramOptions {
  name: string;
  /** TypeScript entry, relative to the product's folder. */
  entry: string;
  env: Record<string, string>;
  /** The line that says it is ready starts with this. */
  ready: string;
  /** Its output goes here. */
  log: string;
  report(line: string): void;
  /** Hears the id of each process it starts, so that a later start can end what was left. */
  started(pid: number): void;
}

/** A process of ours that is kept running until it is told to stop. */
export interface Program {
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000];

/** Starts a process, waits until it is ready, and starts it again whenever it dies by itself. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const log = createWriteStream(options.log, { flags: "a" });
  let stopping = false;
  let child = await begin(options, log);
  const watch = () => child.once("exit", (code) => void revive(code));
  const revive = async (code: number | null) => {
    for (let tries = 0; !stopping; tries += 1) {
      options.report(`${options.name} ended with ${code}; starting it again (see ${options.log})`);
      await sleep(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
      if (stopping) return;
      try {
        child = await begin(options, log);
        return watch();
      } catch (error) {
        options.report(String(error));
      }
    }
  };
  watch();
  return {
    stop: async () => {
      stopping = true;
      await end(child, "SIGTERM");
      log.end();
    },
  };
}

async function begin(options: ProgramOptions, log: WriteStream): Promise<ChildProcess> {
  const child = spawn(process.execPath, [options.entry], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // Ctrl-C reaches us alone, and we stop processes in our order
  });
  if (child.pid !== undefined) options.started(child.pid);
  try {
    await ready(child, options, log);
    return child;
  } catch (error) {
    await end(child, "SIGKILL");
    throw error;
  }
}

function ready(child: ChildProcess, options: ProgramOptions, log: WriteStream): Promise<void> {
  return new Promise((done, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`${options.name} is not ready in time`)),
      READY_WITHIN_MS,
    );
    let heard = "";
    let waiting = true;
    const hear = (chunk: Buffer) => {
      log.write(chunk);
      if (!waiting) return;
      heard = `${heard}${chunk}`.slice(-10_000);
      if (!heard.includes(options.ready)) return;
      waiting = false;
      clearTimeout(timer);
      done();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(new Error(`${options.name} ended with ${code}:\n${heard}`));
    });
  });
}
