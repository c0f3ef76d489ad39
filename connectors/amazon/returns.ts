import type { Account, Sweep, World } from "../connector.ts";
import type { AmazonClient } from "./client.ts";
import {
  LOOK_AGAIN_MS,
  lookAt,
  orderReport,
  type Report,
  readTable,
  recentReports,
} from "./reports.ts";
import { returnMessages } from "./return.ts";

const RETURNS = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A report tells of 60 days at most, by the day of the request. A return goes on after that day. */
const WINDOW_MS = 59 * DAY_MS;

/** One report in this time is enough: nothing is sold or promised because of a return. */
const FRESH_MS = 15 * MINUTE_MS;

/** Longer than any report takes. */
const FORGOTTEN_MS = 2 * 60 * MINUTE_MS;

/**
 * Returns of the last two months, from a report. Amazon takes minutes for one. That it was ordered
 * is asked of Amazon, and not remembered here: whoever asks again, with whatever cursor, finds it.
 */
export async function returnsSince(
  client: AmazonClient,
  account: Account,
  world: World,
  since: number,
): Promise<Sweep> {
  const now = client.now();
  const recent = await recentReports(client, RETURNS, now - FORGOTTEN_MS);
  if (recent.outcome !== "reports") return recent;
  const known = recent.reports.find((report) => serves(report, since, now));
  if (known) return sweepOf(client, world, known, since);
  const ordered = await orderReport(client, account, RETURNS, {
    dataStartTime: new Date(now - WINDOW_MS).toISOString(),
    dataEndTime: new Date(now).toISOString(),
  });
  if (ordered.outcome !== "ordered") return ordered;
  const looked = await lookAt(client, ordered.reportId);
  if (looked.outcome !== "report") return looked;
  return looked.report ? sweepOf(client, world, looked.report, since) : notYet(now);
}

/** One that is under way, or done and young enough to ask for no other. */
function serves(report: Report, since: number, now: number): boolean {
  const { processingStatus: status, createdTime, dataEndTime } = report;
  if (status === "FATAL") return false;
  if (status === "IN_QUEUE" || status === "IN_PROGRESS") return true;
  const knownTo = Date.parse(dataEndTime ?? createdTime);
  return knownTo >= since && now - knownTo < FRESH_MS;
}

const notYet = (now: number): Sweep => ({
  outcome: "throttled",
  retryAt: now + LOOK_AGAIN_MS,
  why: "Amazon prepares the report of returns",
});

async function sweepOf(
  client: AmazonClient,
  world: World,
  report: Report,
  since: number,
): Promise<Sweep> {
  const knownTo = Date.parse(report.dataEndTime ?? report.createdTime);
  const swept = { outcome: "swept", knownTo, next: null } as const;
  switch (report.processingStatus) {
    case "IN_QUEUE":
    case "IN_PROGRESS":
      return notYet(client.now());
    case "CANCELLED":
      // By itself: there is nothing to tell.
      return { ...swept, messages: [] };
    case "FATAL":
      return { outcome: "unavailable", why: `the report of returns since ${since} failed` };
    case "DONE": {
      if (!report.reportDocumentId) return { ...swept, messages: [] };
      const table = await readTable(client, world, report.reportDocumentId);
      if (table.outcome !== "table") return table;
      return { ...swept, messages: returnMessages(table.rows) };
    }
  }
}
