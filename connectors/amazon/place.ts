import { z } from "zod";

const searched = { after: z.string().nullable(), token: z.string().nullable() };

/**
 * A page's place in a catalogue. In a search, or in its slices: the creation date at which it
 * begins, and Amazon's token. In a report: which one, and how many of its rows were read.
 */
export const placeSchema = z.discriminatedUnion("by", [
  z.object({ by: z.literal("search"), ...searched }),
  z.object({ by: z.literal("slices"), ...searched }),
  z.object({ by: z.literal("report"), id: z.string(), from: z.number().int().min(0) }),
]);

export type Place = z.infer<typeof placeSchema>;

export const placeCursor = (place: Place) => JSON.stringify(place);
