import type { Queryable } from "./client.ts";
import type { PushJob } from "./pushes.ts";
import { at } from "./sql-time.ts";

/** A file of quantities whose result is not known yet. */
export interface OpenFile {
  id: string;
  /** The marketplace's name of it; null = handed over, and no answer was heard. */
  externalId: string | null;
  submittedAt: number;
  /** As they were submitted, in their order. */
  jobs: PushJob[];
}

/** The marketplace has taken the file. False when it was given up meanwhile. */
export async function fileSubmitted(
  db: Queryable,
  shop: string,
  file: string,
  { externalId, checkAfter }: { externalId: string; checkAfter: number },
): Promise<boolean> {
  const changed = await db.$executeRaw`
    update push_file set state = 'processing', external_id = ${externalId},
      check_after = ${at(checkAfter)}
    where id = ${BigInt(file)} and shop_id = ${shop} and state = 'submitting'`;
  return changed > 0;
}

/** The next file of a connection that is due to be looked at, at `now` (ms). */
export async function dueFile(
  db: Queryable,
  shop: string,
  connection: string,
  now: number,
): Promise<OpenFile | null> {
  const [row] = await db.$queryRaw<OpenFile[]>`
    select id::text, external_id as "externalId", lines as jobs,
      (extract(epoch from submitted_at) * 1000)::float8 as "submittedAt"
    from push_file
    where shop_id = ${shop} and connection_id = ${connection}
      and state in ('submitting', 'processing') and check_after <= ${at(now)}
    order by check_after, id limit 1`;
  return row ?? null;
}

/** When the next file of a connection is to be looked at, in ms; null = none is open. */
export async function nextFileAt(
  db: Queryable,
  shop: string,
  connection: string,
): Promise<number | null> {
  const [row] = await db.$queryRaw<{ next: number | null }[]>`
    select (extract(epoch from min(check_after)) * 1000)::float8 as next from push_file
    where shop_id = ${shop} and connection_id = ${connection}
      and state in ('submitting', 'processing')`;
  return row?.next ?? null;
}

export async function checkFileAt(
  db: Queryable,
  shop: string,
  file: string,
  checkAfter: number,
): Promise<void> {
  await db.$executeRaw`
    update push_file set check_after = ${at(checkAfter)}
    where id = ${BigInt(file)} and shop_id = ${shop}`;
}

/**
 * The file is done with: what became of its lines is recorded with this, in one transaction. False
 * when somebody else has done it. The lines themselves are in the history of pushes from here on.
 */
export async function finishFile(
  db: Queryable,
  shop: string,
  file: string,
  end: { state: "processed" | "failed"; error: string | null; now: number },
): Promise<boolean> {
  const changed = await db.$executeRaw`
    update push_file set state = ${end.state}, error = ${end.error?.slice(0, 500) ?? null},
      finished_at = ${at(end.now)}
    where id = ${BigInt(file)} and shop_id = ${shop} and state in ('submitting', 'processing')`;
  return changed > 0;
}
