import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Response as Answer, Request as Asked, Express } from "express";
import type { Permission } from "../../inventory/role.ts";
import { CSV_START, type CsvCell, csvLine } from "../../jobs/csv.ts";
import type { ShopRow } from "../../prisma/shops.ts";
import { requireMerchant } from "../access/merchant.server.ts";
import type { Merchant } from "../access/person.ts";
import type { Gate } from "../gate.ts";
import { historyDownload } from "../history/history.server.ts";
import { itemsDownload } from "../items/items-download.ts";
import type { Services } from "../services.ts";
import { dryRunFile } from "../welcome/dry-run-file.ts";
import { batchChangesFile, batchRowsFile } from "./batch-rows.ts";
import { exportFile } from "./exports.ts";
import { ruleChangesFile } from "./rule-changes.ts";
import { templateFile } from "./templates.ts";

/** A file a merchant may take home: its name, and its lines, the first of which are the heads. */
export interface Download {
  name: string;
  lines: AsyncIterable<readonly CsvCell[]> | Iterable<readonly CsvCell[]>;
}

/** A file by its address. Null: there is none. */
export interface DownloadRoute {
  /** As express has it: "/app/export/:kind.csv". */
  path: string;
  permission: Permission;
  find(
    services: Services,
    shop: Merchant,
    address: URL,
    names: Record<string, string>,
  ): Promise<Download | null>;
}

const DOWNLOADS: readonly DownloadRoute[] = [
  plain("/app/items.csv", itemsDownload),
  plain("/app/history.csv", historyDownload),
  exportFile,
  templateFile,
  ruleChangesFile,
  batchChangesFile,
  batchRowsFile,
  dryRunFile,
];

/** A file that is always there, for whoever may take files home. */
function plain(
  path: string,
  find: (services: Services, shop: ShopRow, address: URL) => Download,
): DownloadRoute {
  return {
    path,
    permission: "data.export",
    find: async (services, shop, at) => find(services, shop, at),
  };
}

/**
 * The files beside the pages. Not routes of Remix: its adapter writes a stream as fast as it is
 * made, however slow the reader, so a large file would stand in memory whole.
 */
export function downloadRoutes(app: Express, services: Services, gate: Gate): void {
  for (const route of DOWNLOADS) {
    app.get(route.path, (asked, answer, next) => {
      send(asked, answer, route, services, gate).catch(next);
    });
  }
}

async function send(
  asked: Asked,
  answer: Answer,
  route: DownloadRoute,
  services: Services,
  gate: Gate,
): Promise<void> {
  const request = requestOf(asked);
  try {
    const shop = await requireMerchant(
      request,
      { services, gate, from: asked.ip ?? "" },
      route.permission,
    );
    const found = await route.find(services, shop, new URL(request.url), asked.params);
    if (!found) return void answer.status(404).type("text/plain").send("There is no such file.\n");
    answer.attachment(found.name).type("text/csv").set("Cache-Control", "no-store");
    await pipeline(Readable.from(texts(found.lines)), answer);
  } catch (error) {
    if (error instanceof Response) return refuse(answer, error);
    // Whoever closes the window in the middle of a file wanted no more of it.
    if (!answer.destroyed) throw error;
  }
}

/** What the gate looks at: the address and the headers, never the body. */
export function requestOf(asked: Asked): Request {
  const address = new URL(asked.originalUrl, `${asked.protocol}://${asked.get("Host")}`);
  const headers = Object.entries(asked.headers).map(([name, value]) => [name, String(value)]);
  return new Request(address, { headers: Object.fromEntries(headers) });
}

/** What the gate answers to somebody it does not let in: a redirect to signing in, or a refusal. */
export async function refuse(answer: Answer, response: Response): Promise<void> {
  const to = response.headers.get("Location");
  if (to !== null) return answer.redirect(response.status, to);
  answer
    .status(response.status)
    .type("text/plain")
    .send(await response.text());
}

const PIECE = 16_384;

/** Lines gathered into pieces worth sending, which are made when the reader has room for them. */
async function* texts(lines: Download["lines"]): AsyncGenerator<string> {
  let text = CSV_START;
  for await (const line of lines) {
    text += csvLine(line);
    if (text.length < PIECE) continue;
    yield text;
    text = "";
  }
  yield text;
}
