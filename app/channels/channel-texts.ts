import type { CallName, ConnectorLimits, RevisionLimits } from "../../connectors/connector.ts";
import type { Format } from "../../inventory/format.ts";
import type { CallPace, LatestWork } from "../../prisma/channel-facts.ts";
import type { ChannelState, Notice, NoticeCode } from "./channel-state.ts";

/* Every sentence about a connection. Plain text: no markup, no address. */

export const STATE_TEXTS: Record<ChannelState, string> = {
  disconnected: "Disconnected",
  "shut-out": "Shut out",
  "not-live": "Not live yet",
  paused: "Paused",
  attention: "Needs attention",
  working: "Working",
};

type Detail = NonNullable<Notice["detail"]>;

const NOTICES: Record<NoticeCode, (title: string, detail: Detail, format: Format) => string> = {
  disconnected: () =>
    "You disconnected it: nothing is pushed and no order is read. Its listings and its history are kept.",
  expired: (title) =>
    `The access you gave us at ${title} has come to its end. Reconnect to renew it: until then nothing is pushed and no order is read.`,
  revoked: (title) =>
    `Our access was taken back, by ${title} or by somebody with access to your account. If that was not meant, reconnect: until then nothing is pushed and no order is read.`,
  forbidden: (title) =>
    `${title} knows us, but does not allow what is needed. Reconnect and allow everything that is asked for.`,
  "reconnect-passed": (title, { at = 0 }, format) =>
    `Your consent at ${title} ended on ${format.day(at)}. Reconnect now, or ${title} shuts us out.`,
  "reconnect-before": (title, { at = 0, days = 0 }, format) =>
    `Reconnect before ${format.day(at)}: your consent at ${title} ends in ${format.counted(days, "day")}. Nothing stops meanwhile.`,
  "secret-ends": (title, { at = 0, days = 0 }, format) =>
    `Our app's secret at ${title} ends on ${format.day(at)}, in ${format.counted(days, "day")}. Whoever runs Ballast has to rotate it before: nothing can be pushed or read after.`,
  "secret-ended": (title, { at = 0 }, format) =>
    `Our app's secret at ${title} ended on ${format.day(at)}. Whoever runs Ballast has to rotate it now: nothing can be pushed or read.`,
  "key-wanted": (title, { why = "" }) =>
    `${title} sends no messages until whoever runs Ballast sets ${why}. Orders are still read, some minutes later.`,
  "not-live": (title) =>
    `Nothing is pushed to ${title} yet: look at what would change, then go live. Orders are read already.`,
  paused: () => "You paused it: nothing is pushed. Orders are still read.",
  trouble: (_title, { why = "" }) => `Not everything works now. ${why}`,
  "orders-late": (title) => `${title} has not told its orders for a while; it is asked again.`,
  "import-failed": (_title, { why = "" }) => `The last import stopped: ${why}`,
  "dead-letters": (_title, { count = 0 }, format) =>
    `${format.counted(count, "dead letter")} waiting for your decision.`,
  failing: (_title, { count = 0 }, format) =>
    `${format.counted(count, "listing")} whose last push did not work; tried again by itself.`,
  drift: (_title, { count = 0 }, format) =>
    `${format.counted(count, "listing")} showed another number than was pushed.`,
  unmatched: (_title, { count = 0 }, format) =>
    `${format.counted(count, "listing")} matched to none of your items: not pushed until matched.`,
};

/** A notice as a sentence. `title` is what the marketplace is called on pages. */
export function noticeText({ code, detail }: Notice, title: string, format: Format): string {
  return NOTICES[code](title, detail ?? {}, format);
}

const PUSHES: Record<string, string> = {
  accepted: "Accepted",
  stale: "Another number was there: planned again",
  rejected: "Rejected",
  throttled: "Too many calls: later",
  unavailable: "No answer",
  unauthorized: "Not let in",
  unknown: "Not known: read back",
  "not-supported": "Not possible",
};

export function pushText(outcome: string): string {
  return PUSHES[outcome] ?? outcome;
}

const CAUSES: Record<string, string> = {
  "manual-edit": "Changed by hand",
  "other-tool": "Changed by another tool",
  "rejected-push": "A push was rejected",
  "lost-order": "An order was missed",
  unknown: "Not known",
};

export function causeText(cause: string): string {
  return CAUSES[cause] ?? cause;
}

const DRIFT_STATES: Record<string, string> = {
  suspected: "Being looked into",
  open: "Open",
  stopped: "Stopped: two systems fight over it",
  healed: "Healed",
  agreed: "Agreed by itself",
  ignored: "Left alone",
};

