import { Readable } from "node:stream";
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from "@remix-run/node";
import { CSV_START, csvLine } from "../../jobs/csv.ts";
import { listConnections } from "../../prisma/connections.ts";
import { channelColumns, requireMerchant } from "../access/merchant.server.ts";
import { everyChange } from "../welcome/dry-run.server.ts";

/** Every listing that going live would change, as a file. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const shop = await requireMerchant(request, context, "onboarding.golive");
  const { services } = context;
  const [rows, columns] = await Promise.all([
    listConnections(services.db, shop.id),
    channelColumns(context, shop.id),
  ]);
  const waiting = rows.filter((row) => !row.disconnected && row.liveAt === null);
  const titles = new Map(columns.map(({ connection, title }) => [connection, title]));
  const ids = waiting.map((row) => row.id);
  async function* lines() {
    const heads = ["channel", "sku", "title", "shows now", "would show", "counted"];
    yield CSV_START + csvLine(heads);
    for await (const change of everyChange(services, shop.id, ids)) {
      const { connection, sku, title, before, after, counted } = change;
      yield csvLine([titles.get(connection), sku, title, before, after, counted ? "yes" : "no"]);
    }
  }
  return new Response(createReadableStreamFromReadable(Readable.from(lines())), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="dry-run.csv"',
      "Cache-Control": "no-store",
    },
  });
}
