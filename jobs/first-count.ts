import type { Command } from "../ledger/contract.ts";

/** How many units of an item there are on the day its merchant begins. */
export interface FirstCount {
  shop: string;
  item: string;
  location: string;
  units: number;
  actor: string;
  reason: string;
  connection?: string;
}

/**
 * The receipt of an item's first count. It is one fact of the item, whoever tells it: counted again,
 * the ledger answers as it did, and nothing moves.
 */
export function firstCount({ units, item, connection, ...count }: FirstCount): Command {
  return {
    ...{ ...count, item, type: "receive", quantity: units },
    activity: `first-count/${item}`,
    ...(connection === undefined ? {} : { connection }),
  };
}
