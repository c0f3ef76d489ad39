import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Response as Answer, Request as Asked, Express } from "express";
import { CSV_START, type CsvCell, csvLine } from "../jobs/csv.ts";
import type { ShopRow } from "../prisma/shops.ts";
import type { Gate } from "./gate.ts";
import { historyDownload } from "./history.server.ts";
import { itemsDownload } from "./items-download.ts";
import { requireMerchant } from "./merchant.server.ts";
import type { Services } from "./services.ts";

/** A file a merchant may take home: its name, and its lines, the first of which are the heads. */
export interface Download {
  name: string;
  lines: AsyncIterable<readonly CsvCell[]>;
}

/** Finds a file's lines for a shop, as the address asks. */
export type DownloadOf = (services: Services, shop: ShopRow, address: URL) => Download;

/** Every file, by its address. */
const DOWNLOADS: Record<string, DownloadOf> = {
  "/app/items.csv": itemsDownload,
  "/app/history.csv": historyDownload,
};

/**
 * The files beside the pages. Not routes of Remix: its adapter writes a stream as fast as it is
 * made, however slow the reader, so a large file would stand in memory whole.
 */
export function downloadRoutes(app: Express, services: Services, gate: Gate): void {
  for (const [path, find] of Object.entries(DOWNLOADS)) {
    app.get(path, (asked, answer, next) => {
      send(asked, answer, find, services, gate).catch(next);
    });
  }
}

async function send(
  asked: Asked,
  answer: Answer,
  find: DownloadOf,
  services: Services,
  gate: Gate,
): Promise<void> {
  const address = new URL(asked.originalUrl, `${asked.protocol}://${asked.get("Host")}`);
  const headers = Object.entries(asked.headers).map(([name, value]) => [name, String(value)]);
  const request = new Request(address, { headers: Object.fromEntries(headers) });
  try {
    const shop = await requireMerchant(
      request,
      { services, gate, from: asked.ip ?? "" },
      "data.export",
    );
    const { name, lines } = find(services, shop, address);
    answer.attachment(name).type("text/csv").set("Cache-Control", "no-store");
    await pipeline(Readable.from(texts(lines)), answer);
  } catch (error) {
    if (error instanceof Response) return refuse(answer, error);
    // Whoever closes the window in the middle of a file wanted no more of it.
    if (!answer.destroyed) throw error;
  }
}

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

const PIECE = 16_384;

/** What the gate answers to somebody it does not know: a redirect to signing in, or a refusal. */
function refuse(answer: Answer, { status, headers }: Response): void {
  const to = headers.get("Location");
  if (to === null) answer.status(status).end();
  else answer.redirect(status, to);
}
