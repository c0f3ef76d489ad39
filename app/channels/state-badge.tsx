import { Badge } from "@shopify/polaris";
import type { ChannelState } from "./channel-state.ts";
import { STATE_TEXTS } from "./channel-texts.ts";

const TONES = {
  disconnected: undefined,
  "shut-out": "critical",
  "not-live": "attention",
  paused: "info",
  attention: "warning",
  working: "success",
} as const satisfies Record<ChannelState, unknown>;

/** How a connection is, in one word. */
export function StateBadge({ state }: { state: ChannelState }) {
  return <Badge tone={TONES[state]}>{STATE_TEXTS[state]}</Badge>;
}
