import { amazonSandbox } from "../amazon/sandbox/sandbox.ts";
import { ebaySandbox } from "../ebay/sandbox/sandbox.ts";
import { shopifySandbox } from "../shopify/sandbox/sandbox.ts";
import { tiktokSandbox } from "../tiktok/sandbox/sandbox.ts";
import { walmartSandbox } from "../walmart/sandbox/sandbox.ts";
import type { SandboxAccount } from "./account.ts";
import { type RunningSandbox, runSandbox, type SandboxEnv } from "./engine.ts";

export type SandboxChannel = "shopify" | "amazon" | "walmart" | "tiktok" | "ebay";

/** Starts every sandbox in this process. Adding a marketplace is one line here, one below. */
export function runSandboxes(env: SandboxEnv): Record<SandboxChannel, RunningSandbox> {
  return {
    shopify: runSandbox(shopifySandbox, env),
    amazon: runSandbox(amazonSandbox, env),
    walmart: runSandbox(walmartSandbox, env),
    tiktok: runSandbox(tiktokSandbox, env),
    ebay: runSandbox(ebaySandbox, env),
  };
}

const ACCOUNTS: Record<SandboxChannel, SandboxAccount> = {
  shopify: shopifySandbox.account,
  amazon: amazonSandbox.account,
  walmart: walmartSandbox.account,
  tiktok: tiktokSandbox.account,
  ebay: ebaySandbox.account,
};

export const SANDBOX_CHANNELS = Object.keys(ACCOUNTS) as SandboxChannel[];

/** What to store for the demo merchant's connection to a sandbox. */
export function sandboxAccount(channel: SandboxChannel): SandboxAccount {
  return ACCOUNTS[channel];
}
