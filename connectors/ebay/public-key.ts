import { z } from "zod";
import type { Account, CallFailure, World } from "../connector.ts";
import { type Bucket, fullBucket, type Rate, take } from "../pacer.ts";
import { createClient } from "./client.ts";

const keySchema = z.object({ key: z.string(), digest: z.string().optional() });

/** A key that eBay signs notifications with, ready to be used. */
export interface PublicKey {
  pem: string;
  digest: string | null;
}

export type FoundKey = { outcome: "found"; key: PublicKey | null } | CallFailure;

/** eBay's own library keeps a key for an hour. */
const KEEP_MS = 60 * 60_000;
const KEPT_MAX = 100;

/** Ids as eBay makes them, so that none can lead an address elsewhere. */
const KEY_ID = /^[0-9a-f-]{36}$/;

/** Anybody can send ids of keys that do not exist: asking for them must not eat the day's calls. */
const ASKING: Rate = { perSecond: 0.2, burst: 10 };

/** Keys are eBay's, the same for every merchant, so all connections of the process share them. */
const kept = new Map<string, { key: PublicKey | null; until: number }>();
const askings = new Map<string, Bucket>();

/** The key of this id; null = eBay has none of that name. */
export async function publicKey(id: string, account: Account, world: World): Promise<FoundKey> {
  if (!KEY_ID.test(id)) return { outcome: "found", key: null };
  const place = world.baseUrl ?? "";
  const known = kept.get(`${place} ${id}`);
  if (known && known.until > world.now()) return { outcome: "found", key: known.key };
  const bucket = take(askings.get(place) ?? fullBucket(ASKING, 0), ASKING, world.now());
  if (bucket.outcome === "wait") {
    return { outcome: "unavailable", why: "too many keys were asked for just now" };
  }
  askings.set(place, bucket.bucket);
  const reading = { kind: "read", schema: keySchema, as: "app" } as const;
  const answer = await createClient(account, world).rest(reading, (api) =>
    api.commerce.notification.getPublicKey(id),
  );
  if (answer.outcome !== "answered") return answer;
  const key = answer.data && { pem: pemOf(answer.data.key), digest: answer.data.digest ?? null };
  if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value ?? "");
  kept.set(`${place} ${id}`, { key, until: world.now() + KEEP_MS });
  return { outcome: "found", key };
}

/** eBay sends the key in one line, which is no PEM. */
function pemOf(key: string): string {
  return key
    .replace(/(-----BEGIN PUBLIC KEY-----)\s*/, "$1\n")
    .replace(/\s*(-----END PUBLIC KEY-----)/, "\n$1");
}
