import { exhaustive } from "../../inventory/assert.ts";
import type { Format } from "../../inventory/format.ts";

/* Every sentence of the settings pages. Plain text: no markup, no address. */

export const SECTIONS = {
  regional: {
    title: "Language and time",
    text: "How numbers, money and times are written on every page, for everybody of your team.",
  },
  hours: {
    title: "Quiet hours",
    text: "Once a day everything listed is read back from each marketplace, and told again where it differs. Choose an hour in which you sell little.",
  },
  guard: {
    title: "Second look",
    text: "A change or an import that reaches further than this stops and asks, with the list of what it would change.",
  },
  notify: {
    title: "Notifications",
    text: "Who hears when something needs a person: an oversold item, work that was given up, a warehouse's counts that wait for a second look, a marketplace that shuts you out.",
  },
  team: {
    title: "Team",
    text: "Who may come in, and what each of them may do.",
  },
  tokens: {
    title: "API tokens",
    text: "Which programs of yours may come in: a warehouse, a storefront, an ERP.",
  },
  webhooks: {
    title: "Webhooks",
    text: "Which programs of yours are told of events, and what became of each.",
  },
  locations: {
    title: "Locations",
    text: "Where your stock is, which location ships first, and for which channels.",
  },
} as const;

export type SettingsResult =
  | { outcome: "saved" }
  /** A test message was taken by the other side. */
  | { outcome: "sent" }
  | { outcome: "invalid"; errors: Partial<Record<string, string>> }
  | { outcome: "refused"; why: string };

export const FIELD_ERRORS = {
  locale: "Choose one of the list.",
  timeZone: "Choose one of the list.",
  currency: "Choose one of the list.",
  zeroPercent: "Enter a whole percentage from 0 to 100.",
  movePercent: "Enter a whole percentage from 0 to 100.",
  farPercent: "Enter a whole percentage from 0 to 1000.",
  always: "Enter a whole number from 0 to 100,000.",
} as const;

export const NOTIFY_ERRORS = {
  slack: "Paste the whole address of an incoming webhook: https://…",
  email: "Enter up to 10 e-mail addresses, one on each line.",
} as const;

export const NOTIFY_TEXTS = {
  noMail:
    "E-mail is not set up on this installation: whoever runs Ballast sets SMTP_URL and MAIL_FROM.",
  slackKept: "An address is kept. It is not shown again; paste another to replace it.",
  emailKept: "Addresses are kept. They are not shown again; enter others to replace them.",
  test: { subject: "Ballast: a test", text: "This is how you hear of what needs you." },
  notSent: (why: string) => `It could not be sent: ${why}`,
  noTarget: "Save an address first.",
} as const;

export const RELOAD = "Load the page again and retry.";

/** What has become of a form, beside its button. */
export function savedText(result: SettingsResult): string {
  switch (result.outcome) {
    case "saved":
      return "Saved.";
    case "sent":
      return "Sent: look whether it has arrived.";
    case "invalid":
      return "Not saved: something above is not right.";
    case "refused":
      return result.why;
    default:
      return exhaustive(result);
  }
}

/** What the choices come to: "Looks like: 25 Nov 2026, 09:48:09 · 1,234.5 · US$1,234.50". */
export function sampleText({ time, number, money }: Format, now: Date): string {
  return `Looks like: ${[time(now), number(1_234.5), money(123_450)].join(" · ")}`;
}

/** An hour of the day in the shop's zone: "03:00". */
export function hourText(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

export const LOCATION_ERRORS = {
  code: "Enter up to 50 letters, digits, dots, dashes or underscores.",
  codeTaken: "Another location has this code.",
  name: "Enter a name of up to 100 characters.",
  priority: "Enter a whole number from 0 to 999.",
  serves: "Choose one of your channels.",
} as const;

export function occupiedText(units: number, format: Format): string {
  return `${format.units(units)} ${units === 1 ? "is" : "are"} still there: transfer or write them off first, then close it.`;
}

export const NO_LOCATION = "No location yet: add the first one, and stock can be received there.";

export const GONE = "This location is not there any more.";

/** For which channels a location ships. */
export function servesText(
  channels: readonly string[] | null,
  title: (channel: string) => string,
): string {
  if (channels === null) return "Every channel";
  return channels.length === 0 ? "No channel" : channels.map(title).join(", ");
}
