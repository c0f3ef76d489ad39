import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** A server we run, or were given. Stopping one we were given does nothing. */
export interface Server {
  url: string;
  /** Process id, when it is ours. */
  pid?: number;
  stop(): Promise<void>;
}

/** The environment's server, taken as it is. */
export function given(url: string): Server {
  return { url, stop: async () => {} };
}

/** Starts a program and waits until it prints `ready`; its output is in the error when it dies. */
export async function launch(
  program: string,
  args: string[],
  ready: string,
  options: SpawnOptions = {},
): Promise<ChildProcess> {
  // Its own process group: Ctrl-C reaches us alone, and we stop servers in our order.
  const child = spawn(program, args, {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let log = "";
  await new Promise<void>((done, fail) => {
    const hear = (chunk: Buffer) => {
      if (log.length < 20_000) log += chunk;
      if (log.includes(ready)) done();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`${program} ended with ${code}:\n${log}`)));
  });
  return child;
}

/** Ends a process with a signal; after 10 s without effect, for good. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(timer);
}
