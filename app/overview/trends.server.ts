import type { Queryable } from "../../prisma/client.ts";
import { pushedSince, soldSince } from "../../prisma/trends.ts";
import { SPANS, type Span, spanStart, type Trends, trendOf } from "./trends.ts";

/** What the overview's charts show of the last hour or day. */
export async function readTrends(
  db: Queryable,
  shop: string,
  span: Span,
  now: number,
): Promise<Trends> {
  const since = new Date(spanStart(span, now));
  const seconds = SPANS[span].stepMs / 1_000;
  const [sold, pushed] = await Promise.all([
    soldSince(db, shop, since, seconds),
    pushedSince(db, shop, since, seconds),
  ]);
  return { span, sold: trendOf(sold, span, now), pushed: trendOf(pushed, span, now) };
}
