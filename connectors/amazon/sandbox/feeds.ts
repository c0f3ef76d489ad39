import { HttpResponse, http, type RequestHandler } from "msw";
import { z } from "zod";
import { rowFault } from "../../sandbox/faults.ts";
import { landAll, nextId, spendRate } from "../../sandbox/market.ts";
import { between } from "../../sandbox/random.ts";
import { AMAZON_LIMITS } from "../limits.ts";
import { AMAZON_SANDBOX, API } from "./account.ts";
import { addDocument, addressOf } from "./documents.ts";
import { expectEchoes } from "./echoes.ts";
import { apiError, invalid, throttled } from "./errors.ts";
import { guarded } from "./guard.ts";
import { jobStatus } from "./jobs.ts";
import { quantityOf } from "./listings.ts";
import type { AmazonMoment, SandboxJob } from "./state.ts";

const FEEDS = `${API}/feeds/2021-06-30`;

/** The feeds API: a document is uploaded, a feed made of it, and its report read later. */
export function feedHandlers(moment: () => AmazonMoment): RequestHandler[] {
  return [
    http.post(`${FEEDS}/documents`, async ({ request }) => {
      const body: unknown = await request.json().catch(() => null);
      const now = moment();
      return guarded(now, "createFeedDocument", request, () => createDocument(now, body));
    }),
    http.post(`${FEEDS}/feeds`, async ({ request }) => {
      const body: unknown = await request.json().catch(() => null);
      const now = moment();
      return guarded(now, "createFeed", request, () => createFeed(now, body));
    }),
    http.get(`${FEEDS}/feeds/:id`, ({ request, params }) => {
      const now = moment();
      const id = String(params.id);
      return guarded(now, "getFeed", request, () => {
        const feed = now.state.feeds[id];
        return feed ? HttpResponse.json(feedJson(now, id, feed)) : notFound("feed");
      });
    }),
    http.get(`${FEEDS}/documents/:id`, ({ request, params }) => {
      const now = moment();
      const feedDocumentId = String(params.id);
      return guarded(now, "getFeedDocument", request, () => {
        if (!now.state.documents[feedDocumentId]) return notFound("document");
        const url = addressOf(now, feedDocumentId);
        return HttpResponse.json({ feedDocumentId, url, compressionAlgorithm: "GZIP" });
      });
    }),
  ];
}

const notFound = (what: string) => apiError(404, "NotFound", `There is no such ${what}.`);

function createDocument(now: AmazonMoment, body: unknown): Response {
  const wanted = z.object({ contentType: z.string() }).safeParse(body);
  if (!wanted.success) return invalid("'contentType' is required.");
  const feedDocumentId = addDocument(now, { contentType: wanted.data.contentType, text: null });
  const url = addressOf(now, feedDocumentId);
  return HttpResponse.json({ feedDocumentId, url }, { status: 201 });
}

const specificationSchema = z.object({
  feedType: z.string(),
  marketplaceIds: z.array(z.string()).min(1).max(25),
  inputFeedDocumentId: z.string(),
});

function createFeed(now: AmazonMoment, body: unknown): Response {
  const wanted = specificationSchema.safeParse(body);
  if (!wanted.success) return invalid("Request input is invalid.");
  const { feedType: type, marketplaceIds, inputFeedDocumentId } = wanted.data;
  // Every other feed of listings ended for good in the summer of 2025.
  if (type !== "JSON_LISTINGS_FEED") return invalid(`Feed type '${type}' is not supported.`);
  const document = now.state.documents[inputFeedDocumentId];
  if (!document) return invalid("'inputFeedDocumentId' is invalid.");
  const { bulk } = AMAZON_LIMITS.calls;
  if (bulk && spendRate(now.state.market, type, bulk, now.now) !== null) return throttled();
  const feedId = String(50_000_000_000 + nextId(now.state.market));
  const job = { type, marketplaceIds, createdAt: now.now, window: { start: 0, end: 0 } };
  now.state.feeds[feedId] = { ...job, ...process(now, feedId, document.text) };
  delete now.state.documents[inputFeedDocumentId];
  return HttpResponse.json({ feedId }, { status: 202 });
}

const feedSchema = z.object({
  header: z.object({ sellerId: z.literal(AMAZON_SANDBOX.account), version: z.literal("2.0") }),
  messages: z
    .array(
      z.object({
        messageId: z.number().int().min(1).max(2_147_483_647),
        sku: z.string().min(1),
        operationType: z.literal("PATCH"),
        productType: z.string().min(1),
        patches: z.array(z.unknown()).min(1),
      }),
    )
    .min(1)
    .max(25_000),
});

/**
 * What will become of a feed is certain when it comes; that it is done, and that buyers see it,
 * takes its time. What is no feed at all is aborted.
 */
function process(
  now: AmazonMoment,
  feedId: string,
  text: string | null,
): Pick<SandboxJob, "doneAt" | "ending" | "document"> {
  const { market } = now.state;
  const processingMs = 3 * between(market, now.lag.minMs, now.lag.maxMs);
  const doneAt = now.now + processingMs;
  const feed = feedSchema.safeParse(asJson(text));
  if (!feed.success) return { doneAt, ending: "FATAL", document: null };
  const issues: object[] = [];
  const changes = feed.data.messages.flatMap(({ messageId, sku, patches }) => {
    const quantity = quantityOf(patches);
    const listing = market.listings[sku];
    const fault = rowFault(market.faults, sku);
    if (!listing || quantity === null || fault === "refuse") {
      const message = `The attributes sent for '${sku}' are invalid.`;
      issues.push({ messageId, sku, code: "90000900", severity: "ERROR", message });
      return [];
    }
    if (fault === "ignore") return [];
    Object.assign(listing, { merchantFulfilled: true, recorded: quantity });
    return [{ sku, kind: "set" as const, quantity, asked: quantity }];
  });
  const { minMs, maxMs } = now.lag;
  const lag = { minMs: minMs + processingMs, maxMs: maxMs + processingMs };
  landAll(market, changes, lag, now.now);
  expectEchoes(now.state, changes.length);
  const summary = {
    errors: issues.length,
    warnings: 0,
    messagesProcessed: feed.data.messages.length,
    messagesAccepted: feed.data.messages.length - issues.length,
    messagesInvalid: issues.length,
  };
  const header = { sellerId: AMAZON_SANDBOX.account, version: "2.0", feedId };
  const report = JSON.stringify({ header, issues, summary });
  const document = addDocument(now, { contentType: "application/json", text: report });
  return { doneAt, ending: "DONE", document };
}

function asJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}

function feedJson(now: AmazonMoment, feedId: string, feed: SandboxJob) {
  const { resultDocument, ...status } = jobStatus(now, feed);
  return {
    feedId,
    feedType: feed.type,
    marketplaceIds: feed.marketplaceIds,
    ...status,
    ...(resultDocument ? { resultFeedDocumentId: resultDocument } : {}),
  };
}
