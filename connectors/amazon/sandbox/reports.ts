import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { nextId } from "../../sandbox/market.ts";
import { between } from "../../sandbox/random.ts";
import { API, MARKETPLACE } from "./account.ts";
import { addDocument, addressOf, reportContentType } from "./documents.ts";
import { apiError, invalid } from "./errors.ts";
import { guarded } from "./guard.ts";
import { jobStatus } from "./jobs.ts";
import type { AmazonMoment, SandboxJob } from "./state.ts";
import { listingsTable, returnsTable } from "./tables.ts";

const REPORTS = `${API}/reports/2021-06-30`;

/** The reports API: a report is ordered, prepared, and its document read later. */
export function reportHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.post(`${REPORTS}/reports`, async ({ request }) => {
      const body: unknown = await request.json().catch(() => null);
      const now = moment();
      return guarded(now, "createReport", request, () => createReport(now, body));
    }),
    http.get(`${REPORTS}/reports`, ({ request }) => {
      const now = moment();
      return guarded(now, "getReports", request, () => getReports(now, new URL(request.url)));
    }),
    http.get(`${REPORTS}/reports/:id`, ({ request, params }) => {
      const now = moment();
      const id = String(params.id);
      return guarded(now, "getReport", request, () => {
        const report = now.state.reports[id];
        return report ? HttpResponse.json(reportJson(now, id, report)) : notFound("report");
      });
    }),
    http.get(`${REPORTS}/documents/:id`, ({ request, params }) => {
      const now = moment();
      const reportDocumentId = String(params.id);
      return guarded(now, "getReportDocument", request, () => {
        if (!now.state.documents[reportDocumentId]) return notFound("document");
        const url = addressOf(now, reportDocumentId);
        return HttpResponse.json({ reportDocumentId, url, compressionAlgorithm: "GZIP" });
      });
    }),
  ];
}

const notFound = (what: string) => apiError(404, "NotFound", `There is no such ${what}.`);

const specificationSchema = z.object({
  reportType: z.enum([
    "GET_MERCHANT_LISTINGS_ALL_DATA",
    "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
  ]),
  marketplaceIds: z.array(z.string()).min(1).max(25),
  dataStartTime: z.iso.datetime().optional(),
  dataEndTime: z.iso.datetime().optional(),
});

const SIXTY_DAYS_MS = 60 * 24 * 3_600_000;

function createReport(now: AmazonMoment, body: unknown): Response {
  const wanted = specificationSchema.safeParse(body);
  if (!wanted.success) return invalid("Request input is invalid.");
  const { reportType: type, marketplaceIds, dataStartTime, dataEndTime } = wanted.data;
  if (!marketplaceIds.includes(MARKETPLACE)) return invalid("'marketplaceIds' is invalid.");
  const end = dataEndTime ? Date.parse(dataEndTime) : now.now;
  const start = dataStartTime ? Date.parse(dataStartTime) : end;
  if (start > end || end - start > SIXTY_DAYS_MS) return invalid("The date range is invalid.");
  const { market } = now.state;
  const table =
    type === "GET_MERCHANT_LISTINGS_ALL_DATA"
      ? listingsTable(market)
      : returnsTable(market, start, end);
  const reportId = String(60_000_000_000 + nextId(market));
  const document = table
    ? addDocument(now, { contentType: reportContentType(table), text: table })
    : null;
  now.state.reports[reportId] = {
    ...{ type, marketplaceIds, createdAt: now.now, window: { start, end } },
    doneAt: now.now + 3 * between(market, now.lag.minMs, now.lag.maxMs),
    // A report with nothing in it is cancelled.
    ending: table ? "DONE" : "CANCELLED",
    document,
  };
  return HttpResponse.json({ reportId }, { status: 202 });
}

function getReports(now: AmazonMoment, url: URL): Response {
  const types = url.searchParams.get("reportTypes")?.split(",");
  if (!types) return invalid("'reportTypes' or 'nextToken' is required.");
  const since = Date.parse(url.searchParams.get("createdSince") ?? "1970-01-01T00:00:00Z");
  const reports = Object.entries(now.state.reports)
    .filter(([, report]) => types.includes(report.type) && report.createdAt >= since)
    .map(([id, report]) => reportJson(now, id, report))
    .reverse();
  return HttpResponse.json({ reports: reports.slice(0, 100) });
}

function reportJson(now: AmazonMoment, reportId: string, report: SandboxJob) {
  const { resultDocument, ...status } = jobStatus(now, report);
  return {
    reportId,
    reportType: report.type,
    marketplaceIds: report.marketplaceIds,
    dataStartTime: new Date(report.window.start).toISOString(),
    dataEndTime: new Date(report.window.end).toISOString(),
    ...status,
    ...(resultDocument ? { reportDocumentId: resultDocument } : {}),
  };
}
