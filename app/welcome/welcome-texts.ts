import type { BlastRadius } from "../../inventory/blast-radius.ts";
import type { WelcomeStep } from "./welcome-steps.ts";

/* Every sentence of the way from install to the first protected sale. Plain text. */

interface StepText {
  /** In the list of steps. */
  name: string;
  heading: string;
  text: string;
}

export const STEP_TEXTS: Record<WelcomeStep, StepText> = {
  start: {
    name: "Welcome",
    heading: "Never sell a unit you do not have",
    text: "You sell the same stock on several marketplaces. Ballast keeps one count of it, tells every other channel within a second when one of them sells, and can say for each number why it is that number.",
  },
  channels: {
    name: "Channels",
    heading: "Where do you sell?",
    text: "Connect each marketplace you sell on. You agree on its own page and come back here. No number is changed there until you go live.",
  },
  import: {
    name: "Import",
    heading: "Your listings are being taken over",
    text: "Everything you list comes in page by page. You may leave this page: it goes on without you, and you find it here again.",
  },
  match: {
    name: "Match",
    heading: "What does each listing sell?",
    text: "A listing and an item with the same SKU or barcode belong together by themselves. A listing that is matched to nothing is never changed.",
  },
  stock: {
    name: "Stock",
    heading: "How many units do you have?",
    text: "Say it once. From here on every sale, return and delivery is counted.",
  },
  buffers: {
    name: "Buffers",
    heading: "How much does each channel show?",
    text: "Two shoppers can buy the last unit on two marketplaces at the same moment. A buffer is what a channel is not shown, against that. You can change it at any time.",
  },
  "dry-run": {
    name: "Dry run",
    heading: "This is what would change",
    text: "Nothing has been pushed yet. These are the numbers that each listing shows now and would show when you go live.",
  },
  live: {
    name: "Live",
    heading: "You are live",
    text: "Every sale on one channel now lowers what the others show.",
  },
};

/** What a merchant gets, in the order in which it happens. */
export const PROMISES = [
  "Connect your marketplaces: you agree on each one's own page.",
  "Your listings are taken over and matched to your items by SKU and barcode.",
  "You say what you have, and how much each channel is shown.",
  "You see every number that would change, before anything does. Then you go live.",
];

/** What a first count is called among the batches: by its file, or the channel it is taken from. */
export function countTitle(from: string | null): string {
  return `First count${from === null ? "" : ` from ${from}`}`;
}

/** Why a first count was not begun. */
export const COUNT_REFUSALS = {
  none: "Write at least one number.",
  noFile: "Choose a file first.",
  tooLarge: "The file is larger than 1 MB: split it, or use the page Import.",
  tooLong: "The file has more than 5,000 lines: split it, or use the page Import.",
  noCsv: "This is no CSV file of two columns, SKU and units. Save it as CSV and try again.",
} as const;

/** Why a channel starts with the buffer it starts with. Row B1. */
const BUFFERS: Record<string, string> = {
  shopify:
    "Your own shop is told within a second and refuses what is stale, so it may show everything.",
  amazon:
    "Amazon takes a number at once and shows it minutes later at times: a tenth is kept back meanwhile.",
  walmart:
    "Walmart shows a new number late, and counts cancellations against you: more is kept back.",
  tiktok:
    "One video can sell out an item in minutes: half is kept for the other channels. Setting stock aside for it is the next step.",
  ebay: "eBay allows a listing 250 changes a day, so it is told a little less often than the others.",
};

export function bufferWhy(channel: string): string {
  return BUFFERS[channel] ?? "A new channel starts careful. Show more when you trust its speed.";
}

export const LEVEL_TEXTS = {
  sku: "Your rule",
  category: "Your rule",
  channel: "Your rule",
  shop: "Your rule for all channels",
  default: "Where we would start",
} as const;

const REASONS: Record<BlastRadius["reasons"][number], (radius: BlastRadius) => string> = {
  zeroed: ({ zeroedPercent }) => `${share(zeroedPercent)} of what sells now would show 0`,
  moved: ({ movedPercent }) =>
    `${share(movedPercent)} of your listings would change by more than half`,
};

/** Why going live asks for a second look. Row H4. */
export function stopText(radius: BlastRadius): string {
  const why = radius.reasons.map((reason) => REASONS[reason](radius)).join(", and ");
  return `Look twice: ${why}. If the count is right, this is what protects you. If it is not, correct it first: items that nobody has counted show 0.`;
}

function share(percent: number): string {
  return percent > 99.5 ? "all" : `${Math.max(1, Math.round(percent))} %`;
}
