import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether Shopify signed these very bytes: base64 HMAC-SHA256 with the app's client secret. After a
 * rotation it may sign with the old one for up to an hour, so several are tried. An empty one is none: with it
 * anybody could sign.
 * https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 */
export function signedWithOneOf(
  body: Buffer,
  signature: string,
  secrets: readonly string[],
): boolean {
  const given = Buffer.from(signature, "base64");
  return secrets.filter(Boolean).some((secret) => {
    const wanted = createHmac("sha256", secret).update(body).digest();
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}
