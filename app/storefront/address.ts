import { createHmac } from "node:crypto";
import type { Keyring } from "../../prisma/sealed.ts";

/**
 * A shopper's network address as Shopify's app proxy tells it, or undefined where it tells none.
 * Whoever forwards writes the address he was called from at the end of X-Forwarded-For, so that
 * what a shopper wrote there himself stands in front of it and is never believed. `ours` are the
 * proxies that we run ourselves, between Shopify and this process.
 */
export function shopperAddress(forwarded: string | undefined, ours: number): string | undefined {
  const hops = (forwarded ?? "").split(",").map((hop) => hop.trim());
  const told = hops.at(-1 - ours);
  return told === "" ? undefined : told;
}

/** An IPv6 shopper has a whole network of addresses: they count as one. */
function network(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail ? tail.split(":") : [];
  const zeros =
    tail === undefined ? [] : Array(Math.max(0, 8 - groups.length - rest.length)).fill("0");
  return [...groups, ...zeros, ...rest].slice(0, 4).join(":");
}

/** What is kept of an address: a digest that nobody without our key can look up. */
export function addressDigest({ keys: [first] }: Keyring, shop: string, address: string): string {
  if (!first) throw new Error("no sealing key");
  const text = `address/${shop}/${network(address)}`;
  return createHmac("sha256", first.key).update(text).digest("base64url").slice(0, 22);
}
