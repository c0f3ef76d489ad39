/* What the documentation page says around the routes. Plain text: no markup. */

export const DOCS_TEXTS = {
  title: "Ballast API",
  lead: "Version 1. For warehouses, own storefronts and other programs: JSON over HTTP, below the address of this page.",
  machine: "The same for programs: OpenAPI 3.1 at",
  start:
    "The examples run as they stand in a shell, or in Node 24 or newer, once these are set. ID is the id that the answer of an earlier request has told, such as a hold's.",
  auth: "Every request carries a token of the shop, made in the app under Settings, API tokens. A token is shown once, may do what its scopes say, and can be revoked or expire.",
  errors:
    "A refusal is a problem document (RFC 9457, application/problem+json): type names it, detail says what is wrong, and errors lists everything that is wrong with the request at once, each with a JSON pointer, header or parameter. Programs decide by type or status; sentences may change.",
  idempotency:
    "Every POST takes an Idempotency-Key of your choosing, such as a UUID. Sent again with the same key, a request has one effect and one answer, so a lost answer is asked for again without fear. The same key with another body is refused.",
  paging:
    "Lists are read in pages of limit rows, 100 unless you say otherwise and 1,000 at most. Ask with after=<next> for what follows, as long as more is true.",
  limits: (most: string) =>
    `A token may make ${most} requests a minute. Every answer tells what is left in RateLimit and RateLimit-Policy; a 429 says in Retry-After how many seconds to wait.`,
  webhooks:
    "Instead of asking again and again, be told: make an endpoint below Webhooks. Events are sent as POST, in order for each SKU, and tried again for 24 hours until you answer with 2xx within a few seconds. The same event may come twice: webhook-id is the same each time.",
  verify:
    "Each event is signed as Standard Webhooks says. Check the signature over the raw body before you read it, and refuse what is older than five minutes.",
  availability:
    "503 means that nothing can be promised now. Nothing was guessed: wait for Retry-After and send the same request with the same key.",
} as const;
