import type { FinishResult } from "./finish-consent.server.ts";

type Connected = Extract<FinishResult, { outcome: "connected" }>["connections"];

/**
 * The page that a merchant goes on with who is back from a marketplace: what is not live yet has
 * steps before it; what was let in again has a page of its own.
 */
export function afterConsent(connections: Connected): string {
  const waiting = connections.find((one) => !one.live);
  if (waiting) return `/app/welcome?step=channels&connected=${waiting.id}`;
  const [first, ...others] = connections;
  return first && others.length === 0
    ? `/app/channels/${first.id}?connected=${first.again ? "again" : "new"}`
    : `/app/channels?connected=${connections.length}`;
}
