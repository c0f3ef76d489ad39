import { isDeepStrictEqual } from "node:util";
import type { Connector, Message } from "../../connectors/connector.ts";
import { isOrderActivity, type OrderActivity } from "../../inventory/activity.ts";
import { shippingOrder } from "../../inventory/location.ts";
import { joinLine, UNKNOWN_LINE } from "../../inventory/order-line.ts";
import type { Database } from "../../prisma/client.ts";
import type { ConnectionRow } from "../../prisma/connections.ts";
import { listLocations } from "../../prisma/locations.ts";
import { matchListings } from "../../prisma/matches.ts";
import { lineKey, linesOfOrders } from "../../prisma/order-lines.ts";
import { commandsOf, type Translation } from "./inbox-commands.ts";

export interface News {
  messages: Message[];
  /** Orders, old enough for their own message to have come, that nobody had told of. */
  missed: number;
}

/** An order's own message is this late at most while all is well. */
const LATE_MS = 2 * 60_000;

/**
 * Those of a sweep's messages that tell something the record does not know. A sweep overlaps the
 * one before it and what webhooks told, so most of it is heard for the second time: it need not be
 * stored and applied only to find that it changes nothing. When in doubt, it is news.
 */
export async function newsOf(
  db: Database,
  connector: Connector,
  { shop, id, channel }: ConnectionRow,
  messages: readonly Message[],
  now: number,
): Promise<News> {
  const told = messages.map((message) => activitiesOf(connector, message));
  const all = told.flatMap((activities) => activities ?? []);
  if (all.length === 0) return { messages: [...messages], missed: 0 };
  const orders = all.map((activity) => activity.order);
  const [matches, lines, locations] = await Promise.all([
    matchListings(db, shop, id, all),
    linesOfOrders(db, shop, id, orders),
    listLocations(db, shop),
  ]);
  const translation: Translation = {
    shop,
    channel,
    connection: id,
    matches,
    locations: shippingOrder(locations, channel),
    known: (order, item) => lines.get(lineKey(order, item)),
  };
  const news = messages.filter((_, index) => {
    const activities = told[index];
    return !activities || isNews(activities, translation);
  });
  return { messages: news, missed: missedOrders(all, translation, now - LATE_MS) };
}

function missedOrders(
  activities: readonly OrderActivity[],
  translation: Translation,
  before: number,
): number {
  const sold = commandsOf(activities, translation).commands.flatMap((command) => {
    const { occurredAt = before } = command;
    if (command.type !== "sell" || command.known || occurredAt >= before) return [];
    return [command.order];
  });
  return new Set(sold).size;
}

/** A message that cannot be read is for the inbox to complain about. */
function activitiesOf(connector: Connector, message: Message): OrderActivity[] | null {
  try {
    return connector.translate(message).filter(isOrderActivity);
  } catch {
    return null;
  }
}

/** A fact is known when joining it to the line changes nothing: inventory/order-line.ts. */
function isNews(activities: readonly OrderActivity[], translation: Translation): boolean {
  const { commands, problems } = commandsOf(activities, translation);
  if (problems.length > 0) return true;
  return commands.some((command) => {
    switch (command.type) {
      case "sell":
      case "cancel":
      case "ship":
      case "unship": {
        const line = translation.known(command.order, command.item) ?? UNKNOWN_LINE;
        return !isDeepStrictEqual(joinLine(line, command.type, command.quantity), line);
      }
      default:
        return true;
    }
  });
}
