import { z } from "zod";

/** A moment as marketplaces write it: ISO 8601, with any offset. */
export const timestamp = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "is not a moment in time");
