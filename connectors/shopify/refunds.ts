import { z } from "zod";
import type { CallFailure } from "../connector.ts";
import type { Answered } from "../http.ts";
import type { ShopifyClient } from "./client.ts";
import { REFUND_LINES, REFUNDS } from "./documents.ts";
import { nextCursor, pageInfoSchema } from "./listings.ts";
import { isUnrestocked } from "./order.ts";
import { vanished } from "./returns.ts";

const refundsSchema = z.object({
  order: z.object({ refunds: z.array(z.object({ id: z.string() })) }).nullable(),
});

const refundLinesSchema = z.object({
  refund: z
    .object({
      refundLineItems: z.object({
        nodes: z.array(
          z.object({
            quantity: z.number().int(),
            restockType: z.string(),
            lineItem: z.object({ id: z.string() }),
          }),
        ),
        pageInfo: pageInfoSchema,
      }),
    })
    .nullable(),
});

/** Units of each line that were refunded and do not go back on the shelf. */
export async function unrestockedUnits(
  client: ShopifyClient,
  order: string,
): Promise<Answered<Map<string, number>>> {
  const units = new Map<string, number>();
  const answer = await client.query(refundsSchema, REFUNDS, { order });
  if (answer.outcome !== "answered") return answer;
  if (!answer.data.order) return vanished(order);
  for (const refund of answer.data.order.refunds) {
    const failure = await addRefund(client, refund.id, units);
    if (failure) return failure;
  }
  return { outcome: "answered", data: units };
}

async function addRefund(
  client: ShopifyClient,
  refund: string,
  units: Map<string, number>,
): Promise<CallFailure | null> {
  let after: string | null = null;
  do {
    const answer: Answered<z.infer<typeof refundLinesSchema>> = await client.query(
      refundLinesSchema,
      REFUND_LINES,
      { refund, after },
    );
    if (answer.outcome !== "answered") return answer;
    if (!answer.data.refund) return vanished(refund);
    const { nodes, pageInfo } = answer.data.refund.refundLineItems;
    for (const { lineItem, quantity, restockType } of nodes) {
      if (!isUnrestocked(restockType)) continue;
      units.set(lineItem.id, (units.get(lineItem.id) ?? 0) + quantity);
    }
    after = nextCursor(pageInfo);
  } while (after !== null);
  return null;
}
