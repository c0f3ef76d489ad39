import type { Queryable } from "./client.ts";
import type { Mark } from "./record.ts";

/** Every partition's mark. Partitions hold many shops' items, so marks belong to none. */
export async function readMarks(db: Queryable): Promise<Mark[]> {
  const rows = await db.partitionMark.findMany({ orderBy: { partition: "asc" } });
  return rows.map(({ partition, seq, at }) => ({ partition, seq: Number(seq), at }));
}
