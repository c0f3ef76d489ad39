import { type Database, Prisma, type Queryable } from "./client.ts";
import { EXPECTED, RAISES, TARGET } from "./push-numbers.ts";
import { GROUP, OPEN_UNITS, type PushTerms, revisionsOf, USED } from "./push-terms.ts";
import {
  claimable,
  isOpen,
  mayRaise,
  ofConnection,
  type PushAnswer,
  type PushJob,
  REST_MS,
} from "./pushes.ts";
import { at, MS, millisOf } from "./sql-time.ts";

export interface ClaimOptions {
  /** Lines of one call. */
  limit: number;
  /** Calls that are claimed for at once. */
  calls: number;
  now: number;
  terms: PushTerms;
}

/**
 * Takes listings to send now, for so many calls: what lowers first, then what is least covered. From
 * here until their answers are recorded they are in doubt, so that a crash in between is noticed
 * (and two processes never send the same listing at once).
 */
export async function claimPushes(
  db: Database,
  shop: string,
  connection: string,
  { limit, calls, now, terms }: ClaimOptions,
): Promise<PushJob[][]> {
  const claim = {
    ...{ shop, connection, now, terms, taken: Prisma.sql`in_doubt = true` },
    lines: terms.oneGroup ? ofGroups(limit, calls) : foremost(limit * calls, 0),
  };
  const jobs = await inTurn(db, claim, (tx) => take(tx, claim));
  const byCall = terms.oneGroup ? [...Map.groupBy(jobs, (job) => job.group).values()] : [jobs];
  return byCall.flatMap((own) => inParts(own, limit));
}

/** Lines handed to a file, and where the file is written down. */
export interface ClaimedFile {
  file: string;
  jobs: PushJob[];
}

/**
 * Takes listings into a file that is about to be submitted, but for the first `skip` of them. While
 * they are in it nobody else may claim them. Null: there was none.
 */
export async function claimFile(
  db: Database,
  shop: string,
  connection: string,
  options: { limit: number; skip: number; now: number; giveUpAt: number; terms: PushTerms },
): Promise<ClaimedFile | null> {
  const { limit, skip, now, giveUpAt, terms } = options;
  return db.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ id: bigint }[]>`
      insert into push_file (shop_id, connection_id, state, lines, submitted_at, check_after)
      values (${shop}, ${connection}, 'submitting', '[]', ${at(now)}, ${at(giveUpAt)})
      returning id`;
    const file = row?.id ?? 0n;
    const taken = Prisma.sql`file_id = ${file}::bigint`;
    const claim: Claim = { shop, connection, now, terms, taken, lines: foremost(limit, skip) };
    await takeTurn(tx, claim);
    const jobs = await take(tx, claim);
    if (jobs.length === 0) {
      await tx.$executeRaw`delete from push_file where id = ${file} and shop_id = ${shop}`;
      return null;
    }
    await tx.$executeRaw`
      update push_file set lines = ${JSON.stringify(jobs)}::jsonb
      where id = ${file} and shop_id = ${shop}`;
    return { file: String(file), jobs };
  }, LARGE);
}

/** A file has thousands of lines. */
const LARGE = { timeout: 60_000, maxWait: 10_000 };

/** Which of the claimable lines are taken: SQL that selects them `from line`, in their order. */
interface Claim {
  shop: string;
  connection: string;
  now: number;
  terms: PushTerms;
  lines: Prisma.Sql;
  /** How it is marked on the listing. */
  taken: Prisma.Sql;
}

const FOREMOST_FIRST = Prisma.sql`raises, target, seq, id`;

function foremost(limit: number, skip: number): Prisma.Sql {
  return Prisma.sql`select * from line order by ${FOREMOST_FIRST} limit ${limit} offset ${skip}`;
}

/** The groups of the most urgent lines, each with all that is to be told of it. */
function ofGroups(limit: number, calls: number): Prisma.Sql {
  return Prisma.sql`
    select id, push_group, raises, target, seq, used from (
      select line.*, row_number() over (partition by push_group order by ${FOREMOST_FIRST}) as nth
      from line where push_group in (
        select push_group from (
          select push_group, row_number() over (order by ${FOREMOST_FIRST}) as place
          from (select * from line order by ${FOREMOST_FIRST} limit ${limit * calls}) first_lines
        ) heads group by push_group order by min(place) limit ${calls})
    ) grouped where nth <= ${limit}`;
}

/** Where a budget is counted, claims of a connection take turns: two could both see the last one. */
async function inTurn<T>(
  db: Database,
  claim: Claim,
  run: (tx: Queryable) => Promise<T>,
): Promise<T> {
  if (!claim.terms.revisions) return run(db);
  return db.$transaction(async (tx) => {
    await takeTurn(tx, claim);
    return run(tx);
  }, LARGE);
}

