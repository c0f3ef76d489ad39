import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appKeyVariables } from "../../connectors/app-keys.ts";
import { SANDBOX_CHANNELS, sandboxAccount } from "../../connectors/sandbox/sandboxes.ts";
import { dataFolder } from "../services/paths.ts";

/** What a running Ballast tells other commands of this checkout. */
export interface Running {
  pid: number;
  appUrl: string;
  databaseUrl: string;
  redisUrl: string;
  sandboxUrl: string;
  /** Domain of the demo merchant's shop. */
  shopDomain: string;
  /** Keyring text and API token of the demo merchant: this file is for its owner only. */
  keys: string;
  token: string;
}

const file = () => join(dataFolder(), "running.json");

/** The Ballast that runs from this checkout, or undefined. */
export async function findRunning(): Promise<Running | undefined> {
  if (!existsSync(file())) return undefined;
  const running: Running = JSON.parse(readFileSync(file(), "utf8"));
  return isAlive(running.pid) && (await answers(running.appUrl)) ? running : undefined;
}

export function announce(running: Running): void {
  writeFileSync(file(), JSON.stringify(running, null, 2), { mode: 0o600 });
}

export function withdraw(): void {
  rmSync(file(), { force: true });
}

/** The environment in which the product's scripts and processes find it. */
export function environmentOf(running: Running): Record<string, string> {
  return {
    ...sandboxAppKeys(),
    APP_URL: running.appUrl,
    DATABASE_URL: running.databaseUrl,
    REDIS_URL: running.redisUrl,
    SANDBOX_URL: running.sandboxUrl,
    STANDALONE_SHOP: running.shopDomain,
    BALLAST_KEYS: running.keys,
    WEBHOOKS_TO_LOOPBACK: "1",
    BALLAST_TOKEN: running.token,
  };
}

/** Our app is registered at every sandbox, under keys that open nothing else. */
function sandboxAppKeys(): Record<string, string> {
  const keys = SANDBOX_CHANNELS.map((name) => appKeyVariables(name, sandboxAccount(name).app));
  return Object.assign({}, ...keys);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}
