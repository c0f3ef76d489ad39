import { type OrderActivity, orderActivityId } from "../../inventory/activity.ts";
import { exhaustive } from "../../inventory/assert.ts";
import type { OrderFact, OrderLine } from "../../inventory/order-line.ts";
import { cartHold } from "../../ledger/carts.ts";
import type { Command } from "../../ledger/contract.ts";
import type { Match } from "../../prisma/matches.ts";

/** What turns a marketplace's words into commands: its connection, and what the record knows. */
export interface Translation {
  shop: string;
  channel: string;
  connection: string;
  /** What a sale takes, by listing. */
  matches: ReadonlyMap<string, Match>;
  /** Codes of the shop's locations, the one that ships first for this channel in front. */
  locations: readonly string[];
  /** What the record knows of an item in an order, if anything. */
  known(order: string, item: string): OrderLine | undefined;
}

export interface Commands {
  commands: Command[];
  /** Why some of the message cannot be applied, each once. */
  problems: string[];
}

/** One fact about one item of one order, told by any number of its listings. */
interface Told {
  order: string;
  item: string;
  fact: OrderFact;
  /** What was told of each listing, and the units of the item that one sale of it takes. */
  parts: { activity: OrderActivity; units: number }[];
}

/** A fact's cumulative units, and where the units up to there left from, as far as it was said. */
interface Step {
  quantity: number;
  at: number;
  location: string | undefined;
}

/**
 * Commands for the ledger, which counts an order by item where a marketplace counts by listing: a
 * pack takes several units, a kit takes units of several items, and two listings of one item in one
 * order add up. Each command is named
 * by its business fact, so that another message with the same fact changes nothing. Pure.
 */
export function commandsOf(activities: readonly OrderActivity[], by: Translation): Commands {
  const problems = new Set<string>();
  const told = new Map<string, Told>();
  for (const activity of activities) {
    const match = by.matches.get(activity.listing);
    if (!match) {
      problems.add(`no item is matched to SKU ${activity.sku}`);
      continue;
    }
    const { order, fact } = activity;
    for (const { item, units } of match.parts) {
      const key = JSON.stringify([order, item, fact]);
      const entry = told.get(key) ?? { order, item, fact, parts: [] };
      entry.parts.push({ activity, units });
      told.set(key, entry);
    }
  }
  const commands = [...told.values()].flatMap((one) =>
    stepsOf(one).flatMap((step) => commandOf(one, step, by, problems)),
  );
  return { commands, problems: [...problems] };
}

/**
 * How a fact's units grew in time. Steps at one location are one step: only shipments from several
 * locations leave more than one.
 */
function stepsOf(told: Told): Step[] {
  const reached = new Map<string, number>();
  const steps: Step[] = [];
  for (const part of told.parts.toSorted((a, b) => a.activity.at - b.activity.at)) {
    const { listing, location, at, quantity: sales } = part.activity;
    reached.set(listing, Math.max(reached.get(listing) ?? 0, sales * part.units));
    const quantity = [...reached.values()].reduce((sum, one) => sum + one, 0);
    if (steps.at(-1)?.location === location) steps.pop();
    steps.push({ quantity, at, location });
  }
  return steps;
}

/** The hold that a sale ends, where the order says which cart it came from. */
function cartOf(item: string, parts: Told["parts"]): { hold?: string } {
  const cart = parts.find(({ activity }) => activity.cart !== undefined)?.activity.cart;
  return cart === undefined ? {} : { hold: cartHold(cart, item) };
}

function commandOf(
  { order, item, fact, parts }: Told,
  { quantity, at, location }: Step,
  by: Translation,
  problems: Set<string>,
): Command[] {
  const known = by.known(order, item);
  const command = {
    shop: by.shop,
    item,
    activity: orderActivityId(by.connection, order, item, fact, quantity),
    occurredAt: at,
    channel: by.channel,
    connection: by.connection,
    actor: by.channel,
    order,
    quantity,
    ...(known ? { known } : {}),
  };
  switch (fact) {
    case "sell":
      return [{ ...command, type: fact, ...cartOf(item, parts) }];
    case "cancel":
      return [{ ...command, type: fact }];
    case "ship":
    case "unship": {
      const from = location ?? by.locations[0];
      if (from !== undefined && by.locations.includes(from)) {
        return [{ ...command, type: fact, location: from }];
      }
      problems.add(location ? `no location has the code ${location}` : "the shop has no location");
      return [];
    }
    default:
      return exhaustive(fact);
  }
}
