import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { Account, CallFailure, World } from "../connector.ts";
import type { AmazonClient } from "./client.ts";
import { download } from "./documents.ts";
import { marketplacesOf } from "./listings.ts";

const STATUSES = ["IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"] as const;

const reportSchema = z.object({
  reportId: z.string(),
  processingStatus: z.enum(STATUSES),
  createdTime: z.iso.datetime({ offset: true }),
  dataStartTime: z.iso.datetime({ offset: true }).nullish(),
  dataEndTime: z.iso.datetime({ offset: true }).nullish(),
  reportDocumentId: z.string().nullish(),
});

export type Report = z.infer<typeof reportSchema>;

const documentSchema = z.object({
  url: z.url(),
  compressionAlgorithm: z.literal("GZIP").nullish(),
});

/** How soon to look again at a report that is not done. */
export const LOOK_AGAIN_MS = 30_000;

/** Orders a report: https://developer-docs.amazon.com/sp-api/docs/reports-api. */
export async function orderReport(
  client: AmazonClient,
  account: Account,
  reportType: string,
  window: { dataStartTime?: string; dataEndTime?: string } = {},
): Promise<{ outcome: "ordered"; reportId: string } | CallFailure> {
  const answer = await client.run(z.object({ reportId: z.string() }), {
    operation: "reports.createReport",
    plan: "createReport",
    // A report that was ordered twice is one that nobody reads.
    kind: "read",
    query: {},
    body: { reportType, marketplaceIds: marketplacesOf(account), ...window },
  });
  if (answer.outcome !== "answered") return answer;
  if (!answer.data) return { outcome: "unavailable", why: "no report was made" };
  return { outcome: "ordered", reportId: answer.data.reportId };
}

export type Looked = { outcome: "report"; report: Report | null } | CallFailure;

/** How far a report is; null when Amazon does not know it any more. */
export async function lookAt(client: AmazonClient, reportId: string): Promise<Looked> {
  const answer = await client.run(reportSchema, {
    operation: "reports.getReport",
    plan: "getReport",
    kind: "read",
    path: { reportId },
    query: {},
  });
  return answer.outcome === "answered" ? { outcome: "report", report: answer.data } : answer;
}

/** The reports of one type that were ordered since a time, the newest first. */
export async function recentReports(
  client: AmazonClient,
  reportType: string,
  since: number,
): Promise<{ outcome: "reports"; reports: Report[] } | CallFailure> {
  const answer = await client.run(z.object({ reports: z.array(reportSchema) }), {
    operation: "reports.getReports",
    plan: "getReports",
    kind: "read",
    query: {
      reportTypes: [reportType],
      createdSince: new Date(since).toISOString(),
      pageSize: 100,
    },
  });
  if (answer.outcome !== "answered") return answer;
  const reports = [...(answer.data?.reports ?? [])].sort(
    (a, b) => Date.parse(b.createdTime) - Date.parse(a.createdTime),
  );
  return { outcome: "reports", reports };
}

/** A row by its columns' names, which are written in small letters with hyphens. */
export type Row = Record<string, string>;

export type Table = { outcome: "table"; rows: Row[] } | CallFailure;

/** Fetches a finished report and reads its tab-delimited rows. */
export async function readTable(
  client: AmazonClient,
  world: World,
  reportDocumentId: string,
): Promise<Table> {
  const place = await client.run(documentSchema, {
    operation: "reports.getReportDocument",
    plan: "getReportDocument",
    kind: "read",
    path: { reportDocumentId },
    query: {},
  });
  if (place.outcome !== "answered") return place;
  if (!place.data) return { outcome: "unavailable", why: "the report's document is not there" };
  const text = await download(world, place.data);
  return text.outcome === "answered" ? { outcome: "table", rows: parseTable(text.data) } : text;
}

/** Amazon quotes nothing: a quotation mark in a title is only that. */
export function parseTable(text: string): Row[] {
  return parse(text, {
    bom: true,
    columns: (names: string[]) => names.map((name) => name.trim().toLowerCase().replace(/ /g, "-")),
    delimiter: "\t",
    quote: false,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: false,
  });
}
