import { BlockList, isIP } from "node:net";
import { addressesOf } from "./look-up.ts";

/*
 * A merchant may have us call an address of his choosing, and that must never reach what only we
 * can reach: our own machine, our network, the cloud's metadata service.
 */

/** Ranges nobody outside can be reached in, after IANA's special-purpose registries. */
const PRIVATE_V4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"],
  ...["172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"],
  ...["198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
];
/** What is global unicast in IPv6, and the parts of it that lead elsewhere or nowhere. */
const GLOBAL_V6 = ["2000::/3"];
const PRIVATE_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];
const LOOPBACK = blockList(["127.0.0.0/8"], ["::1/128"]);

const refused = blockList(PRIVATE_V4, PRIVATE_V6);
const global = blockList([], GLOBAL_V6);

/** Whether an IP address is one that anybody can reach. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, "ipv4");
    case 6:
      // IPv4 in disguise (mapped, translated) is not global unicast, and so not public here.
      return global.check(address, "ipv6") && !refused.check(address, "ipv6");
    default:
      return false;
  }
}

export interface AddressPolicy {
  /** For tests and demos: this machine itself may be called, also without TLS. */
  allowLoopback?: boolean;
  /** Every address of a host name. */
  resolve?(host: string): Promise<string[]>;
}

export type PublicAddress =
  /** Connect to `address` and to nothing else: the name may mean another one a moment later. */
  | { outcome: "public"; url: URL; address: string; family: 4 | 6 }
  | { outcome: "refused"; why: string }
  /** The name is not known now, which may pass. */
  | { outcome: "unknown-host"; why: string };

/**
 * Looks up where a URL leads and refuses what is not public. Every address of its host has to be,
 * and the answer names the one to connect to.
 */
export async function publicAddress(
  text: string,
  { allowLoopback = false, resolve = (host) => addressesOf(host) }: AddressPolicy = {},
): Promise<PublicAddress> {
  if (!URL.canParse(text)) return no("It is not an address.");
  // The parser has turned decimal, octal and hexadecimal forms into plain ones.
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return no("Leave name and password out of it.");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await resolve(host).catch(() => []) : [host];
  const [address] = addresses;
  if (address === undefined) return { outcome: "unknown-host", why: `${host} is not found.` };
  const local = allowLoopback && addresses.every((one) => isLoopback(one));
  if (url.protocol !== "https:" && !(local && url.protocol === "http:")) {
    return no("It must begin with https://.");
  }
  if (!local && !addresses.every(isPublicAddress)) return no(`${host} is not a public address.`);
  return { outcome: "public", url, address, family: isIP(address) === 6 ? 6 : 4 };
}

function no(why: string): PublicAddress {
  return { outcome: "refused", why };
}

function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function blockList(v4: readonly string[], v6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const [ranges, family] of [[v4, "ipv4"] as const, [v6, "ipv6"] as const]) {
    for (const range of ranges) {
      const [net = "", bits] = range.split("/");
      list.addSubnet(net, Number(bits), family);
    }
  }
  return list;
}
