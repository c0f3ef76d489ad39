/* What the parts of these pages say. */

export const ATTENTION_CARD_WORDS = {
  itemsThatNeedAttention: "Items that need attention",
  about: "Oversold, or a channel does not know the right number.",
  none: "None now. One that needs you appears here by itself.",
} as const;

export const LATENCY_CARD_WORDS = {
  fromASaleTo: "From a sale to the other channels",
  howLongEachChannel: "How long each channel took to accept the new number after a sale elsewhere.",
  timeFromASale: "Time from a sale to each channel's acceptance",
} as const;

export const NOT_LIVE_BANNER_WORDS = {
  nothingIsPushedYet: "Nothing is pushed yet",
  connectYourChannelsLook:
    "Connect your channels, look at what would change, and go live. It takes minutes.",
} as const;
