import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  type KeyObject,
} from "node:crypto";

/**
 * eBay's signing key, here made of a phrase: the same in every run, and worth nothing. A real one
 * is eBay's alone.
 */
function signingKey(phrase: string): KeyObject {
  const d = createHash("sha256").update(phrase).digest();
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const part = (bytes: Buffer) => bytes.toString("base64url");
  const key = { kty: "EC", crv: "P-256", d: part(d) };
  const [x, y] = [part(point.subarray(1, 33)), part(point.subarray(33))];
  return createPrivateKey({ format: "jwk", key: { ...key, x, y } });
}

const PRIVATE = signingKey("the eBay sandbox of Ballast");

const PEM = createPublicKey(PRIVATE).export({ type: "spki", format: "pem" }).toString();

/** eBay sends a key in one line. */
export const PUBLIC_KEY = PEM.replaceAll("\n", "");

/** A key's name has the form of a UUID. */
export const KEY_ID = createHash("sha256")
  .update(PEM)
  .digest("hex")
  .slice(0, 32)
  .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** X-EBAY-SIGNATURE over these bytes. */
export function signatureOf(
  body: string,
  digest: "SHA1" | "SHA256" = "SHA1",
  kid = KEY_ID,
): string {
  const signature = createSign(digest).update(body).sign(PRIVATE, "base64");
  const header = { alg: "ecdsa", kid, signature, digest };
  return Buffer.from(JSON.stringify(header)).toString("base64");
}
