import type { OrderActivity } from "../inventory/activity.ts";
import type { OrderFact } from "../inventory/order-line.ts";

/** What is known of one listing in one order: units, cumulative, by fact. */
export interface LineFacts extends Record<Exclude<OrderFact, "unship">, number> {
  /** Absent at a marketplace that does not tell of shipments that were taken back. */
  unship?: number;
  listing: string;
  sku: string;
  /** The cart the order came from, where that is known. */
  cart?: string | undefined;
}

const FACTS: readonly OrderFact[] = ["sell", "cancel", "ship", "unship"];

/** The line as activities, one for each fact that has any units. `at`: moments as ISO 8601. */
export function lineActivities(
  order: string,
  line: LineFacts,
  at: Readonly<Record<Exclude<OrderFact, "unship">, string> & { unship?: string }>,
): OrderActivity[] {
  const { listing, sku, cart } = line;
  return FACTS.flatMap((fact) => {
    const quantity = line[fact] ?? 0;
    if (quantity === 0) return [];
    const told = { fact, order, listing, sku, quantity, at: Date.parse(at[fact] ?? at.ship) };
    return [cart === undefined ? told : { ...told, cart }];
  });
}
