import { z } from "zod";

/*
 * What a marketplace put into the address it sent a merchant back to, as one value: Shopify's
 * admin, through which he may go on, adds words of its own to an address, and signs them.
 */

const query = z.record(z.string(), z.string());

export function packed(values: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** Nothing at all when it is not what `packed` made. */
export function unpacked(text: string): Record<string, string> {
  try {
    return query.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    return {};
  }
}
