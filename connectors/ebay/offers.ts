import { z } from "zod";
import type { Answered } from "../http.ts";
import { saying } from "../http.ts";
import type { EbayClient } from "./client.ts";

const offerSchema = z.object({
  offerId: z.string(),
  sku: z.string(),
  status: z.string().optional(),
  format: z.string().optional(),
  availableQuantity: z.number().int().optional(),
  listing: z
    .object({
      listingId: z.string().optional(),
      listingStatus: z.string().optional(),
      listingOnHold: z.boolean().optional(),
    })
    .optional(),
});

const offersSchema = saying(
  z.object({ offers: z.array(offerSchema).default([]) }),
  "offers",
  "total",
);

export type Offer = z.infer<typeof offerSchema>;

/** The offers of one SKU; at most two: a fixed price and an auction. None where it has none. */
export async function offersOf(client: EbayClient, sku: string): Promise<Answered<Offer[]>> {
  const answer = await client.rest({ kind: "read", schema: offersSchema }, (api) =>
    api.sell.inventory.getOffers({ sku }),
  );
  if (answer.outcome !== "answered") return answer;
  return { outcome: "answered", data: answer.data?.offers ?? [] };
}

const ENDED = new Set(["ENDED", "EBAY_ENDED", "NOT_LISTED"]);

/** The listing that an offer is, while it is one: an unpublished or ended offer sells nothing. */
export function liveListing(offer: Offer): string | null {
  if (offer.status !== "PUBLISHED" || ENDED.has(offer.listing?.listingStatus ?? "")) return null;
  return offer.listing?.listingId ?? null;
}
