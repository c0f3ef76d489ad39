import { z } from "zod";

/** Walmart writes a number of units as 1 in one answer and as "1" in the next. */
export const units = z.coerce.number().int();

/** A time, in ms since the epoch or as text, depending on the API. */
export const moment = z.union([
  z.number().int(),
  z
    .string()
    .transform((text) => (/^\d{11,}$/.test(text) ? Number(text) : Date.parse(text)))
    .refine((ms) => !Number.isNaN(ms), "is not a moment in time"),
]);

/** Lists of one are sometimes written without their brackets. */
export function listOf<T extends z.ZodType>(element: T) {
  return z.union([z.array(element), element.transform((one) => [one])]);
}

/** An id, which may have been written as a number. */
export const id = z.union([z.string().min(1), z.number().int()]).transform(String);
