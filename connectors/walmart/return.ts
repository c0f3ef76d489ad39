import { z } from "zod";
import { isWalmartFulfilled } from "./order.ts";
import { id, listOf, moment, units } from "./quantity.ts";

/** What the product keeps of a return: ids, units, and how far it has come. */
export const keptReturnSchema = z.object({
  id: z.string(),
  lines: z.array(
    z.object({
      order: z.string(),
      sku: z.string(),
      quantity: z.number().int().min(0),
      stage: z.enum(["announced", "arrived", "closed"]),
      at: z.number(),
    }),
  ),
});

export type KeptReturn = z.infer<typeof keptReturnSchema>;

type Stage = KeptReturn["lines"][number]["stage"];

const eventSchema = z.object({ eventTag: z.string().nullish(), status: z.string().nullish() });

const returnLineSchema = z.object({
  purchaseOrderId: id,
  item: z.object({ sku: z.string() }),
  quantity: z.object({ measurementValue: units }).nullish(),
  status: z.string().nullish(),
  statusTime: moment.nullish(),
  currentDeliveryStatus: z.string().nullish(),
  returnTrackingDetail: listOf(eventSchema).nullish(),
  currentTrackingStatuses: listOf(eventSchema).nullish(),
  isWFSEnabled: z.string().nullish(),
  shipNodeType: z.string().nullish(),
});

type ReturnLine = z.infer<typeof returnLineSchema>;

/** GET /v3/returns: https://developer.walmart.com/doc/us/mp/us-mp-returns/ */
export const apiReturnSchema = z.object({
  returnOrderId: id,
  returnOrderDate: moment.nullish(),
  returnOrderLines: listOf(returnLineSchema),
});

export type ApiReturn = z.infer<typeof apiReturnSchema>;

/** Keeps what comes back to the merchant; null when all of it goes to Walmart's warehouse. */
export function keepApiReturn(back: ApiReturn): KeptReturn | null {
  const own = back.returnOrderLines.filter(
    (line) => line.isWFSEnabled !== "Y" && !isWalmartFulfilled(line.shipNodeType),
  );
  if (own.length === 0) return null;
  return {
    id: back.returnOrderId,
    lines: own.map((line) => ({
      order: line.purchaseOrderId,
      sku: line.item.sku,
      quantity: line.quantity?.measurementValue ?? 1,
      stage: stageOf(line),
      at: line.statusTime ?? back.returnOrderDate ?? 0,
    })),
  };
}

/**
 * "COMPLETED" speaks of the money: a refund may be paid while the goods are still on their way, and
 * may be paid for goods that never come. So the signs of delivery and of cancellation come first.
 */
function stageOf(line: ReturnLine): Stage {
  const events = [...(line.returnTrackingDetail ?? []), ...(line.currentTrackingStatuses ?? [])];
  const signs = [line.status, line.currentDeliveryStatus]
    .concat(events.flatMap(({ eventTag, status }) => [eventTag, status]))
    .map((sign) => sign?.toUpperCase() ?? "");
  if (signs.some((sign) => sign.includes("CANCEL"))) return "closed";
  if (signs.some((sign) => sign.startsWith("DELIVERED"))) return "arrived";
  const onItsWay = signs.some((sign) => /IN_?TRANSIT/.test(sign));
  return line.status?.toUpperCase() === "COMPLETED" && !onItsWay ? "closed" : "announced";
}
