import { z } from "zod";
import { assert } from "../../inventory/assert.ts";
import type { PushLine, PushResult } from "../connector.ts";
import type { EbayClient } from "./client.ts";
import { NODES_PER_CALL } from "./limits.ts";
import { many, refusalOf } from "./trading.ts";

const revisedSchema = z.object({
  InventoryStatus: many(z.object({ ItemID: z.string(), SKU: z.string().optional() })),
});

/**
 * Sets listings of the older world, up to four. Of a call that went well in part eBay names the
 * listings it revised, but not reliably which of the others had which error: they are sent again
 * alone, and then the error is theirs.
 */
export async function reviseStatus(
  client: EbayClient,
  lines: readonly PushLine[],
): Promise<PushResult[]> {
  assert(lines.length <= NODES_PER_CALL, "a revision carries four listings at most");
  const answer = await client.trading("write", "ReviseInventoryStatus", {
    InventoryStatus: lines.map(nodeOf),
  });
  if (answer.outcome !== "answered") return lines.map(() => answer);
  const { ack, errors, body } = answer.data;
  if (ack === "Success" || ack === "Warning") return lines.map(() => ({ outcome: "accepted" }));
  if (lines.length === 1) {
    const [error] = errors;
    const unnamed: PushResult = { outcome: "unknown", why: `Ack ${ack} without an error` };
    return [error ? refusalOf(error, client.now()) : unnamed];
  }
  const revised = ack === "PartialFailure" ? revisedSchema.parse(body).InventoryStatus : [];
  const results: PushResult[] = [];
  for (const line of lines) {
    const done = revised.some((one) => isOf(line, one));
    results.push(...(done ? [ACCEPTED] : await reviseStatus(client, [line])));
  }
  return results;
}

const ACCEPTED: PushResult = { outcome: "accepted" };

/** A listing without a SKU is named by its id alone, a variation never is. */
function nodeOf({ handle, quantity }: PushLine): Record<string, string | number> {
  return {
    ItemID: handle.itemId ?? "",
    ...(handle.sku ? { SKU: handle.sku } : {}),
    Quantity: quantity,
  };
}

const isOf = ({ handle }: PushLine, one: { ItemID: string; SKU?: string | undefined }) =>
  one.ItemID === handle.itemId && (one.SKU === undefined || one.SKU === handle.sku);
