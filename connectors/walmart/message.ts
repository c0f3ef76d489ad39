import { createHash } from "node:crypto";
import { z } from "zod";
import type { Message } from "../connector.ts";
import { type KeptOrder, keptOrderSchema } from "./order.ts";
import { type KeptReturn, keptReturnSchema } from "./return.ts";

/** What a stored message of Walmart's says. */
export const keptSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("order"), order: keptOrderSchema }),
  z.object({ kind: z.literal("return"), back: keptReturnSchema }),
  /** Something happened to an order or a return; what, has to be asked for. */
  z.object({ kind: z.literal("look"), at: z.array(z.string()).min(1) }),
]);

export type Kept = z.infer<typeof keptSchema>;

const RETURN = "return/";

/** How a hint names a return among orders. */
export const returnHint = (id: string) => RETURN + id;

/** The return that a hint names, or null when it names an order. */
export const returnIn = (hint: string) =>
  hint.startsWith(RETURN) ? hint.slice(RETURN.length) : null;

export const orderMessage = (order: KeptOrder): Message =>
  asked("ORDER", order.id, { kind: "order", order });

export const returnMessage = (back: KeptReturn): Message =>
  asked("RETURN", back.id, { kind: "return", back });

/** Named by what it says, so that asking again for what has not changed stores nothing. */
function asked(topic: string, id: string, payload: Kept): Message {
  const digest = createHash("sha256").update(JSON.stringify(payload)).digest("hex");
  const externalId = `${topic.toLowerCase()}/${id}/${digest.slice(0, 24)}`;
  return { externalId, topic: `${topic}_ASKED`, payload };
}
