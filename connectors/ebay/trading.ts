import { errors as libraryErrors } from "ebay-api";
import { z } from "zod";
import type { PushResult } from "../connector.ts";
import { type Answered, type CallKind, unreadable } from "../http.ts";
import { nextDay } from "./revision-day.ts";

/** XML says "one" and "several" differently, once it is read into objects. */
export function many<T>(schema: z.ZodType<T>) {
  return z
    .union([z.array(schema), schema.transform((one) => [one])])
    .optional()
    .transform((found): T[] => found ?? []);
}

const answerSchema = z.looseObject({
  Ack: z.enum(["Success", "Warning", "PartialFailure", "Failure"]),
  Errors: many(
    z.object({
      ErrorCode: z.string(),
      SeverityCode: z.string().optional(),
      ShortMessage: z.string().optional(),
      LongMessage: z.string().optional(),
    }),
  ),
});

/** What a Trading call came to: "Ack" says it, the HTTP status never does. */
export interface TradingAnswer {
  ack: "Success" | "Warning" | "PartialFailure" | "Failure";
  /** Errors without the warnings. */
  errors: TradingError[];
  /** The whole answer, unread; its values are texts. */
  body: unknown;
}

export interface TradingError {
  code: string;
  message: string;
}

/** Token expired, token invalid, and the two that older calls say it with. */
const TOKEN_ERRORS = new Set(["21917053", "21916984", "931", "932"]);
/** "Call usage limit has been reached." */
const USAGE_ERRORS = new Set(["518"]);
/** "Internal error to the application." */
const SYSTEM_ERRORS = new Set(["10007"]);

const USAGE_RETRY_MS = 10 * 60_000;

/** Runs a call of the library, which throws what eBay answered with Ack "Failure". */
export async function tradingAnswer(
  run: () => Promise<unknown>,
  kind: CallKind,
  now: number,
): Promise<Answered<TradingAnswer> | "expired"> {
  const body = await run().catch((error: unknown) => {
    if (error instanceof libraryErrors.EBayApiError) return error.meta as unknown;
    throw error;
  });
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return unreadable("a Trading answer of another shape", kind);
  const errors = parsed.data.Errors.filter((one) => one.SeverityCode !== "Warning").map((one) => ({
    code: one.ErrorCode,
    message: one.LongMessage ?? one.ShortMessage ?? "no reason given",
  }));
  const has = (codes: Set<string>) => errors.find(({ code }) => codes.has(code));
  if (has(TOKEN_ERRORS)) return "expired";
  const usage = has(USAGE_ERRORS);
  if (usage) {
    return { outcome: "throttled", retryAt: now + USAGE_RETRY_MS, why: said(usage) };
  }
  return { outcome: "answered", data: { ack: parsed.data.Ack, errors, body } };
}

export const said = ({ code, message }: TradingError) => `${code} ${message}`;

/** eBay's number for it is published nowhere; what it says is. */
const REVISED_TOO_OFTEN =
  /revis.*(limit|maximum|exceed|250|too many)|(limit|maximum|exceed).*revis/i;

/** What one refused listing means, in either world. */
export function refusalOf(error: TradingError, now: number): PushResult {
  const why = said(error);
  if (REVISED_TOO_OFTEN.test(error.message)) {
    return { outcome: "exhausted", until: nextDay(now), why };
  }
  // An absolute number can be sent again, but only a read-back says whether this one counted.
  if (SYSTEM_ERRORS.has(error.code)) return { outcome: "unknown", why };
  return { outcome: "rejected", why };
}
