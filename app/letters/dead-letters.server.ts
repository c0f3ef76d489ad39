import type { AppLoadContext } from "@remix-run/node";
import { z } from "zod";
import { exhaustive } from "../../inventory/assert.ts";
import type { Queues } from "../../jobs/queues.ts";
import {
  type DeadLetterRow,
  discardDeadLetter,
  openDeadLetters,
  type Retried,
  retryDeadLetter,
} from "../../prisma/dead-letters.ts";
import { type LetterSubject, letterSubjects } from "../../prisma/letter-subjects.ts";
import type { Merchant } from "../access/person.ts";

const PAGE = 25;

export type Letter = DeadLetterRow & { about: LetterSubject | null };

export async function readDeadLetters(
  { services }: AppLoadContext,
  shop: string,
  before: string | undefined,
): Promise<{ letters: Letter[]; older: string | undefined }> {
  const page = { limit: PAGE + 1, before };
  const rows = await openDeadLetters(services.db, shop, page);
  const letters = rows.slice(0, PAGE);
  const subjects = await letterSubjects(services.db, shop, letters);
  return {
    letters: letters.map((letter) => ({ ...letter, about: subjects.get(letter.id) ?? null })),
    older: rows.length > PAGE ? letters.at(-1)?.id : undefined,
  };
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
    if (reason === "") return { outcome: "invalid", letter, why: "Say why it is not needed." };
    const why = `${reason} (discarded by ${shop.person.name})`;
    const closed = await discardDeadLetter(db, shop.id, letter, why);
    return { outcome: closed ? "discarded" : "gone" };
  }
  const retried = await retryDeadLetter(db, shop.id, letter, `retried by ${shop.person.name}`);
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
