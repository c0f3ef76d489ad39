import type { Queryable } from "./client.ts";
import { noteEvents } from "./webhook-events.ts";

/** Work that is given up, before it has an id. */
export interface NewLetter {
  shop: string;
  kind: "message" | "push" | "webhook";
  subject: string;
  error: string;
}

/**
 * Makes a dead letter, in the transaction that gives the work up, and writes down that it is to be
 * told: a letter nobody hears of is a letter nobody reads.
 */
export async function bury(
  tx: Queryable,
  { shop, kind, subject, error }: NewLetter,
): Promise<void> {
  const letter = await tx.deadLetter.create({ data: { shopId: shop, kind, subject, error } });
  // An address that takes nothing is not told that it takes nothing.
  if (kind === "webhook") return;
  const id = String(letter.id);
  await noteEvents(tx, [
    {
      ...{ shop, event: `evt_letter_${id}`, type: "dead_letter.created", item: null, merged: 0 },
      ...{ subject: `letter/${kind}/${subject}`, at: letter.createdAt.getTime() },
      data: { letter: id, kind, error },
    },
  ]);
}
