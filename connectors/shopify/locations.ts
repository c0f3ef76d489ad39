import { z } from "zod";
import { placeChoice } from "../../inventory/stock-place.ts";
import type { Account, StockPlaces } from "../connector.ts";
import type { Answered } from "../http.ts";
import type { ShopifyClient } from "./client.ts";
import { LOCATIONS } from "./documents.ts";

const locationSchema = z.object({
  id: z.string(),
  name: z.string(),
  isActive: z.boolean(),
  isPrimary: z.boolean(),
  fulfillsOnlineOrders: z.boolean(),
  isFulfillmentService: z.boolean(),
});

const locationsSchema = z.object({
  shop: z.object({ ianaTimezone: z.string(), currencyCode: z.string() }),
  locations: z.object({ nodes: z.array(locationSchema) }),
});

type Location = z.infer<typeof locationSchema>;

/** Every active location of the shop, the one whose stock is set first. */
export async function listLocations(client: ShopifyClient, account: Account): Promise<StockPlaces> {
  const answer = await client.query(locationsSchema, LOCATIONS, {});
  if (answer.outcome !== "answered") return answer;
  const places = answer.data.locations.nodes
    .map((one) => ({
      id: one.id,
      name: one.name,
      main: one.id === account.settings.locationId,
      unusable: whyNot(one),
    }))
    .sort((a, b) => Number(b.main) - Number(a.main));
  return { outcome: "places", places };
}

function whyNot({ isActive, isFulfillmentService, fulfillsOnlineOrders }: Location): string | null {
  if (isFulfillmentService) return "A fulfilment service counts its stock.";
  if (!isActive) return "It is switched off in Shopify.";
  if (!fulfillsOnlineOrders) return "It ships no online orders: switch that on in Shopify first.";
  return null;
}

/** What is taken over of a shop when it is connected. */
export interface ShopFacts {
  settings: Record<string, string>;
  regional: { timeZone: string; currency: string };
}

/**
 * The location whose stock we set, for the account's settings: the shop's primary one, or else
 * its first, of those that ship online orders from the merchant's own hands. With several, all
 * are kept in `locationIds`, the chosen first. With it, what the shop is kept in. Null: there is
 * no such location.
 */
export async function readShop(client: ShopifyClient): Promise<Answered<ShopFacts | null>> {
  const answer = await client.query(locationsSchema, LOCATIONS, {});
  if (answer.outcome !== "answered") return answer;
  const ours = answer.data.locations.nodes.filter(isOurs);
  const [chosen, ...others] = [...ours.filter(isPrimary), ...ours.filter((one) => !isPrimary(one))];
  if (!chosen) return { outcome: "answered", data: null };
  const locationIds = [chosen, ...others].map(({ id }) => id).join(",");
  const settings = { locationId: chosen.id, ...(others.length === 0 ? {} : { locationIds }) };
  const { ianaTimezone: timeZone, currencyCode: currency } = answer.data.shop;
  return { outcome: "answered", data: { settings, regional: { timeZone, currency } } };
}

const isOurs = (one: Location) => whyNot(one) === null;

const isPrimary = (one: Location) => one.isPrimary;

/** The location whose stock we set, and those that we keep at 0. */
export function locationsOf(account: Account): { told: string; emptied: string[] } {
  const { told, emptied } = placeChoice(account);
  return { told: told ?? account.settings.locationId ?? "", emptied };
}
