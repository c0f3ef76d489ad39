import type { OrderLine } from "../inventory/order-line.ts";
import { Prisma, type Queryable } from "./client.ts";

/** Units that a line `o` still claims: as `committedBy` of inventory/order-line.ts. */
export const CLAIMED = Prisma.sql`greatest(0,
  o.ordered - o.cancelled - greatest(0, o.shipped - o.unshipped))`;

const COUNTERS = { ordered: true, cancelled: true, shipped: true, unshipped: true } as const;

/**
 * What the record knows of these items in one order, by item. A line nothing was heard of is
 * absent. The ledger forgets an order after some days; this is where it is remembered.
 */
export async function knownLines(
  db: Queryable,
  shop: string,
  line: { connection: string; order: string; items: readonly string[] },
): Promise<Map<string, OrderLine>> {
  const rows = await db.orderLine.findMany({
    where: {
      shopId: shop,
      connectionId: line.connection,
      orderId: line.order,
      itemId: { in: [...line.items] },
    },
    select: { itemId: true, ...COUNTERS },
  });
  return new Map(rows.map(({ itemId, ...known }) => [itemId, known]));
}

/** Names a line among those of several orders. */
export function lineKey(order: string, item: string): string {
  return JSON.stringify([order, item]);
}

/** What the record knows of all items in several orders of a connection, by `lineKey`. */
export async function linesOfOrders(
  db: Queryable,
  shop: string,
  connection: string,
  orders: readonly string[],
): Promise<Map<string, OrderLine>> {
  const rows = await db.orderLine.findMany({
    where: { shopId: shop, connectionId: connection, orderId: { in: [...new Set(orders)] } },
    select: { orderId: true, itemId: true, ...COUNTERS },
  });
  return new Map(rows.map(({ orderId, itemId, ...known }) => [lineKey(orderId, itemId), known]));
}
