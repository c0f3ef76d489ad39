/** A hold lives this long when nobody says otherwise. Row C1. */
export const DEFAULT_HOLD_SECONDS = 15 * 60;
/** A hold shorter than this would expire before its answer is read. */
export const MIN_HOLD_SECONDS = 1;
/** A hold longer than this hides stock from every channel; take an order instead. */
export const MAX_HOLD_SECONDS = 24 * 60 * 60;

/** A hold's life: it is live until exactly one of the other three happens. */
export const HOLD_STATES = ["live", "committed", "released", "expired"] as const;
export type HoldState = (typeof HOLD_STATES)[number];
