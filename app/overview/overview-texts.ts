import type { Format } from "../../inventory/format.ts";
import type { ShopSummary } from "../../prisma/shop-summary.ts";

/* Every sentence of the overview. Plain text: no markup. */

export const TREND_TEXTS = {
  sold: {
    title: "Units sold",
    text: "What each channel has sold, by when Ballast counted it.",
    none: "Nothing was sold in this time.",
  },
  pushed: {
    title: "Numbers told",
    text: "What marketplaces were told, and what they did not take. What failed is tried again by itself.",
    none: "No number had to be told in this time.",
  },
  accepted: "Taken",
  failed: "Not taken",
  asTable: "Show as a table",
  from: "From",
} as const;

/** One thing that is wrong, what to do next, and where. */
export interface Wrong {
  key: string;
  what: string;
  next: string;
  url: `/app${string}`;
}

/** What is wrong now, worst first. `decides`: dead letters may be opened by who reads it. */
export function whatIsWrong(
  { oversold, late, failing, deadLetters, waitingCounts, troubled }: ShopSummary,
  decides: boolean,
  { counted }: Format,
): Wrong[] {
  const lines: [number, Wrong][] = [
    [
      oversold,
      {
        key: "oversold",
        what: `${counted(oversold, "item")} oversold: more is sold or held than can be sold.`,
        next: "Find stock or cancel",
        url: "/app/items?show=oversold",
      },
    ],
    ...troubled.map(({ name, trouble }): [number, Wrong] => [
      1,
      {
        key: `connection ${name}`,
        what: `${name}: not everything works now. ${trouble}`,
        next: "Look at the channel",
        url: "/app/channels",
      },
    ]),
    [
      late,
      {
        key: "late",
        what: `${counted(late, "listing")} late: not told the right number for over a minute.`,
        next: "See which",
        url: "/app/items?show=late",
      },
    ],
    [
      failing,
      {
        key: "failing",
        what: `${counted(failing, "listing")} failing: the last push did not work.`,
        next: "See why",
        url: "/app/items?show=failing",
      },
    ],
    [
      deadLetters,
      {
        key: "dead",
        what: `${counted(deadLetters, "dead letter")} waiting for a decision.`,
        next: decides ? "Decide" : "",
        url: "/app/dead-letters",
      },
    ],
    [
      waitingCounts,
      {
        key: "counts",
        what: `${counted(waitingCounts, "warehouse count")} waiting for a second look.`,
        next: "Look",
        url: "/app/batches",
      },
    ],
  ];
  return lines.filter(([count]) => count > 0).map(([, wrong]) => wrong);
}
