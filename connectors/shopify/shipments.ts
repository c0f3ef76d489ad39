import { z } from "zod";
import type { CallFailure } from "../connector.ts";
import type { Answered } from "../http.ts";
import type { ShopifyClient } from "./client.ts";
import { SHIPMENT_LINES, SHIPMENTS } from "./documents.ts";
import { nextCursor, pageInfoSchema } from "./listings.ts";
import { isShipment } from "./order.ts";
import { vanished } from "./returns.ts";

const shipmentsSchema = z.object({
  order: z
    .object({ fulfillments: z.array(z.object({ id: z.string(), status: z.string() })) })
    .nullable(),
});

const shipmentLinesSchema = z.object({
  fulfillment: z
    .object({
      fulfillmentLineItems: z.object({
        nodes: z.array(
          z.object({
            quantity: z.number().int().nullable(),
            lineItem: z.object({ id: z.string() }),
          }),
        ),
        pageInfo: pageInfoSchema,
      }),
    })
    .nullable(),
});

/** Units of each line, by whether their shipment happened or was taken back. */
export interface Shipped {
  shipped: Map<string, number>;
  unshipped: Map<string, number>;
}

/** Units shipped of each line. Only orders of which anything was ever shipped cost extra calls. */
export async function shippedUnits(
  client: ShopifyClient,
  order: { id: string; fulfillmentsCount: { count: number } | null },
): Promise<Answered<Shipped>> {
  const units: Shipped = { shipped: new Map(), unshipped: new Map() };
  if (order.fulfillmentsCount?.count === 0) return { outcome: "answered", data: units };
  const answer = await client.query(shipmentsSchema, SHIPMENTS, { order: order.id });
  if (answer.outcome !== "answered") return answer;
  if (!answer.data.order) return vanished(order.id);
  for (const shipment of answer.data.order.fulfillments) {
    const kind = isShipment(shipment.status) ? "shipped" : "unshipped";
    const failure = await addShipment(client, shipment.id, units[kind]);
    if (failure) return failure;
  }
  return { outcome: "answered", data: units };
}

async function addShipment(
  client: ShopifyClient,
  shipment: string,
  units: Map<string, number>,
): Promise<CallFailure | null> {
  let after: string | null = null;
  do {
    const variables = { shipment, after };
    const answer: Answered<z.infer<typeof shipmentLinesSchema>> = await client.query(
      shipmentLinesSchema,
      SHIPMENT_LINES,
      variables,
    );
    if (answer.outcome !== "answered") return answer;
    if (!answer.data.fulfillment) return vanished(shipment);
    const { nodes, pageInfo } = answer.data.fulfillment.fulfillmentLineItems;
    for (const { lineItem, quantity } of nodes) {
      units.set(lineItem.id, (units.get(lineItem.id) ?? 0) + (quantity ?? 0));
    }
    after = nextCursor(pageInfo);
  } while (after !== null);
  return null;
}
