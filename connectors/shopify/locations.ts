import { z } from "zod";
import type { Answered } from "../http.ts";
import type { ShopifyClient } from "./client.ts";
import { LOCATIONS } from "./documents.ts";

const locationSchema = z.object({
  id: z.string(),
  isActive: z.boolean(),
  isPrimary: z.boolean(),
  fulfillsOnlineOrders: z.boolean(),
  isFulfillmentService: z.boolean(),
});

const locationsSchema = z.object({ locations: z.object({ nodes: z.array(locationSchema) }) });

type Location = z.infer<typeof locationSchema>;

/**
 * The location whose stock we set, for the account's settings: the shop's primary one, or else
 * its first, of those that ship online orders from the merchant's own hands. With several, all
 * are kept in `locationIds`, the chosen first. Null: there is none.
 */
export async function chooseLocation(
  client: ShopifyClient,
): Promise<Answered<Record<string, string> | null>> {
  const answer = await client.query(locationsSchema, LOCATIONS, {});
  if (answer.outcome !== "answered") return answer;
  const ours = answer.data.locations.nodes.filter(isOurs);
  const [chosen, ...others] = [...ours.filter(isPrimary), ...ours.filter((one) => !isPrimary(one))];
  if (!chosen) return { outcome: "answered", data: null };
  const locationIds = [chosen, ...others].map(({ id }) => id).join(",");
  const data = { locationId: chosen.id, ...(others.length === 0 ? {} : { locationIds }) };
  return { outcome: "answered", data };
}

const isOurs = (one: Location) =>
  one.isActive && one.fulfillsOnlineOrders && !one.isFulfillmentService;

const isPrimary = (one: Location) => one.isPrimary;
