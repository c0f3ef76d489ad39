import { z } from "zod";
import type { Account, BulkResult, CallFailure, PushLine, World } from "../connector.ts";
import type { AmazonClient } from "./client.ts";
import { download, FEED_CONTENT_TYPE, upload } from "./documents.ts";
import { allUnknown, feedOf, resultsOf } from "./feed.ts";
import { homeOf } from "./listings.ts";

const uploadSchema = z.object({ feedDocumentId: z.string(), url: z.url() });
const createdSchema = z.object({ feedId: z.string() });

const feedSchema = z.object({
  processingStatus: z.enum(["IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"]),
  resultFeedDocumentId: z.string().nullish(),
});

const documentSchema = z.object({
  url: z.url(),
  compressionAlgorithm: z.literal("GZIP").nullish(),
});

/** How soon to look again at a feed that is not done. */
const LOOK_AGAIN_MS = 15_000;

/** Hands over a file of quantities: https://developer-docs.amazon.com/sp-api/docs/feeds-api. */
export async function submitFeed(
  client: AmazonClient,
  account: Account,
  world: World,
  lines: readonly PushLine[],
): Promise<{ outcome: "submitted"; file: string } | CallFailure> {
  const place = await client.run(uploadSchema, {
    operation: "feeds.createFeedDocument",
    plan: "createFeedDocument",
    // Until a feed is made of it, a document does nothing: asking again is harmless.
    kind: "read",
    query: {},
    body: { contentType: FEED_CONTENT_TYPE },
  });
  if (place.outcome !== "answered") return place;
  if (!place.data) return { outcome: "unavailable", why: "no place to upload to" };
  const put = await upload(world, place.data.url, feedOf(account, lines));
  if (put.outcome !== "answered") return put;
  const created = await client.run(createdSchema, {
    operation: "feeds.createFeed",
    plan: "createFeed",
    as: "bulk",
    kind: "write",
    query: {},
    body: {
      feedType: "JSON_LISTINGS_FEED",
      // The shops in which the lines are listed; their quantities hold for the whole region.
      marketplaceIds: [
        ...new Set(lines.map(({ handle }) => handle.marketplaceId ?? homeOf(account))),
      ],
      inputFeedDocumentId: place.data.feedDocumentId,
    },
  });
  if (created.outcome !== "answered") return created;
  if (!created.data) return { outcome: "unavailable", why: "the uploaded document is not there" };
  return { outcome: "submitted", file: created.data.feedId };
}

export async function feedResult(
  client: AmazonClient,
  world: World,
  feedId: string,
  lines: readonly PushLine[],
): Promise<BulkResult> {
  const feed = await client.run(feedSchema, {
    operation: "feeds.getFeed",
    plan: "getFeed",
    kind: "read",
    path: { feedId },
    query: {},
  });
  if (feed.outcome !== "answered") return waiting(feed);
  if (!feed.data) return { outcome: "processed", results: allUnknown(lines, "no such feed") };
  switch (feed.data.processingStatus) {
    case "IN_QUEUE":
    case "IN_PROGRESS":
      return { outcome: "processing", againAt: client.now() + LOOK_AGAIN_MS };
    case "CANCELLED": {
      // Only a feed that was not yet begun can be cancelled, so nothing of it was done.
      const why = "the feed was cancelled";
      return { outcome: "processed", results: lines.map(() => ({ outcome: "unavailable", why })) };
    }
    case "FATAL": {
      const why = "the feed was aborted: some, none or all of it was done";
      return { outcome: "processed", results: allUnknown(lines, why) };
    }
    case "DONE":
      return readReport(client, world, feed.data.resultFeedDocumentId ?? null, lines);
  }
}

async function readReport(
  client: AmazonClient,
  world: World,
  feedDocumentId: string | null,
  lines: readonly PushLine[],
): Promise<BulkResult> {
  const missing = { outcome: "processed", results: allUnknown(lines, "no report") } as const;
  if (!feedDocumentId) return missing;
  const place = await client.run(documentSchema, {
    operation: "feeds.getFeedDocument",
    plan: "getFeedDocument",
    kind: "read",
    path: { feedDocumentId },
    query: {},
  });
  if (place.outcome !== "answered") return waiting(place);
  if (!place.data) return missing;
  const report = await download(world, place.data);
  if (report.outcome !== "answered") return report;
  return { outcome: "processed", results: resultsOf(report.data, lines) };
}

/** Reading a result is rationed; that the ration is used up does not make a result late. */
function waiting(failure: CallFailure): BulkResult {
  if (failure.outcome !== "throttled") return failure;
  return { outcome: "processing", againAt: failure.retryAt };
}
