import { batchChanges } from "../../jobs/batches/changes.ts";
import { listRows } from "../../prisma/batch-rows.ts";
import { findBatch } from "../../prisma/batches.ts";
import type { Database } from "../../prisma/client.ts";
import { changeLines } from "./change-lines.ts";
import type { DownloadRoute } from "./downloads.ts";
import { refuseUnseen } from "./see-kind.server.ts";

const PAGE = 1_000;

/** Every line of a batch that is not right, with what is wrong and what to do. */
export const batchRowsFile: DownloadRoute = {
  path: "/app/batches/:id/problems.csv",
  permission: "data.import",
  async find({ db }, merchant, _address, { id = "" }) {
    const batch = await findBatch(db, merchant.id, id);
    if (!batch) return null;
    refuseUnseen(merchant, batch.kind);
    return { name: `batch-${id}-problems.csv`, lines: problemLines(db, merchant.id, id) };
  },
};

/** Every number that a checked batch would change, from and to (rows B1 and H4). */
export const batchChangesFile: DownloadRoute = {
  path: "/app/batches/:id/changes.csv",
  permission: "data.import",
  async find({ db }, merchant, _address, { id = "" }) {
    const batch = await findBatch(db, merchant.id, id);
    if (batch?.state !== "checked") return null;
    refuseUnseen(merchant, batch.kind);
    const what = batch.kind === "quantities" ? "items" : "listings";
    return { name: `batch-${id}-${what}.csv`, lines: changeLines(batchChanges(db, batch)) };
  },
};

async function* problemLines(db: Database, shop: string, batch: string) {
  yield ["Line", "Column", "What is wrong", "What to do"];
  for (let after = -1; ; ) {
    const rows = await listRows(db, shop, batch, { only: "problems", after, limit: PAGE });
    for (const { line, problems } of rows) {
      for (const { column, why, fix } of problems ?? []) yield [line, column, why, fix];
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.line;
  }
}
