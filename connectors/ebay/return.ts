import { z } from "zod";
import { timestamp } from "../timestamp.ts";

export const RETURN_TOPIC = "return/swept";

/** What the product keeps of a return: its activity, without the word for it. */
export const keptReturnSchema = z.object({
  id: z.string(),
  order: z.string(),
  listing: z.string(),
  sku: z.string(),
  quantity: z.number().int().min(1),
  stage: z.enum(["announced", "arrived", "closed"]),
  at: z.number().int(),
});

export type KeptReturn = z.infer<typeof keptReturnSchema>;

const dateSchema = z.object({ value: timestamp });

/** https://developer.ebay.com/Devzone/post-order/types/ReturnSummaryType.html */
export const apiReturnSchema = z.object({
  returnId: z.coerce.string(),
  orderId: z.string().optional(),
  state: z.string().optional(),
  creationInfo: z.object({
    item: z.object({
      itemId: z.coerce.string(),
      transactionId: z.coerce.string(),
      returnQuantity: z.number().int().min(1).default(1),
    }),
    creationDate: dateSchema,
  }),
});

export type ApiReturn = z.infer<typeof apiReturnSchema>;

const ARRIVED = new Set(["ITEM_DELIVERED"]);
const CLOSED = new Set(["CLOSED", "RETURN_REJECTED"]);

/** Every state in between, known or not, is one in which the goods may still come. */
export function stageOf(state: string | undefined): KeptReturn["stage"] {
  if (ARRIVED.has(state ?? "")) return "arrived";
  return CLOSED.has(state ?? "") ? "closed" : "announced";
}
