import type { OrderActivity } from "../inventory/activity.ts";
import type { OrderFact } from "../inventory/order-line.ts";

/** What is known of one listing in one order: units, cumulative, by fact. */
export interface LineFacts extends Record<OrderFact, number> {
  listing: string;
  sku: string;
  /** The cart the order came from, where that is known. */
  cart?: string | undefined;
}

const FACTS: readonly OrderFact[] = ["sell", "cancel", "ship"];

/** The line as activities, one for each fact that has any units. `at`: moments as ISO 8601. */
export function lineActivities(
  order: string,
  line: LineFacts,
  at: Readonly<Record<OrderFact, string>>,
): OrderActivity[] {
  const { listing, sku, cart } = line;
  return FACTS.filter((fact) => line[fact] > 0).map((fact) => {
    const told = { fact, order, listing, sku, quantity: line[fact], at: Date.parse(at[fact]) };
    return cart === undefined ? told : { ...told, cart };
  });
}
