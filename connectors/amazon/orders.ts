import { createHash } from "node:crypto";
import { z } from "zod";
import type { Account, Message, Sweep } from "../connector.ts";
import type { AmazonClient } from "./client.ts";
import { marketplacesOf } from "./listings.ts";
import { apiOrderSchema, type KeptOrder, keepApiOrder } from "./order.ts";

const foundSchema = z.object({
  orders: z.array(apiOrderSchema),
  pagination: z.object({ nextToken: z.string().nullish() }).nullish(),
  lastUpdatedBefore: z.string().nullish(),
});

/** A page's place: Amazon's token, and the window's end, which all of its pages share. */
const cursorSchema = z.object({ token: z.string(), before: z.number() });

/** Amazon answers nothing younger than two minutes; five seconds more, because clocks differ. */
const YOUNGEST_MS = 125_000;

/**
 * Orders changed since `since`, 100 a page. The sweep is always two minutes behind: `knownTo`
 * says so, and what a notification told in the meantime is not contradicted by it.
 */
export async function ordersSince(
  client: AmazonClient,
  account: Account,
  since: number,
  cursor: string | null,
): Promise<Sweep> {
  const place = cursor ? cursorSchema.parse(JSON.parse(cursor)) : null;
  const before = place?.before ?? client.now() - YOUNGEST_MS;
  if (before <= since) return { outcome: "swept", messages: [], knownTo: before, next: null };
  const answer = await client.run(foundSchema, {
    operation: "orders.searchOrders",
    plan: "searchOrders",
    as: "orders",
    kind: "read",
    query: {
      lastUpdatedAfter: new Date(since).toISOString(),
      lastUpdatedBefore: new Date(before).toISOString(),
      marketplaceIds: marketplacesOf(account),
      maxResultsPerPage: 100,
      includedData: ["CANCELLATION", "FULFILLMENT"],
      ...(place ? { paginationToken: place.token } : {}),
    },
  });
  if (answer.outcome !== "answered") return answer;
  const { orders = [], pagination, lastUpdatedBefore } = answer.data ?? {};
  const token = pagination?.nextToken;
  return {
    outcome: "swept",
    messages: orders.flatMap((order) => messageOf(keepApiOrder(order))),
    knownTo: lastUpdatedBefore ? Date.parse(lastUpdatedBefore) : before,
    next: token ? JSON.stringify({ token, before }) : null,
  };
}

/** Named by what it says, so that a sweep that sees the same order again stores nothing. */
function messageOf(order: KeptOrder | null): Message[] {
  if (!order) return [];
  const digest = createHash("sha256").update(JSON.stringify(order)).digest("hex");
  const externalId = `sweep/${order.id}/${digest.slice(0, 24)}`;
  return [{ externalId, topic: "ORDER_SWEPT", payload: order }];
}
