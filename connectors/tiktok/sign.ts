import { createHmac } from "node:crypto";

/** Not signed: the signature itself, and the token, which travels in a header. */
const UNSIGNED = new Set(["sign", "access_token"]);

/**
 * The signature of a call: over the path, the sorted query (as it is before it is encoded) and the
 * exact bytes of the body, between two copies of the secret that also is the key.
 */
export function signRequest(
  appSecret: string,
  path: string,
  query: Readonly<Record<string, string>>,
  body = "",
): string {
  const parameters = Object.keys(query)
    .filter((name) => !UNSIGNED.has(name))
    .sort()
    .map((name) => `${name}${query[name]}`)
    .join("");
  return createHmac("sha256", appSecret)
    .update(`${appSecret}${path}${parameters}${body}${appSecret}`)
    .digest("hex");
}

/** What TikTok puts into a webhook's Authorization header: over our key and the raw body. */
export function signWebhook(appKey: string, appSecret: string, body: Buffer | string): string {
  return createHmac("sha256", appSecret).update(appKey).update(body).digest("hex");
}
