import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ROOT } from "../../../scripts/services/paths.ts";

let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill("SIGKILL");
  child = null;
});

test("F: the process says where it listens, and stops when it is told to", async () => {
  const entry = join(ROOT, "connectors/sandbox/main.ts");
  const env = { ...process.env, SANDBOX_PORT: "0", SANDBOX_LAG: "realistic", SANDBOX_SEED: "3" };
  const started = spawn(process.execPath, [entry], { env, stdio: ["ignore", "pipe", "inherit"] });
  child = started;
  const line = await new Promise<string>((resolve) => {
    started.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
  });
  const url = /^sandbox listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line)?.[1];
  const settings = await fetch(`${url}/sandbox/settings`);
  expect(await settings.json()).toEqual({ seed: 3, lag: "realistic", doorUrl: null });
  const ended = new Promise((resolve) => started.once("exit", resolve));
  started.kill("SIGTERM");
  expect(await ended).toBe(0);
});
