import { createHmac, timingSafeEqual } from "node:crypto";

/** A signature is good for so long, either way: as Shopify's own library has it. */
const WINDOW_MS = 90_000;

export type Proxied =
  /** Shopify forwards what a shopper of this shop's storefront sent. */
  { outcome: "signed"; shop: string } | { outcome: "forged"; why: string };

/** The one shop a query claims to come from; undefined when it names none, or several. */
export function shopIn(query: URLSearchParams): string | undefined {
  const [shop, ...others] = query.getAll("shop");
  return others.length === 0 ? shop : undefined;
}

/**
 * Whether Shopify's app proxy signed this query, lately. It signs the query and not the body, which
 * only it can have forwarded; the shopper is not told by it, so whoever asks is known by the cart.
 * https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies
 */
export function verifyProxy(
  query: URLSearchParams,
  secrets: readonly string[],
  now: number,
): Proxied {
  for (const name of ["shop", "timestamp", "signature"]) {
    if (query.getAll(name).length !== 1) return { outcome: "forged", why: `not one ${name}` };
  }
  const given = Buffer.from(query.get("signature") ?? "", "hex");
  const good = secrets.filter(Boolean).some((secret) => {
    const wanted = digest(secret, query);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
  if (!good) return { outcome: "forged", why: "the signature does not match the query" };
  const at = Number(query.get("timestamp")) * 1_000;
  if (!(Math.abs(now - at) <= WINDOW_MS)) return { outcome: "forged", why: "signed too long ago" };
  return { outcome: "signed", shop: query.get("shop") ?? "" };
}

/** The query with Shopify's signature on it: for the sandbox, and for tests. */
export function signProxy(secret: string, query: URLSearchParams): URLSearchParams {
  const signed = new URLSearchParams(query);
  signed.set("signature", digest(secret, query).toString("hex"));
  return signed;
}

/** Over "key=value" of all but the signature, sorted, joined without anything between them. */
function digest(secret: string, query: URLSearchParams): Buffer {
  const names = [...new Set(query.keys())].filter((name) => name !== "signature");
  const text = names.map((name) => `${name}=${query.getAll(name).join(",")}`).sort();
  return createHmac("sha256", secret).update(text.join("")).digest();
}
