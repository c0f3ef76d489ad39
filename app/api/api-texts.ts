import type { Scope } from "../../inventory/scope.ts";

/*
 * What the OpenAPI document, its page and the page of tokens say, in one place.
 */

export const SCOPE_TEXTS: Record<Scope, string> = {
  "stock:read": "Read items, locations, listings, stock and movements",
  "items:write": "Create and change items",
  "holds:read": "Read holds",
  "holds:write": "Take, extend, commit and give back holds",
  "movements:write": "Receive, correct, move and set aside stock",
  "snapshots:write": "Send warehouse counts, and read what became of them",
  "webhooks:manage": "Manage webhook endpoints, read and replay deliveries",
};

export const API_TEXT =
  "Reads and changes a merchant's stock. Send a token as Authorization: Bearer. Every POST takes an " +
  "Idempotency-Key: sent again with the same key, a request has one effect and one answer. " +
  "Refusals are problem details (RFC 9457) that name everything that is wrong at once. Lists are " +
  "read in pages: ask with after=<next> for what follows. A 503 took nothing, or says that it may " +
  "have: try again with the same key.";

/** What a group of routes is for. */
export const TAG_TEXTS: Record<string, string> = {
  Holds: "Claims on stock with an expiry: a cart that is being paid.",
  Movements: "Changes of stock: every one is numbered and stays in the history.",
  Stock: "What there is, what may be promised, and what every listing shows.",
  Items: "The SKUs the merchant owns.",
  Places: "Where stock is, and where it is offered.",
  Snapshots: "Counts of a warehouse, applied as corrections.",
  Webhooks: "Events sent to your own address, signed, in order for each SKU.",
};
