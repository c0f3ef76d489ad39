import { assert } from "../inventory/assert.ts";
import { DEFAULT_PARTITIONS, DEFAULT_PREFIX, type LedgerOptions } from "./options.ts";

/**
 * The one place that names the ledger's keys (ledger/script/ builds the same ones from `partition`).
 *
 * All keys of a partition share a hash tag, so that a script touches one slot of a Redis Cluster.
 * A shop's id contains no "/" and is always first, so no two tenants can meet in one key.
 */
export class Keys {
  readonly partitions: number;
  readonly prefix: string;

  constructor(options: Pick<LedgerOptions, "partitions" | "prefix">) {
    this.partitions = options.partitions ?? DEFAULT_PARTITIONS;
    this.prefix = options.prefix ?? DEFAULT_PREFIX;
    assert(this.partitions >= 1, "there is at least one partition");
  }

  all(): number[] {
    return Array.from({ length: this.partitions }, (_, partition) => partition);
  }

  /** First part of all keys of a partition; what the script is given. */
  partition(partition: number): string {
    return `${this.prefix}:{p${partition}}`;
  }

  /** Hash: the epoch it was verified on, and the number of its last movement. */
  meta(partition: number): string {
    return `${this.partition(partition)}:meta`;
  }

  /** Stream of its events, each under the number of its movement. */
  events(partition: number): string {
    return `${this.partition(partition)}:events`;
  }

  /** Sorted set of notes of its holds, by when they are due: ledger/script/holds.lua. */
  due(partition: number): string {
    return `${this.partition(partition)}:due`;
  }

  /** List of remembered activities, oldest first: since when, and the answer's key. */
  kept(partition: number): string {
    return `${this.partition(partition)}:kept`;
  }

  /** Who recovers the partition at the moment. */
  lock(partition: number): string {
    return `${this.partition(partition)}:lock`;
  }

  /** Which process reads the partition's events for a group. */
  lease(partition: number, group: string): string {
    return `${this.partition(partition)}:lease:${group}`;
  }

  /** First part of all keys that belong to an item. */
  home(shop: string, item: string): string {
    return this.partition(this.of(shop, item));
  }

  item(shop: string, item: string): string {
    return `${this.home(shop, item)}:item:${shop}/${item}`;
  }

  /** A basket is named in the partition its own id falls into; its items may live in others. */
  basket(shop: string, basket: string): string {
    return `${this.home(shop, basket)}:basket:${shop}/${basket}`;
  }

  /** A cart as a whole, with a hash tag of its own like a basket's. */
  cart(shop: string, cart: string): string {
    return `${this.prefix}:cart:{${shop}/${cart}}`;
  }

  /** Carts that hold from one address, by when they end. */
  address(shop: string, address: string): string {
    return `${this.prefix}:address:{${shop}/${address}}`;
  }

  /** The partition an item lives in, for ever: FNV-1a of "shop/item". */
  of(shop: string, item: string): number {
    return fnv1a(`${shop}/${item}`) % this.partitions;
  }
}

/** The FNV-1a hash of a text's UTF-16 code units, as an unsigned 32-bit number. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Name of an order's line of one item, unique within a partition, behind ":line:". */
export function lineName(shop: string, connection: string, order: string, item: string): string {
  // Order ids of marketplaces contain slashes (gid://shopify/Order/1); the item is last, as it is.
  return `${shop}/${encodeURIComponent(connection)}/${encodeURIComponent(order)}/${item}`;
}
