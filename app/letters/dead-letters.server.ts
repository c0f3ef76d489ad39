import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import type { Queues } from "../../jobs/queues.ts";
import {
  type ClosedCursor,
  closedDeadLetters,
  type DeadLetterRow,
  discardDeadLetter,
  openDeadLetters,
  type Retried,
  retryDeadLetter,
} from "../../prisma/dead-letters.ts";
import { type LetterSubject, letterSubjects } from "../../prisma/letter-subjects.ts";
import { actorOf, type Merchant } from "../access/person.ts";
import { withWho } from "../access/who.server.ts";
import { placeText, readPlace } from "../page-place.ts";
import { LETTER_TEXTS } from "./letter-texts.ts";

const PAGE = 25;
/** Of those that were dealt with. */
const CLOSED = 10;

export type Letter = DeadLetterRow & { about: LetterSubject | null };

/** What waits for a person, and what was dealt with. */
export async function readDeadLetters(context: AppLoadContext, shop: string, address: URL) {
  const before = address.searchParams.get("before") ?? "";
  const [{ letters, older }, closed] = await Promise.all([
    readOpen(context, shop, /^\d{1,18}$/.test(before) ? before : undefined),
    readClosed(context, shop, address.searchParams.get("closed")),
  ]);
  return { letters, older, closed };
}

export type LettersPage = Awaited<ReturnType<typeof readDeadLetters>>;

async function readOpen(
  { services }: AppLoadContext,
  shop: string,
  before: string | undefined,
): Promise<{ letters: Letter[]; older: string | undefined }> {
  const page = { limit: PAGE + 1, before };
  const rows = await openDeadLetters(services.db, shop, page);
  const letters = rows.slice(0, PAGE);
  return {
    letters: await withSubjects(services, shop, letters),
    older: rows.length > PAGE ? letters.at(-1)?.id : undefined,
  };
}

const cursor: z.ZodType<ClosedCursor> = z.tuple([z.iso.datetime(), z.string().regex(/^\d+$/)]);

async function readClosed({ services }: AppLoadContext, shop: string, place: string | null) {
  const before = readPlace(place, cursor);
  const rows = await closedDeadLetters(services.db, shop, { limit: CLOSED + 1, before });
  const shown = rows.slice(0, CLOSED);
  const last = rows.length > CLOSED ? shown.at(-1) : undefined;
  return {
    letters: await withSubjects(services, shop, await withWho(services, shop, shown)),
    newest: before === undefined,
    older: placeText(last ? [last.closedAt.toISOString(), last.id] : null),
  };
}

async function withSubjects<L extends DeadLetterRow>(
  { db }: AppLoadContext["services"],
  shop: string,
  letters: readonly L[],
): Promise<(L & { about: LetterSubject | null })[]> {
  const subjects = await letterSubjects(db, shop, letters);
  return letters.map((letter) => ({ ...letter, about: subjects.get(letter.id) ?? null }));
}

export type LetterResult =
  | { outcome: "retried" | "discarded" }
  | { outcome: "gone" }
  | { outcome: "invalid"; letter: string; why: string };

const decision = z.object({
  intent: z.enum(["retry", "discard"]),
  letter: z.string().regex(/^\d{1,18}$/),
  reason: z.string().trim().max(500).default(""),
});

/** Retries or discards a dead letter, as a person decided. Discarding takes a reason. */
export async function decideLetter(
  { services }: AppLoadContext,
  shop: Merchant,
  form: FormData,
): Promise<LetterResult> {
  const parsed = decision.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { outcome: "gone" };
  const { intent, letter, reason } = parsed.data;
  const { db, queues, log } = services;
  if (intent === "discard") {
    if (reason === "") return { outcome: "invalid", letter, why: LETTER_TEXTS.noReason };
    const decided = { by: actorOf(shop), why: reason };
    const closed = await discardDeadLetter(db, shop.id, letter, decided);
    return { outcome: closed ? "discarded" : "gone" };
  }
  const retried = await retryDeadLetter(db, shop.id, letter, actorOf(shop));
  if (retried.outcome === "gone") return retried;
  const { job } = retried;
  const added = enqueue(queues, job);
  // The sweepers find what a queue that is away did not take.
  await added.catch((error: unknown) => log.warn({ error, letter }, "retried, not enqueued"));
  return { outcome: "retried" };
}

/** One call for each kind of job: the types of a name and its payload belong together. */
function enqueue(
  queues: Pick<Queues, "enqueue">,
  job: Extract<Retried, { outcome: "retried" }>["job"],
): Promise<void> {
  switch (job.name) {
    case "inbox.apply":
      return queues.enqueue(job.name, job.payload);
    case "push.connection":
      return queues.enqueue(job.name, job.payload);
    case "webhooks.deliver":
      return queues.enqueue(job.name, job.payload);
    default:
      return exhaustive(job);
  }
}
