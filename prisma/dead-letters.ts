import { bury } from "./bury.ts";
import { type Database, Prisma, type Queryable } from "./client.ts";
import { reviveMessage } from "./inbox.ts";
import { reviveDelivery } from "./webhook-deliveries.ts";

/** Work that was given up after three tries. A person reads, retries or discards it. Row D9. */
export interface DeadLetterRow {
  id: string;
  kind: "message" | "push" | "webhook";
  /** Id of the inbox message, of the listing, or of the delivery. */
  subject: string;
  error: string;
  createdAt: Date;
}

/** What the caller does next, after commit: the work itself is done by its job. */
export type Retried =
  | { outcome: "retried"; job: { name: "inbox.apply"; payload: { message: string } } }
  | { outcome: "retried"; job: { name: "push.connection"; payload: { connection: string } } }
  | { outcome: "retried"; job: { name: "webhooks.deliver"; payload: { endpoint: string } } }
  /** The shop has no open dead letter of this id. */
  | { outcome: "gone" };

/** Keeps pushes that were given up, one open letter per listing, with the latest reason. */
export async function buryPushes(
  db: Database,
  shop: string,
  pushes: readonly { listing: string; error: string }[],
): Promise<void> {
  await db.$transaction(async (tx) => {
    for (const { listing, error } of pushes) {
      const open = { shopId: shop, kind: "push", subject: listing, state: "open" };
      const { count } = await tx.deadLetter.updateMany({ where: open, data: { error } });
      if (count === 0) await bury(tx, { shop, kind: "push", subject: listing, error });
    }
  });
}

/** Open dead letters, the newest first. */
export async function openDeadLetters(
  db: Queryable,
  shop: string,
  { limit, before }: { limit: number; before?: string },
): Promise<DeadLetterRow[]> {
  const rows = await db.deadLetter.findMany({
    where: {
      shopId: shop,
      state: "open",
      ...(before === undefined ? {} : { id: { lt: BigInt(before) } }),
    },
    orderBy: { id: "desc" },
    take: limit,
  });
  return rows.map(({ id, kind, subject, error, createdAt }) => ({
    id: String(id),
    kind: kind as DeadLetterRow["kind"],
    subject,
    error,
    createdAt,
  }));
}

/** One that is dealt with: retried or discarded, by somebody or by what happened since. */
export interface ClosedLetterRow extends DeadLetterRow {
  state: "retried" | "discarded";
  closedAt: Date;
  why: string | null;
  /** Who closed it; null = nobody had to. */
  actor: string | null;
}

/** A place between two closed letters. */
export type ClosedCursor = readonly [closedAt: string, id: string];

/** Dead letters that were dealt with, the last one first, before the one the cursor names. */
export async function closedDeadLetters(
  db: Queryable,
  shop: string,
  { limit, before }: { limit: number; before?: ClosedCursor | undefined },
): Promise<ClosedLetterRow[]> {
  const beyond = before
    ? Prisma.sql`and (closed_at, id) < (${new Date(before[0])}, ${BigInt(before[1])})`
    : Prisma.empty;
  return db.$queryRaw<ClosedLetterRow[]>`
    select id::text, kind, subject, error, created_at as "createdAt", state,
      closed_at as "closedAt", closed_why as why, closed_by as actor
    from dead_letter
    where shop_id = ${shop} and state <> 'open' and closed_at is not null ${beyond}
    order by closed_at desc, id desc limit ${limit}`;
}

/** Gives the work all its tries back. The caller enqueues the job that the answer names. */
export async function retryDeadLetter(
  db: Database,
  shop: string,
  letter: string,
  by: string,
): Promise<Retried> {
  return db.$transaction(async (tx) => {
    const closed = await close(tx, shop, letter, { state: "retried", closedBy: by });
    if (!closed) return { outcome: "gone" };
    if (closed.kind === "message") {
      await reviveMessage(tx, shop, closed.subject);
      return {
        outcome: "retried",
        job: { name: "inbox.apply", payload: { message: closed.subject } },
      };
    }
    if (closed.kind === "webhook") {
      const delivery = await reviveDelivery(tx, shop, closed.subject);
      if (!delivery) return { outcome: "gone" };
      return { outcome: "retried", job: { name: "webhooks.deliver", payload: delivery } };
    }
    const listing = await tx.listing.findFirst({
      where: { id: closed.subject, shopId: shop },
      select: { id: true, connectionId: true },
    });
    if (!listing) return { outcome: "gone" };
    await tx.listing.update({
      where: { id: listing.id, shopId: shop },
      data: { tries: 0, notBefore: null },
    });
    const payload = { connection: listing.connectionId };
    return { outcome: "retried", job: { name: "push.connection", payload } };
  });
}

/**
 * Closes a dead letter without doing its work. A discarded push stays undone until the listing
 * gets another number. False when the shop has no open dead letter of this id.
 */
export async function discardDeadLetter(
  db: Database,
  shop: string,
  letter: string,
  { by, why }: { by: string; why: string },
): Promise<boolean> {
  const closed = { state: "discarded", closedBy: by, closedWhy: why } as const;
  return (await close(db, shop, letter, closed)) !== null;
}

/** Only the first of two people closes it. */
async function close(
  db: Queryable,
  shop: string,
  letter: string,
  closed: { state: "retried" | "discarded"; closedBy: string; closedWhy?: string },
): Promise<{ kind: string; subject: string } | null> {
  const id = BigInt(letter);
  const { count } = await db.deadLetter.updateMany({
    where: { id, shopId: shop, state: "open" },
    data: { ...closed, closedAt: new Date() },
  });
  if (count === 0) return null;
  return db.deadLetter.findFirstOrThrow({
    where: { id, shopId: shop },
    select: { kind: true, subject: true },
  });
}
