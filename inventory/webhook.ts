/** What a merchant's own programs can be told of. */
export const WEBHOOK_EVENTS = [
  "stock.changed",
  "hold.expired",
  "oversold",
  "listing.drifted",
  "dead_letter.created",
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export function isWebhookEvent(text: string): text is WebhookEvent {
  return (WEBHOOK_EVENTS as readonly string[]).includes(text);
}

/** An address that does not take an event is tried again for so long. */
export const RETRY_FOR_MS = 24 * 60 * 60_000;

const MINUTE_MS = 60_000;
/** Waits after the first, second ... failed try; the last one repeats. */
const BACK_OFF_MS = [
  ...[5_000, 30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  ...[60 * MINUTE_MS, 2 * 60 * MINUTE_MS, 4 * 60 * MINUTE_MS],
];

/**
 * When an event is tried again after so many failed tries, in ms since the epoch; null when it is
 * given up. The last try is at the very end of the time there is. `spread`, 0 to 1, keeps what
 * failed together from coming back together.
 */
export function nextTry(
  tries: number,
  now: number,
  giveUpAt: number,
  spread: number,
): number | null {
  if (now >= giveUpAt) return null;
  const wait = BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length) - 1] ?? 0;
  return Math.min(giveUpAt, now + wait * (1 + 0.2 * spread));
}
