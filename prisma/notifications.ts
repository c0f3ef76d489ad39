import type { NotificationKind, Problem, TargetKind } from "../inventory/notification.ts";
import { waitingCounts } from "./batches.ts";
import type { Queryable } from "./client.ts";
import { type Keyring, seal, unseal } from "./sealed.ts";

/** A target without its address: what a page may show. */
export interface TargetRow {
  kind: TargetKind;
  tries: number;
  error: string | null;
  lastSentAt: Date | null;
}

export async function listTargets(db: Queryable, shop: string): Promise<TargetRow[]> {
  const rows = await db.notifyTarget.findMany({
    where: { shopId: shop },
    orderBy: { kind: "asc" },
  });
  return rows.map(({ kind, tries, error, lastSentAt }) => {
    return { kind: kind as TargetKind, tries, error, lastSentAt };
  });
}

/** The target's addresses; null when there is none. */
export async function openTarget(
  db: Queryable,
  ring: Keyring,
  shop: string,
  kind: TargetKind,
): Promise<string[] | null> {
  const row = await db.notifyTarget.findUnique({ where: { shopId_kind: { shopId: shop, kind } } });
  return row ? (unseal(ring, shop, row.address) as string[]) : null;
}

/** Keeps addresses sealed, and forgets what failed with the ones before; none takes the target away. */
export async function saveTarget(
  db: Queryable,
  ring: Keyring,
  shop: string,
  kind: TargetKind,
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) {
    await db.notifyTarget.deleteMany({ where: { shopId: shop, kind } });
    return;
  }
  const address = seal(ring, shop, addresses);
  const fresh = { address, tries: 0, notBefore: null, error: null };
  await db.notifyTarget.upsert({
    where: { shopId_kind: { shopId: shop, kind } },
    create: { shopId: shop, kind, ...fresh },
    update: fresh,
  });
}

/** Shops whose team wants to hear. */
export async function shopsToNotify(db: Queryable): Promise<string[]> {
  const rows = await db.notifyTarget.findMany({ select: { shopId: true }, distinct: ["shopId"] });
  return rows.map(({ shopId }) => shopId);
}

/** A consent that ends within so many ms is told. */
const SOON_MS = 7 * 24 * 60 * 60 * 1_000;

/** More than this of one kind is an incident of its own: the first ones stand for it. */
const MOST = 200;

/** Everything of a shop that needs a person now. */
export async function findProblems(db: Queryable, shop: string, now: Date): Promise<Problem[]> {
  const soon = new Date(now.getTime() + SOON_MS);
  const [oversold, letters, counts, connections] = await Promise.all([
    db.$queryRaw<{ id: string; sku: string; units: number }[]>`
      select i.id, i.sku, (-s.available)::int as units
      from item_stock s join item i on i.id = s.item_id and i.shop_id = s.shop_id
      where s.shop_id = ${shop} and s.available < 0
      order by s.available limit ${MOST}`,
    db.deadLetter.findMany({
      where: { shopId: shop, state: "open" },
      orderBy: { id: "asc" },
      take: MOST,
    }),
    db.$queryRaw<{ id: string; title: string; changed: number; error: string | null }[]>`
      select id::text, title, coalesce((radius->>'changed')::int, 0) as changed,
        error
      from batch where ${waitingCounts(shop)} order by id limit ${MOST}`,
    db.connection.findMany({
      where: {
        shopId: shop,
        disconnectedAt: null,
        OR: [{ shutOut: { not: null } }, { reconnectBy: { lte: soon } }],
      },
      select: { id: true, name: true, shutOut: true, reconnectBy: true },
    }),
  ]);
  return [
    ...oversold.map(({ id, sku, units }): Problem => {
      return { kind: "oversold", subject: id, name: sku, detail: { units } };
    }),
    ...letters.map(({ id, kind, error }): Problem => {
      const name = kind === "push" ? "A push" : "A message";
      return { kind: "dead-letter", subject: String(id), name, detail: { why: error } };
    }),
    ...counts.map(({ id, title, changed, error }): Problem => {
      const detail = error === null ? { units: changed } : { why: error };
      return { kind: "waiting-counts", subject: id, name: title, detail };
    }),
    ...connections.map(({ id, name, shutOut, reconnectBy }): Problem => {
      if (shutOut) return { kind: "shut-out", subject: id, name, detail: { why: shutOut } };
      const at = reconnectBy?.getTime() ?? now.getTime();
      return { kind: "reconnect", subject: id, name, detail: { at } };
    }),
  ];
}

/** Writes down what needs a person now, each once, and forgets what does not any more. */
export async function recordProblems(
  db: Queryable,
  shop: string,
  problems: readonly Problem[],
  now: Date,
): Promise<void> {
  const rows = JSON.stringify(problems);
  await db.$executeRaw`
    with now_so as (
      select * from jsonb_to_recordset(${rows}::jsonb)
        as p(kind text, subject text, name text, detail jsonb)
    ), over as (
      delete from notification n where n.shop_id = ${shop} and not exists (
        select from now_so p where p.kind = n.kind and p.subject = n.subject)
    )
    insert into notification (shop_id, kind, subject, name, detail, since)
    select ${shop}, kind, subject, name, detail, ${now} from now_so
    on conflict (shop_id, kind, subject) do nothing`;
}

export interface Untold extends Problem {
  since: Date;
}

/** What a target has not been told of, the oldest first; none while it is not to be tried again. */
export async function untold(
  db: Queryable,
  shop: string,
  kind: TargetKind,
  now: Date,
): Promise<Untold[]> {
  return db.$queryRaw<Untold[]>`
    select n.kind, n.subject, n.name, n.detail, n.since
    from notification n
    join notify_target t on t.shop_id = n.shop_id and t.kind = ${kind}
    where n.shop_id = ${shop} and not (${kind} = any(n.told))
      and (t.not_before is null or t.not_before <= ${now})
    order by n.since, n.kind, n.subject`;
}

/** They arrived. */
export async function markTold(
  db: Queryable,
  shop: string,
  kind: TargetKind,
  told: readonly { kind: NotificationKind; subject: string }[],
  now: Date,
): Promise<void> {
  const rows = JSON.stringify(told);
  await db.$executeRaw`
    update notification n set told = array_append(n.told, ${kind})
    from jsonb_to_recordset(${rows}::jsonb) as p(kind text, subject text)
    where n.shop_id = ${shop} and n.kind = p.kind and n.subject = p.subject
      and not (${kind} = any(n.told))`;
  await db.notifyTarget.updateMany({
    where: { shopId: shop, kind },
    data: { tries: 0, notBefore: null, error: null, lastSentAt: now },
  });
}

/** They did not: tried again later, further apart each time, up to an hour. */
export async function noteFailure(
  db: Queryable,
  shop: string,
  kind: TargetKind,
  error: string,
  now: Date,
): Promise<void> {
  await db.$executeRaw`
    update notify_target set tries = tries + 1, error = ${error.slice(0, 300)},
      not_before = ${now}::timestamptz
        + least(3600, 30 * power(2, least(tries, 7))) * interval '1 second'
    where shop_id = ${shop} and kind = ${kind}`;
}
