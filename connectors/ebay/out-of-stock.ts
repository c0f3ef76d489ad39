import { z } from "zod";
import type { CallFailure } from "../connector.ts";
import type { Answered } from "../http.ts";
import type { EbayClient } from "./client.ts";
import { said } from "./trading.ts";

const preferencesSchema = z.object({ OutOfStockControlPreference: z.string().optional() });

/**
 * Whether listings of the older world stay alive at 0, hidden: "out-of-stock control". Without it
 * eBay ends them there, for good.
 */
export async function staysAtZero(client: EbayClient): Promise<Answered<boolean>> {
  const answer = await client.trading("read", "GetUserPreferences", {
    ShowOutOfStockControlPreference: true,
  });
  if (answer.outcome !== "answered") return answer;
  const { ack, errors, body } = answer.data;
  if (ack === "Failure") return { outcome: "unavailable", why: errors.map(said).join("; ") };
  const { OutOfStockControlPreference: on } = preferencesSchema.parse(body);
  return { outcome: "answered", data: on === "true" };
}

/**
 * Turns it on where it is off; null = eBay was told. Where it refuses, listings of the older world
 * stay marked as ones that would end, and nothing else has to wait for it.
 */
export async function keepAliveAtZero(client: EbayClient): Promise<CallFailure | null> {
  const stays = await staysAtZero(client);
  if (stays.outcome !== "answered") return stays;
  if (stays.data) return null;
  const answer = await client.trading("write", "SetUserPreferences", {
    OutOfStockControlPreference: true,
  });
  return answer.outcome === "answered" ? null : answer;
}
