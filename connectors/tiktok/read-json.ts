import { z } from "zod";

/** A string as JSON writes it, or a whole number that is too long to be one without a loss. */
const STRING_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|(?<![\d.])-?\d{16,}(?![\d.eE])/g;

/**
 * JSON with nothing lost: TikTok's ids have 19 digits, more than a number keeps. They are documented
 * as strings; one that comes as a number after all is read as a string too.
 */
export function readJson(text: string): unknown {
  const quoted = text.replace(STRING_OR_LONG_NUMBER, (found) =>
    found.startsWith('"') ? found : `"${found}"`,
  );
  return JSON.parse(quoted);
}

/** An id, however it was written. */
export const tiktokId = z.union([z.string().min(1), z.number().int().transform(String)]);
