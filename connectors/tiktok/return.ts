import { z } from "zod";
import { tiktokId } from "./read-json.ts";

const moment = z.number().int().min(0);

export const keptReturnSchema = z.object({
  id: z.string(),
  order: z.string(),
  stage: z.enum(["announced", "arrived", "closed"]),
  updatedAt: moment,
  lines: z.array(
    z.object({ listing: z.string(), sku: z.string(), quantity: z.number().int().min(1) }),
  ),
});

export type KeptReturn = z.infer<typeof keptReturnSchema>;

/** Return and Refund API 202309. A line is one unit, as in orders. */
export const apiReturnSchema = z.object({
  return_id: tiktokId,
  order_id: tiktokId,
  return_type: z.string().nullish(),
  return_status: z.string(),
  create_time: moment.nullish(),
  update_time: moment.nullish(),
  return_line_items: z
    .array(z.object({ sku_id: tiktokId.nullish(), seller_sku: z.string().nullish() }))
    .nullish(),
});

export type ApiReturn = z.infer<typeof apiReturnSchema>;

/** Money goes back and the goods do not. */
export const MONEY_ONLY = "REFUND";

/**
 * TikTok knows no "received": it says complete once the money went back, which for goods that had
 * to be sent is when they are here, or refused at the door. A status nobody knows is announced,
 * because that moves nothing and a person looks at it.
 */
const STAGES: Record<string, KeptReturn["stage"]> = {
  RETURN_OR_REFUND_REQUEST_SUCCESS: "arrived",
  RETURN_OR_REFUND_REQUEST_COMPLETE: "arrived",
  REJECT_RECEIVE_PACKAGE: "arrived",
  RETURN_OR_REFUND_REQUEST_CANCEL: "closed",
  REFUND_OR_RETURN_REQUEST_REJECT: "closed",
  REPLACEMENT_REQUEST_CANCEL: "closed",
  REPLACEMENT_REQUEST_REJECT: "closed",
  REPLACEMENT_REQUEST_REFUND_SUCCESS: "closed",
  REPLACEMENT_REQUEST_COMPLETE: "closed",
};

/** Keeps what the product needs; null where nothing comes back. */
export function keepReturn(back: ApiReturn): KeptReturn | null {
  if (back.return_type === MONEY_ONLY) return null;
  const lines = new Map<string, KeptReturn["lines"][number]>();
  for (const { sku_id, seller_sku } of back.return_line_items ?? []) {
    const listing = sku_id ?? "";
    const line = lines.get(listing) ?? { listing, sku: seller_sku ?? "", quantity: 0 };
    line.quantity += 1;
    lines.set(listing, line);
  }
  return {
    id: back.return_id,
    order: back.order_id,
    stage: STAGES[back.return_status] ?? "announced",
    updatedAt: (back.update_time ?? back.create_time ?? 0) * 1_000,
    lines: [...lines.values()],
  };
}
