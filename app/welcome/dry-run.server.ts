import { z } from "zod";
import { BlastGauge, type BlastRadius } from "../../inventory/blast-radius.ts";
import {
  DRY_RUN_FILTERS,
  type DryRunChange,
  type DryRunFilter,
  type DryRunTotals,
  dryRunChanges,
  dryRunTotals,
} from "../../prisma/dry-run.ts";
import { readBlastLimits } from "../../prisma/guard.ts";
import type { ChannelView } from "../channels/channels.server.ts";
import type { Services } from "../services.ts";

const PAGE = 50;
/** Changes read at once by whoever reads them all. */
const CHUNK = 2_000;

const searchSchema = z.object({
  show: z.enum(DRY_RUN_FILTERS).catch("all"),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

/** What going live would change, a page at a time. */
export interface DryRun {
  totals: DryRunTotals[];
  rows: DryRunChange[];
  show: DryRunFilter;
  page: number;
  hasNext: boolean;
}

export async function readDryRun(
  { db }: Pick<Services, "db">,
  shop: string,
  waiting: readonly Pick<ChannelView, "id">[],
  address: URL,
): Promise<DryRun> {
  const { show, page } = searchSchema.parse(Object.fromEntries(address.searchParams));
  const connections = waiting.map(({ id }) => id);
  const query = { shop, connections, filter: show, order: "urgent" } as const;
  const [totals, rows] = await Promise.all([
    dryRunTotals(db, shop, connections),
    dryRunChanges(db, { ...query, offset: (page - 1) * PAGE, limit: PAGE + 1 }),
  ]);
  return { totals, rows: rows.slice(0, PAGE), show, page, hasNext: rows.length > PAGE };
}

/** Every change of some connections, one by one, in the order of their ids. */
export async function* everyChange(
  { db }: Pick<Services, "db">,
  shop: string,
  connections: readonly string[],
): AsyncGenerator<DryRunChange> {
  const query = { shop, connections, filter: "all", order: "id", limit: CHUNK } as const;
  for (let after = ""; ; ) {
    const rows = await dryRunChanges(db, { ...query, after });
    yield* rows;
    after = rows.at(-1)?.id ?? "";
    if (rows.length < CHUNK) return;
  }
}

export type LiveChange = DryRunChange & { before: number };

/** How far going live with these connections reaches. Row H4. */
export async function liveRadius(
  services: Pick<Services, "db">,
  shop: string,
  connections: readonly string[],
  totals: readonly DryRunTotals[],
): Promise<BlastRadius<LiveChange>> {
  const subject = `go live ${connections.toSorted().join(" ")}`;
  const gauge = new BlastGauge<LiveChange>(subject, await readBlastLimits(services.db, shop));
  for await (const change of everyChange(services, shop, connections)) {
    gauge.add({ ...change, before: change.before ?? 0 });
  }
  const size = totals.reduce((sum, one) => sum + one.pushed, 0);
  const live = totals.reduce((sum, one) => sum + one.showing, 0);
  return gauge.measure({ size, live });
}
