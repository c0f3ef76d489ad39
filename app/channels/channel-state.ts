import type { UnauthorizedCause } from "../../connectors/connector.ts";

/** What is known of a connection when a page says how it is. Times in ms since the epoch. */
export interface ChannelFacts {
  /** What the marketplace is called. */
  title: string;
  disconnected: boolean;
  shutOut: UnauthorizedCause | null;
  reconnectBy: number | null;
  /** When our own app's secret there ends, where that is known. */
  secretEnds: number | null;
  /** The variable that whoever runs the app should set for its messages to come. */
  wanted: string | null;
  paused: boolean;
  /** Its merchant has seen its dry run and let it push. */
  live: boolean;
  trouble: string | null;
  ordersKnownTo: number | null;
  connectedAt: number;
  /** How often its orders are asked for. */
  sweepEveryMs: number;
  deadLetters: number;
  failing: number;
  unmatched: number;
  openDrift: number;
  importError: string | null;
}

/** Something a merchant should know, and what leads on from it. */
export interface Notice {
  code: NoticeCode;
  tone: "critical" | "warning" | "info";
  /** What to do next; null: nothing, or only wait. */
  next: "reconnect" | "resume" | "dead-letters" | "import" | "match" | "go-live" | null;
  /** What its sentence names. */
  detail?: { at?: number; days?: number; count?: number; why?: string };
}

export type NoticeCode =
  | "disconnected"
  | "expired"
  | "revoked"
  | "forbidden"
  | "reconnect-passed"
  | "reconnect-before"
  | "secret-ends"
  | "secret-ended"
  | "key-wanted"
  | "not-live"
  | "paused"
  | "trouble"
  | "orders-late"
  | "import-failed"
  | "dead-letters"
  | "failing"
  | "drift"
  | "unmatched";

export type ChannelState =
  | "disconnected"
  | "shut-out"
  | "not-live"
  | "paused"
  | "attention"
  | "working";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** A first word a month before the end, a loud one in the last week. */
const FIRST_WORD_DAYS = 30;
const LAST_WORD_DAYS = 7;
/** So many sweeps that did not come are no chance any more. */
const SWEEPS_MISSED = 5;

/** How a connection is, in one word, and what its merchant should know, worst first. */
export function channelState(
  facts: ChannelFacts,
  now: number,
): { state: ChannelState; notices: Notice[] } {
  if (facts.disconnected) {
    return { state: "disconnected", notices: [notice("disconnected", "info", "reconnect")] };
  }
  const access = accessNotices(facts, now);
  const work = workNotices(facts, now);
  const all = [...access, ...work].sort((a, b) => RANK[a.tone] - RANK[b.tone]);
  if (facts.shutOut) return { state: "shut-out", notices: all };
  if (!facts.live) return { state: "not-live", notices: all };
  if (facts.paused) return { state: "paused", notices: all };
  const loud = all.some(({ tone }) => tone !== "info");
  return { state: loud ? "attention" : "working", notices: all };
}

const RANK = { critical: 0, warning: 1, info: 2 } as const;

function accessNotices(facts: ChannelFacts, now: number): Notice[] {
  const { shutOut, reconnectBy, secretEnds, wanted } = facts;
  const ends = endNotice(secretEnds, now, ["secret-ended", "secret-ends"], null);
  const missing = wanted === null ? [] : [notice("key-wanted", "warning", null, { why: wanted })];
  if (shutOut) return [notice(shutOut, "critical", "reconnect"), ...ends, ...missing];
  const consent = ["reconnect-passed", "reconnect-before"] as const;
  return [...endNotice(reconnectBy, now, consent, "reconnect"), ...ends, ...missing];
}

/** What ends at a known time is said a month before, louder in its last week, and when it is over. */
function endNotice(
  at: number | null,
  now: number,
  [passed, before]: readonly [NoticeCode, NoticeCode],
  next: Notice["next"],
): Notice[] {
  if (at === null) return [];
  const days = Math.ceil((at - now) / DAY_MS);
  if (days <= 0) return [notice(passed, "critical", next, { at })];
  if (days > FIRST_WORD_DAYS) return [];
  const tone = days <= LAST_WORD_DAYS ? "critical" : "warning";
  return [notice(before, tone, next, { at, days })];
}

function workNotices(facts: ChannelFacts, now: number): Notice[] {
  const { paused, trouble, shutOut, importError, deadLetters, failing, openDrift } = facts;
  const { ordersKnownTo, connectedAt, sweepEveryMs, unmatched, live } = facts;
  const known = ordersKnownTo ?? connectedAt;
  const late = now - known > SWEEPS_MISSED * sweepEveryMs;
  const rows: [boolean, Notice][] = [
    [!live, notice("not-live", "warning", "go-live")],
    [paused, notice("paused", "info", "resume")],
    // Being shut out has said so already.
    [
      trouble !== null && shutOut === null,
      notice("trouble", "critical", null, { why: trouble ?? "" }),
    ],
    [late && shutOut === null, notice("orders-late", "warning", null, { at: known })],
    [
      importError !== null,
      notice("import-failed", "warning", "import", { why: importError ?? "" }),
    ],
    [deadLetters > 0, notice("dead-letters", "warning", "dead-letters", { count: deadLetters })],
    [failing > 0, notice("failing", "warning", null, { count: failing })],
    [openDrift > 0, notice("drift", "warning", null, { count: openDrift })],
    [unmatched > 0, notice("unmatched", "info", "match", { count: unmatched })],
  ];
  return rows.filter(([applies]) => applies).map(([, one]) => one);
}

function notice(
  code: NoticeCode,
  tone: Notice["tone"],
  next: Notice["next"],
  detail?: Notice["detail"],
): Notice {
  return detail === undefined ? { code, tone, next } : { code, tone, next, detail };
}