async function takeTurn(tx: Queryable, { connection, terms }: Claim): Promise<void> {
  if (!terms.revisions) return;
  await tx.$executeRaw`
    select pg_advisory_xact_lock(hashtextextended(${`revisions/${connection}`}, 0))`;
}

/** Claims in one statement, counting in the budget what it claims. */
async function take(db: Queryable, claim: Claim): Promise<PushJob[]> {
  const { shop, connection, now, terms, lines, taken } = claim;
  const rows = await db.$queryRaw<(PushJob & { raises: boolean })[]>`
    with line as (
      select l.id, ${GROUP} as push_group, ${RAISES} as raises, ${TARGET} as target,
        l.planned_seq as seq, ${terms.revisions ? USED : Prisma.sql`0`} as used
      from listing l ${revisionsOf(terms)}
      where ${mayGo(claim)}
    ), chosen as (${lines}
    ), claimed as (
      select l.id, c.raises from (
        select *, row_number() over (partition by push_group order by ${FOREMOST_FIRST}) as nth
        from chosen
      ) c join listing l on l.id = c.id
      where ${withinBudget(terms)} and ${UNTAKEN}
      order by l.id for update of l skip locked
    ), updated as (
      update listing l set ${taken},
        rest_until = greatest(coalesce(l.rest_until, '-infinity'), ${at(now)}) + ${REST_MS} * ${MS}
      from claimed c where l.id = c.id
      returning l.id as listing, l.item_id as item, l.external_id as "externalId", l.handle,
        ${GROUP} as "group", l.planned_seq::float8 as seq, ${TARGET} as quantity,
        ${KNOWN} as expected, ${millisOf(Prisma.sql`l.accepted_at`)} as "acceptedAt",
        l.sold_since as "soldSince", l.again, l.tries,
        gen_random_uuid()::text as key,
        ${terms.openUnits ? OPEN_UNITS : Prisma.sql`null::int`} as "openUnits",
        ${terms.revisions?.day ?? null}::text as day, c.raises
    )${terms.revisions ? counting(shop, connection, terms.revisions.day) : Prisma.empty}
    select * from updated`;
  return rows
    .sort((a, b) => Number(a.raises) - Number(b.raises) || a.quantity - b.quantity)
    .map(({ raises: _, ...job }) => job);
}

/** What is told again without a new plan is told because nobody knows what the marketplace has. */
const KNOWN = Prisma.sql`case when l.again = 0 then ${EXPECTED} end`;

function mayGo({ shop, connection, now, terms }: Claim): Prisma.Sql {
  return Prisma.sql`${ofConnection(shop, connection)} and ${claimable(terms, now)}
    and ${isOpen(shop, connection, terms.places)}
    and (not ${RAISES} or ${mayRaise(shop, connection, terms)})`;
}

/**
 * Seen again when its row is locked: another process may have claimed it meanwhile. Rows are found
 * by their ids here: a bare `dirty` would have PostgreSQL go through the connection for each.
 */
const UNTAKEN = Prisma.sql`coalesce(l.dirty, false) and not l.in_doubt and l.file_id is null`;

/** The n-th line of a group needs n changes of its budget. */
function withinBudget({ revisions }: PushTerms): Prisma.Sql {
  if (!revisions) return Prisma.sql`true`;
  const { perDay, reserve } = revisions;
  return Prisma.sql`c.used + c.nth <=
    case when c.target = 0 then ${perDay}::int else ${perDay - reserve}::int end`;
}

function counting(shop: string, connection: string, day: string): Prisma.Sql {
  return Prisma.sql`, counted as (
    insert into revision (shop_id, connection_id, push_group, day, count)
    select ${shop}, ${connection}, u."group", ${day}::date, count(*) from updated u group by u."group"
    on conflict (connection_id, push_group, day) do update
    set count = revision.count + excluded.count)`;
}

/** Gives the budget back what was claimed and surely not sent. */
export async function giveBackRevisions(
  db: Queryable,
  shop: string,
  connection: string,
  answers: readonly PushAnswer[],
): Promise<void> {
  const unsent = answers.filter(({ after, job }) => after.unspent && job.day !== null);
  if (unsent.length === 0) return;
  const rows = JSON.stringify(unsent.map(({ job: { group, day } }) => ({ group, day })));
  await db.$executeRaw`
    update revision r set count = greatest(0, r.count - u.count)
    from (
      select u."group", u.day, count(*)::int as count
      from jsonb_to_recordset(${rows}::jsonb) as u("group" text, day date) group by 1, 2
    ) u
    where r.connection_id = ${connection} and r.shop_id = ${shop}
      and r.push_group = u."group" and r.day = u.day`;
}

function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) =>
    all.slice(n * size, (n + 1) * size),
  );
}
