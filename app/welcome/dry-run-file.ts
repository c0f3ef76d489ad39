import { listConnections } from "../../prisma/connections.ts";
import { channelColumns } from "../access/merchant.server.ts";
import type { DownloadRoute } from "../files/downloads.ts";
import { everyChange } from "./dry-run.server.ts";

/** Every listing that going live would change. */
export const dryRunFile: DownloadRoute = {
  path: "/app/welcome/dry-run.csv",
  permission: "onboarding.golive",
  async find(services, { id: shop }) {
    const [rows, columns] = await Promise.all([
      listConnections(services.db, shop),
      channelColumns({ services }, shop),
    ]);
    const waiting = rows.filter((row) => !row.disconnected && row.liveAt === null);
    const titles = new Map(columns.map(({ connection, title }) => [connection, title]));
    const ids = waiting.map((row) => row.id);
    return { name: "dry-run.csv", lines: linesOf(everyChange(services, shop, ids), titles) };
  },
};

async function* linesOf(
  changes: ReturnType<typeof everyChange>,
  titles: ReadonlyMap<string, string>,
) {
  yield ["channel", "sku", "title", "shows now", "would show", "counted"];
  for await (const { connection, sku, title, before, after, counted } of changes) {
    yield [titles.get(connection), sku, title, before, after, counted ? "yes" : "no"];
  }
}
