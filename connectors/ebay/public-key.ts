import { generateKeyPairSync } from "node:crypto";
import { z } from "zod";
import type { Account, CallFailure, World } from "../connector.ts";
import { NOBODY } from "../nobody.ts";
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

/** Checks what is sent to nobody: it fits nothing, and takes as long as a key of eBay's. */
const NOBODYS: PublicKey = {
  pem: generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).publicKey,
  digest: null,
};

/** The key of this id; null = eBay has none of that name. */
export async function publicKey(id: string, account: Account, world: World): Promise<FoundKey> {
  if (!KEY_ID.test(id)) return { outcome: "found", key: null };
  const name = `${world.baseUrl ?? ""} ${id}`;
  const known = kept.get(name);
  if (known && known.until > world.now()) return { outcome: "found", key: known.key };
  if (account === NOBODY) return { outcome: "found", key: NOBODYS };
  const found = await ask(id, account, world);
  // A key never becomes another one of the same name: an old one is better than none.
  if (found.outcome !== "found") return known?.key ? { outcome: "found", key: known.key } : found;
  keep(name, found.key, world.now() + KEEP_MS);
  return found;
}

/** Makes room first, among names that stood for nothing as long as there are any. */
function keep(name: string, key: PublicKey | null, until: number): void {
  if (kept.size >= KEPT_MAX) {
    const empty = [...kept].find(([, one]) => one.key === null)?.[0];
    kept.delete(empty ?? kept.keys().next().value ?? "");
  }
  kept.set(name, { key, until });
}

async function ask(id: string, account: Account, world: World): Promise<FoundKey> {
  const place = world.baseUrl ?? "";
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
  return { outcome: "found", key };
}

/** eBay sends the key in one line, which is no PEM. */
function pemOf(key: string): string {
  return key
    .replace(/(-----BEGIN PUBLIC KEY-----)\s*/, "$1\n")
    .replace(/\s*(-----END PUBLIC KEY-----)/, "\n$1");
}
