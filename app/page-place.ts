import type { z } from "zod";

/** A place in a list, as an address carries it. */
export function placeText(cursor: unknown): string | null {
  return cursor === null ? null : Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** The place an address names, or undefined for one that nobody was given. */
export function readPlace<T>(text: string | null, schema: z.ZodType<T>): T | undefined {
  if (text === null) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch {
    return undefined;
  }
}
