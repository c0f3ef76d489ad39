import { createHash } from "node:crypto";
import { z } from "zod";
import type { Message } from "../connector.ts";
import { type KeptOrder, keptOrderSchema } from "./order.ts";
import { type KeptReturn, keptReturnSchema } from "./return.ts";

/** What is stored: a hint at something that has to be asked for, or what was answered. */
export const payloadSchema = z.union([
  z.object({ pointsAt: z.string().min(1) }),
  z.object({ order: keptOrderSchema }),
  z.object({ back: keptReturnSchema }),
]);

const RETURN = "return/";

/** How a hint names a return among orders. */
export const returnHint = (id: string) => `${RETURN}${id}`;

/** The ids of the returns and of the orders among what was pointed at. */
export function splitHints(ids: readonly string[]): { orders: string[]; returns: string[] } {
  const named = ids.filter((id) => id.startsWith(RETURN));
  return {
    orders: ids.filter((id) => !id.startsWith(RETURN)),
    returns: named.map((id) => id.slice(RETURN.length)),
  };
}

/** What a stored message only points at: TikTok's messages carry no SKU. */
export function hintOf(message: Message): string[] {
  const payload = payloadSchema.parse(message.payload);
  return "pointsAt" in payload ? [payload.pointsAt] : [];
}

/** Named by what it says, so that whoever sees the same order again stores nothing. */
export function orderMessage(order: KeptOrder | null): Message[] {
  if (!order) return [];
  const externalId = `order/${order.id}/${digest(order)}`;
  return [{ externalId, topic: "ORDER", payload: { order } }];
}

export function returnMessage(back: KeptReturn | null): Message[] {
  if (!back) return [];
  const externalId = `return/${back.id}/${digest(back)}`;
  return [{ externalId, topic: "RETURN", payload: { back } }];
}

const digest = (what: unknown) =>
  createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 24);
