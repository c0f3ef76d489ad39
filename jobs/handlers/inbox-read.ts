import type { Connector } from "../../connectors/connector.ts";
import {
  isOrderActivity,
  type OrderActivity,
  type ReturnActivity,
} from "../../inventory/activity.ts";
import { shippingOrder } from "../../inventory/location.ts";
import type { Database } from "../../prisma/client.ts";
import { type ConnectionRow, findConnection } from "../../prisma/connections.ts";
import type { MessageRow } from "../../prisma/inbox.ts";
import { listLocations } from "../../prisma/locations.ts";
import { type Match, matchListings } from "../../prisma/matches.ts";
import { knownLines } from "../../prisma/order-lines.ts";
import { recordReturns } from "../../prisma/returns.ts";
import { type CartNews, cartNews } from "./inbox-carts.ts";
import { type Commands, commandsOf } from "./inbox-commands.ts";

export interface ReadDeps {
  db: Database;
  /** The connector of a channel, or undefined for a channel this build does not have. */
  connectorOf(channel: string): Connector | undefined;
}

/** Where a message comes from. */
export interface Source {
  connection: ConnectionRow;
  connector: Connector;
}

/** The sentence says why nobody can read it. */
export async function sourceOf(
  { db, connectorOf }: ReadDeps,
  message: MessageRow,
): Promise<Source | string> {
  const connection = await findConnection(db, message.shop, message.connection);
  if (!connection) return "its connection is gone";
  const connector = connectorOf(connection.channel);
  return connector ? { connection, connector } : `nothing here speaks to ${connection.channel}`;
}

/** Orders a message only points at, or the sentence that says why it cannot be read. */
export function pointedAt({ connector }: Source, message: MessageRow): string[] | string {
  const orders = attempt(() => connector.hint?.(message) ?? []);
  return orders instanceof Error ? unreadable(orders) : orders;
}

const unreadable = (error: Error) => `it cannot be read: ${error.message}`;

/**
 * The message as commands, or the sentence that says why it cannot be read. What it says of
 * returns is noted: they move no stock.
 */
export async function readMessage(
  { db }: Pick<ReadDeps, "db">,
  message: MessageRow,
  { connection, connector }: Source,
): Promise<(Commands & { carts: CartNews }) | string> {
  const { shop } = message;
  const read = attempt(() => connector.translate(message));
  if (read instanceof Error) return unreadable(read);
  const activities = read.filter(isOrderActivity);
  const [matches, locations] = await Promise.all([
    matchListings(db, shop, connection.id, read),
    listLocations(db, shop),
  ]);
  const returns = read.filter((one) => one.fact === "return");
  await recordReturns(
    db,
    shop,
    connection.id,
    returns.map((one) => asReturn(one, matches)),
  );
  const items = [...matches.values()].flatMap((match) => match.parts.map((part) => part.item));
  const known = await linesOf(db, shop, connection.id, activities, items);
  const commands = commandsOf(activities, {
    shop,
    channel: connection.channel,
    connection: connection.id,
    matches,
    locations: shippingOrder(locations, connection.channel, connection.settings.shipsFrom),
    known: (order, item) => known.get(order)?.get(item),
  });
  return { ...commands, carts: cartNews(read, matches) };
}

function asReturn({ fact: _, ...told }: ReturnActivity, matches: ReadonlyMap<string, Match>) {
  // Of a kit it is not known which of its parts comes back.
  const parts = matches.get(told.listing)?.parts ?? [];
  return { ...told, item: parts.length === 1 ? (parts[0]?.item ?? null) : null };
}

/**
 * What the record knows of the orders. Read for every message and not only for old ones: the ledger
 * forgets an order some days after its last change, and a cancellation today may be of an order of
 * last month. A ledger that remembers the order goes by its own memory.
 */
async function linesOf(
  db: Database,
  shop: string,
  connection: string,
  activities: readonly OrderActivity[],
  items: readonly string[],
) {
  const orders = [...new Set(activities.map((activity) => activity.order))];
  const lines = orders.map(async (order) => {
    return [order, await knownLines(db, shop, { connection, order, items })] as const;
  });
  return new Map(await Promise.all(lines));
}

function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
