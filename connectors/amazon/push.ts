import { z } from "zod";
import type { Account, PushLine, PushResult } from "../connector.ts";
import type { AmazonClient } from "./client.ts";
import { ISSUE_LOCALE, quantityPatch } from "./feed.ts";
import { homeOf } from "./listings.ts";

const submissionSchema = z.object({
  status: z.enum(["ACCEPTED", "INVALID", "VALID"]),
  issues: z.array(z.object({ code: z.string(), message: z.string() })).nullish(),
});

/**
 * Sets one listing's quantity after another. "Accepted" means accepted for processing: buyers
 * see it minutes later, so only a read-back proves it. There is no idempotency key and no
 * comparison: the last writer wins.
 */
export async function pushQuantities(
  client: AmazonClient,
  account: Account,
  batch: readonly PushLine[],
): Promise<PushResult[]> {
  const results: PushResult[] = [];
  for (const line of batch) results.push(await pushOne(client, account, line));
  return results;
}

async function pushOne(
  client: AmazonClient,
  account: Account,
  line: PushLine,
): Promise<PushResult> {
  const answer = await client.run(submissionSchema, {
    operation: "listingsItems.patchListingsItem",
    plan: "patchListingsItem",
    as: "push",
    kind: "write",
    path: { sellerId: account.settings.sellerId ?? "", sku: line.handle.sku ?? line.externalId },
    // A SKU has one quantity in all shops of its region: telling it to one tells it to all.
    query: {
      marketplaceIds: [line.handle.marketplaceId ?? homeOf(account)],
      issueLocale: ISSUE_LOCALE,
    },
    body: quantityPatch(line),
  });
  if (answer.outcome !== "answered") return answer;
  if (answer.data === null) return { outcome: "rejected", why: "no such listing" };
  // 200 whatever the verdict: what was not taken says so in its status.
  if (answer.data.status !== "INVALID") return { outcome: "accepted" };
  const issues = (answer.data.issues ?? []).map((issue) => `${issue.code}: ${issue.message}`);
  return { outcome: "rejected", why: issues.join("; ") || "INVALID" };
}
