import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { HOLD_SOURCES, type HoldSource } from "../../inventory/hold.ts";
import { heldAndSoldSince, heldNow, heldPage, holdsEnded } from "../../prisma/hold-page.ts";
import { readHoldTerms, saveHoldTerms } from "../../prisma/hold-settings.ts";
import { channelColumns } from "../access/merchant.server.ts";
import type { Merchant } from "../access/person.ts";
import { SPANS, spanOf, spanStart, trendOf } from "../overview/trends.ts";
import { placeText, readPlace } from "../page-place.ts";
import type { Services } from "../services.ts";
import { fieldErrors } from "../settings/field-errors.ts";
import { RELOAD, type SettingsResult } from "../settings/settings-texts.ts";
import { termsForm } from "./hold-terms-form.ts";
import { TERMS_ERRORS } from "./hold-texts.ts";
import { type Released, releaseHold } from "./release-hold.server.ts";

const PAGE = 50;

const cursor = z.tuple([z.iso.datetime(), z.string()]);
const source = z.enum(HOLD_SOURCES).optional().catch(undefined);

/** Everything the page of holds shows, of the part of it that the address names. */
export async function readHolds(context: AppLoadContext, { id: shop }: Merchant, url: string) {
  const { db, now } = context.services;
  const { searchParams: search } = new URL(url);
  const from: HoldSource | undefined = source.parse(search.get("from") ?? undefined);
  const at = now();
  const span = spanOf(url);
  const since = new Date(spanStart(span, at));
  const place = {
    after: readPlace(search.get("after"), cursor),
    before: readPlace(search.get("before"), cursor),
  };
  const [page, held, ended, moved, terms, columns] = await Promise.all([
    heldPage(db, { ...place, shop, source: from, now: new Date(at), limit: PAGE }),
    heldNow(db, shop, new Date(at)),
    holdsEnded(db, shop, since),
    heldAndSoldSince(db, shop, since, SPANS[span].stepMs / 1_000),
    readHoldTerms(db, shop),
    channelColumns(context, shop),
  ]);
  return {
    ...{ rows: page.rows, from, held, ended, span, terms, columns, now: at },
    ends: { previous: placeText(page.previous), next: placeText(page.next) },
    trend: trendOf(moved, span, at),
    embedded: context.gate.embedded,
  };
}

export type HoldsPage = Awaited<ReturnType<typeof readHolds>>;

export type HoldsResult = SettingsResult | Released;

const release = z.object({ intent: z.literal("release"), hold: z.string().min(1).max(200) });

/** Does what a form of the page says: gives a hold back, or keeps new rules. */
export async function changeHolds(
  services: Services,
  merchant: Merchant,
  form: FormData,
): Promise<HoldsResult> {
  const sent = Object.fromEntries(form);
  const released = release.safeParse(sent);
  if (released.success) return releaseHold(services, merchant, released.data.hold);
  const terms = termsForm.safeParse(sent);
  if (!terms.success) {
    const errors = fieldErrors(terms.error, TERMS_ERRORS);
    return errors ? { outcome: "invalid", errors } : { outcome: "refused", why: RELOAD };
  }
  const connections = await saveHoldTerms(services.db, merchant.id, terms.data);
  // The daily look at each connection finds what a queue that is away did not take.
  for (const connection of connections) {
    await services.queues
      .enqueue("connection.health", { connection })
      .catch((error: unknown) => services.log.warn({ error, connection }, "kept, not enqueued"));
  }
  return { outcome: "saved" };
}
