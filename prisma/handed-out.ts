import { createHash, randomBytes } from "node:crypto";

/**
 * A secret that is handed out once and comes back as proof: a cookie, a link, a state. The record
 * keeps its hash, so that nobody who reads the record can use it. Too long to be guessed, it needs
 * no slow hash.
 */
export function newSecret(): { secret: string; hash: string } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, hash: hashOf(secret) };
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
