import { z } from "zod";
import type { Account, PushLine, PushResult } from "../connector.ts";

const reportSchema = z.object({
  issues: z
    .array(
      z.object({
        /** Absent: it is about the feed as a whole. */
        messageId: z.number().int().nullish(),
        code: z.string().nullish(),
        severity: z.enum(["ERROR", "WARNING", "INFO"]),
        message: z.string(),
      }),
    )
    .nullish(),
  summary: z.object({ messagesAccepted: z.number().int().min(0) }),
});

/** Left out, reasons come in the language of the country. */
export const ISSUE_LOCALE = "en_US";

/**
 * A JSON_LISTINGS_FEED that sets one quantity per line. "merge" changes the quantity alone;
 * "replace" (which PARTIAL_UPDATE is, too) would wipe the lead time and the restock date.
 */
export function feedOf(account: Account, lines: readonly PushLine[]): string {
  return JSON.stringify({
    header: {
      sellerId: account.settings.sellerId,
      version: "2.0",
      issueLocale: ISSUE_LOCALE,
    },
    messages: lines.map((line, at) => ({
      messageId: at + 1,
      sku: line.handle.sku ?? line.externalId,
      operationType: "PATCH",
      ...quantityPatch(line),
    })),
  });
}

/** https://developer-docs.amazon.com/sp-api/docs/merge-a-listing */
export function quantityPatch(line: PushLine) {
  return {
    productType: line.handle.productType ?? "PRODUCT",
    patches: [
      {
        op: "merge",
        path: "/attributes/fulfillment_availability",
        value: [{ fulfillment_channel_code: "DEFAULT", quantity: line.quantity }],
      },
    ],
  };
}

/**
 * What became of each line, by the feed's processing report. That a feed is done says nothing: a
 * line with an error was not taken. Where fewer were accepted than are without an error, nobody
 * knows which, so that all of those have to be read back.
 */
export function resultsOf(report: string, lines: readonly PushLine[]): PushResult[] {
  const parsed = reportSchema.safeParse(asJson(report));
  if (!parsed.success) return allUnknown(lines, "a processing report of another shape");
  const errors = (parsed.data.issues ?? []).filter((issue) => issue.severity === "ERROR");
  const why = new Map<number | null, string[]>();
  for (const { messageId = null, code, message } of errors) {
    const said = code ? `${code}: ${message}` : message;
    why.set(messageId, [...(why.get(messageId) ?? []), said]);
  }
  const wholeFeed = why.get(null)?.join("; ");
  const { messagesAccepted } = parsed.data.summary;
  const clean = lines.filter((_, at) => !why.has(at + 1)).length;
  return lines.map((_, at): PushResult => {
    const own = why.get(at + 1);
    if (own) return { outcome: "rejected", why: own.join("; ") };
    if (messagesAccepted >= clean) return { outcome: "accepted" };
    if (messagesAccepted === 0 && wholeFeed) return { outcome: "rejected", why: wholeFeed };
    return { outcome: "unknown", why: `${messagesAccepted} of ${clean} accepted, not said which` };
  });
}

export function allUnknown(lines: readonly PushLine[], why: string): PushResult[] {
  return lines.map(() => ({ outcome: "unknown", why }));
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
