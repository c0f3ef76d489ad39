import type { RawRequest, Verification, World } from "./connector.ts";

/**
 * What a marketplace tells the app as a whole, at one door for all merchants: that one of them took
 * his consent back, that an account is no more.
 */
export interface AppDoor {
  /** Verified as at a merchant's door; `keys` are the app's own at the marketplace. */
  verify(
    request: RawRequest,
    keys: Readonly<Record<string, string>>,
    world: World,
  ): Promise<AppVerification>;
  /** Answers a GET at the door, as `Connector.greet` does at a merchant's. */
  greet(
    query: Readonly<Record<string, string | undefined>>,
    keys: Readonly<Record<string, string>>,
    doorUrl: string,
  ): { status: number; body: unknown } | null;
}

export type AppVerification =
  | Exclude<Verification, { outcome: "verified" | "levels" | "deauthorized" }>
  /** Access to the accounts with this setting is taken back. */
  | { outcome: "deauthorized"; setting: string; value: string; why: string };

/** The app's door stands beside those of the merchants: /webhooks/app/<channel>. */
export function appDoorBeside(doorUrl: string, channel: string): string {
  return new URL(`../app/${channel}`, doorUrl).href;
}
