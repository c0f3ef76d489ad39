import { z } from "zod";

/** Where the reading of a catalogue stands. Kept as a cursor, for days if need be. */
const placeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("paged"), after: z.string(), total: z.number().int() }),
  /** Shopify is busy with another file: ours is still to be asked for. */
  z.object({ kind: z.literal("waiting") }),
  /** A file, finished or in the making; `from` = bytes read of it. */
  z.object({
    kind: z.literal("file"),
    operation: z.string(),
    from: z.number().int(),
  }),
]);

export type Place = z.infer<typeof placeSchema>;

export const readPlace = (cursor: string): Place => placeSchema.parse(JSON.parse(cursor));

export const writePlace = (place: Place): string => JSON.stringify(place);
