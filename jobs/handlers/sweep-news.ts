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
): Promise<Message[]> {
  const told = messages.map((message) => activitiesOf(connector, message));
  const all = told.flatMap((activities) => activities ?? []);
  if (all.length === 0) return [...messages];
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
  return messages.filter((_, index) => {
    const activities = told[index];
    return !activities || isNews(activities, translation);
  });
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
