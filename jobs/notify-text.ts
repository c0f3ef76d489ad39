import type { Format } from "../inventory/format.ts";
import type { NotificationKind, Problem } from "../inventory/notification.ts";
import type { Told } from "./notify.ts";

/* What a merchant's team is told outside the app. Plain text, each line with what to do next. */

const LINES: Record<NotificationKind, (problem: Problem, format: Format) => string> = {
  oversold: ({ name, detail }, { units }) =>
    `${name} is oversold by ${units(detail.units ?? 0)}. Find stock for the orders, or cancel the one that costs least.`,
  "dead-letter": ({ name, detail }) =>
    `${name} was given up after three tries: ${detail.why ?? "unknown"}. Retry or discard it.`,
  "waiting-counts": ({ name, detail }, { counted }) =>
    detail.why
      ? `${name} stopped: ${detail.why}`
      : `${name} wait for you: ${counted(detail.units ?? 0, "item")} would change. Nothing changes before you confirm.`,
  "shut-out": ({ name }) =>
    `${name} does not let us in any more: nothing is pushed and no order is read. Reconnect it.`,
  reconnect: ({ name, detail }, { day }) =>
    `Your consent for ${name} ends on ${day(detail.at ?? 0)}. Reconnect before that.`,
};

const PLACES: Record<NotificationKind, string> = {
  oversold: "/app/items?show=oversold",
  "dead-letter": "/app/dead-letters",
  "waiting-counts": "/app/batches",
  "shut-out": "/app/channels",
  reconnect: "/app/channels",
};

/** So many lines are read; what is beyond is counted. */
const LINES_MAX = 15;

/** Everything that is new, in one message, with where to go. */
export function problemsText(
  problems: readonly Problem[],
  { shop, url, format }: { shop: string; url: string | undefined; format: Format },
): Told {
  const shown = problems.slice(0, LINES_MAX);
  const lines = shown.map((problem) => `• ${LINES[problem.kind](problem, format)}`);
  const more = problems.length - shown.length;
  if (more > 0) lines.push(`and ${format.number(more)} more.`);
  const places = new Set(url ? problems.map(({ kind }) => `${url}${PLACES[kind]}`) : []);
  const things = format.counted(problems.length, "thing needs", "things need");
  return {
    subject: `${shop}: ${things} you`,
    text: [...lines, ...places].join("\n"),
  };
}
