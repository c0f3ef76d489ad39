import { z } from "zod";
import type { CallFailure } from "../connector.ts";
import type { Answered } from "../http.ts";
import { timestamp } from "../timestamp.ts";
import type { ShopifyClient } from "./client.ts";
import { RETURN_LINES_AFTER, RETURNS } from "./documents.ts";
import type { KeptReturn } from "./kept-return.ts";
import { nextCursor, pageInfoSchema } from "./listings.ts";

const linesSchema = z.object({
  nodes: z.array(
    z.object({
      quantity: z.number().int(),
      processedQuantity: z.number().int(),
      /** Missing for a line that no shipment of ours was in. */
      fulfillmentLineItem: z
        .object({
          lineItem: z.object({
            sku: z.string().nullable(),
            variant: z.object({ legacyResourceId: z.coerce.string() }).nullable(),
          }),
        })
        .nullish(),
    }),
  ),
  pageInfo: pageInfoSchema,
});

const returnSchema = z.object({
  id: z.string(),
  status: z.string(),
  createdAt: timestamp,
  closedAt: timestamp.nullable(),
  returnLineItems: linesSchema,
});

const returnsSchema = z.object({
  order: z
    .object({ returns: z.object({ nodes: z.array(returnSchema), pageInfo: pageInfoSchema }) })
    .nullable(),
});

const moreLinesSchema = z.object({ return: z.object({ returnLineItems: linesSchema }).nullable() });

type Return = z.infer<typeof returnSchema>;
type Line = z.infer<typeof linesSchema>["nodes"][number];

/** An order's returns. Only orders that have any cost the extra calls. */
export async function returnsOf(
  client: ShopifyClient,
  order: { id: string; legacyResourceId: string },
): Promise<Answered<KeptReturn[]>> {
  const kept: KeptReturn[] = [];
  let after: string | null = null;
  do {
    const variables = { order: order.id, after };
    const answer: Answered<z.infer<typeof returnsSchema>> = await client.query(
      returnsSchema,
      RETURNS,
      variables,
    );
    if (answer.outcome !== "answered") return answer;
    if (!answer.data.order) return vanished(order.id);
    const { nodes, pageInfo } = answer.data.order.returns;
    for (const one of nodes) {
      const lines = await allLines(client, one);
      if (lines.outcome !== "answered") return lines;
      kept.push(keepReturn(order.legacyResourceId, one, lines.data));
    }
    after = nextCursor(pageInfo);
  } while (after !== null);
  return { outcome: "answered", data: kept };
}

function keepReturn(order: string, one: Return, lines: Line[]): KeptReturn {
  return {
    return: one.id.split("/").at(-1) ?? one.id,
    order,
    status: one.status,
    at: one.closedAt ?? one.createdAt,
    lines: lines.flatMap(({ quantity, processedQuantity, fulfillmentLineItem }) => {
      if (!fulfillmentLineItem) return [];
      const { sku, variant } = fulfillmentLineItem.lineItem;
      return [
        {
          variant: variant?.legacyResourceId ?? null,
          sku: sku ?? "",
          quantity,
          processed: processedQuantity,
        },
      ];
    }),
  };
}

async function allLines(client: ShopifyClient, one: Return): Promise<Answered<Line[]>> {
  const lines = [...one.returnLineItems.nodes];
  let after = nextCursor(one.returnLineItems.pageInfo);
  while (after !== null) {
    const variables = { return: one.id, after };
    const answer = await client.query(moreLinesSchema, RETURN_LINES_AFTER, variables);
    if (answer.outcome !== "answered") return answer;
    if (!answer.data.return) return vanished(one.id);
    lines.push(...answer.data.return.returnLineItems.nodes);
    after = nextCursor(answer.data.return.returnLineItems.pageInfo);
  }
  return { outcome: "answered", data: lines };
}

export const vanished = (id: string): CallFailure => ({
  outcome: "unavailable",
  why: `${id} went away while it was read`,
});
