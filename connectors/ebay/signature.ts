import { createVerify } from "node:crypto";
import { z } from "zod";
import type { PublicKey } from "./public-key.ts";

const headerSchema = z.object({
  kid: z.string(),
  signature: z.string(),
  digest: z.string().optional(),
});

/** What X-EBAY-SIGNATURE says: which key signed, with which digest. */
export type SignatureHeader = z.infer<typeof headerSchema>;

/** Base64 of JSON; null where it is not. */
export function readSignature(header: string): SignatureHeader | null {
  try {
    const json: unknown = JSON.parse(Buffer.from(header, "base64").toString("utf8"));
    return headerSchema.safeParse(json).data ?? null;
  } catch {
    return null;
  }
}

const DIGESTS = new Set(["sha1", "sha256"]);

/**
 * ECDSA over the body. eBay signs what its own library makes of a parsed body, which is not
 * always what it sends: the raw bytes are tried first, then the body written anew.
 * https://github.com/eBay/event-notification-nodejs-sdk
 */
export function isSigned(body: Buffer, header: SignatureHeader, key: PublicKey): boolean {
  const digest = (header.digest ?? key.digest ?? "SHA256").toLowerCase();
  if (!DIGESTS.has(digest)) return false;
  const fits = (bytes: Buffer | string) => {
    try {
      return createVerify(digest).update(bytes).verify(key.pem, header.signature, "base64");
    } catch {
      // A key that is none verifies nothing.
      return false;
    }
  };
  const rewritten = rewrite(body);
  return fits(body) || (rewritten !== null && fits(rewritten));
}

function rewrite(body: Buffer): string | null {
  try {
    return JSON.stringify(JSON.parse(body.toString("utf8")));
  } catch {
    return null;
  }
}
