import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/**
 * Secrets at rest: AES-256-GCM under a key from the environment, bound to their owner, so that a
 * row copied to another shop does not open there.
 *
 * Text form: `v1.<key id>.<base64url of nonce, tag, ciphertext>`. Rotation: add a new key in front;
 * what older keys sealed still opens, and is sealed anew when it is next written, or all at once by
 * `npm run keys:rotate`, after which the older keys can go.
 */
export interface Keyring {
  /** The first key seals; every key opens. 32 bytes each. */
  keys: readonly { id: string; key: Buffer }[];
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Reads `id:base64,id:base64` with 32-byte keys. Throws on anything else, naming the key's id. */
export function keyring(text: string): Keyring {
  const keys = text.split(",").map((entry) => {
    const [id = "", encoded = ""] = entry.trim().split(":");
    const key = Buffer.from(encoded, "base64");
    if (!/^[a-z0-9-]+$/.test(id)) throw new Error(`a sealing key has no id: "${id}"`);
    if (key.length !== 32) throw new Error(`sealing key "${id}" is not 32 bytes of base64`);
    return { id, key };
  });
  return { keys };
}

/** Seals a value (as JSON) for `owner`, e.g. a shop's id. */
export function seal(ring: Keyring, owner: string, value: unknown): string {
  const [first] = ring.keys;
  if (!first) throw new Error("no sealing key");
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", first.key, nonce).setAAD(Buffer.from(owner));
  const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  const box = Buffer.concat([nonce, cipher.getAuthTag(), text]);
  return sealedBy(ring) + box.toString("base64url");
}

/** What everything begins with that the first key has sealed. */
export function sealedBy({ keys: [first] }: Keyring): string {
  if (!first) throw new Error("no sealing key");
  return `v1.${first.id}.`;
}

/** Opens what `seal` made for the same owner. Throws when the text, owner or key is another. */
export function unseal(ring: Keyring, owner: string, sealed: string): unknown {
  const [version, id, encoded] = sealed.split(".");
  const entry = ring.keys.find((candidate) => candidate.id === id);
  if (version !== "v1" || !encoded) throw new Error("not a sealed value");
  if (!entry) throw new Error(`sealed with key "${id}", which is not in the keyring`);
  const box = Buffer.from(encoded, "base64url");
  const nonce = box.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", entry.key, nonce)
    .setAAD(Buffer.from(owner))
    .setAuthTag(box.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = Buffer.concat([
    decipher.update(box.subarray(NONCE_BYTES + TAG_BYTES)),
    decipher.final(),
  ]);
  return JSON.parse(text.toString("utf8"));
}