export function driftStateText(state: string): string {
  return DRIFT_STATES[state] ?? state;
}

/** What is allowed of one kind of work, and by which calls it is counted. */
export interface LimitText {
  name: string;
  text: string;
  counts: CallName | "revisions";
}

/** A marketplace's limits in human words, one line each. */
export function limitTexts(limits: ConnectorLimits, format: Format): LimitText[] {
  const { duration, number } = format;
  const { calls, pushBatch, readBackBatch, bulk, revisions, sweepEveryMs, sweepOverlapMs } = limits;
  const lines: LimitText[] = [
    {
      counts: "push",
      name: "Telling quantities",
      text: `${batch(pushBatch, format)}, ${rate(calls.push, format)}`,
    },
    {
      counts: "readBack",
      name: "Reading them back",
      text: `${batch(readBackBatch, format)}, ${rate(calls.readBack, format)}`,
    },
  ];
  if (bulk) {
    const often = calls.bulk ? `, ${rate(calls.bulk, format)}` : "";
    const usual = duration(bulk.usualMs);
    const text = `Up to ${number(bulk.lines)} listings in a file${often}; usually done in ${usual}`;
    lines.push({ counts: "bulk", name: "Many at once", text });
  }
  if (revisions) {
    const text = revisionText(revisions, format);
    lines.push({ counts: "revisions", name: "Changes a day", text });
  }
  const again = `with ${duration(sweepOverlapMs)} of overlap`;
  lines.push(
    {
      counts: "orders",
      name: "Orders",
      text: `${rate(calls.orders, format)}; checked every ${duration(sweepEveryMs)}, ${again}`,
    },
    { counts: "listings", name: "Listings", text: rate(calls.listings, format) },
  );
  return lines;
}

function batch(listings: number, { number }: Format): string {
  return listings === 1 ? "One listing a call" : `Up to ${number(listings)} listings a call`;
}

/** "10 calls a second, 20 at once"; slow ones by the minute or the hour. */
export function rate(
  { perSecond, burst }: { perSecond: number; burst: number },
  { counted, number }: Format,
): string {
  const [per, name]: [number, string] =
    perSecond >= 1
      ? [perSecond, "a second"]
      : perSecond * 60 >= 1
        ? [perSecond * 60, "a minute"]
        : [perSecond * 3_600, "an hour"];
  const rounded = Math.round(per * 10) / 10;
  return `${counted(rounded, "call")} ${name}, ${number(burst)} at once`;
}

function revisionText({ perDay, reserve, zone }: RevisionLimits, { number }: Format): string {
  const kept = `the last ${number(reserve)} kept for showing 0`;
  return `${number(perDay)} for each listing, ${kept}; a day begins at midnight in ${zone.replaceAll("_", " ")}`;
}

/** What is left of a limit now. */
export function leftText(pace: CallPace | undefined, now: number, format: Format): string {
  if (!pace) return "Not used yet.";
  const { tokens, perSecond, burst, at, heldUntil } = pace;
  if (heldUntil !== null && heldUntil > now) {
    return `Used up: more in ${format.duration(heldUntil - now)}.`;
  }
  const filled = tokens + (Math.max(0, now - at) / 1_000) * perSecond;
  const left = Math.floor(Math.max(0, Math.min(burst, filled)));
  return `Now ${format.number(left)} of ${format.number(burst)} left.`;
}

/** How much of a day's changes the listing has used that was changed most. */
export function revisionsLeftText(
  used: LatestWork["revisions"],
  { perDay, reserve }: RevisionLimits,
  { number }: Format,
): string {
  if (!used) return "None used today.";
  const most = `The most changed listing today: ${number(used.count)} of ${number(perDay)}`;
  return used.count >= perDay - reserve ? `${most}; only showing 0 is left.` : `${most}.`;
}

/** "12 numbers: 11 accepted, 1 rejected". */
export function lastPushText(
  outcomes: readonly { outcome: string; count: number }[],
  { counted, number }: Format,
): string {
  const all = outcomes.reduce((sum, { count }) => sum + count, 0);
  const each = outcomes.map(({ outcome, count }) => {
    return `${number(count)} ${pushText(outcome).toLowerCase()}`;
  });
  return `${counted(all, "number")}: ${each.join(", ")}`;
}

export const HEARD_BY = {
  message: "by the marketplace's message",
  sweep: "by our own look",
} as const;
