import type { BatchKind } from "../../inventory/batch.ts";
import type { CsvCell } from "../../jobs/csv.ts";
import { FORMATS } from "../../jobs/imports/formats.ts";
import { listRules } from "../../prisma/buffers.ts";
import type { Database } from "../../prisma/client.ts";
import { exportItems, exportShelves } from "../../prisma/exports.ts";
import { listMatches } from "../../prisma/listing-matches.ts";
import { listLocations } from "../../prisma/locations.ts";
import { skusOfItems } from "../../prisma/skus.ts";
import type { DownloadRoute } from "./downloads.ts";
import { asBatchKind } from "./import-kind.ts";
import { refuseUnseen } from "./see-kind.server.ts";

type Rows = AsyncGenerator<Record<string, CsvCell>>;

/** What the shop has, in the very columns that are imported: a file can go out, and back in. */
export const exportFile: DownloadRoute = {
  path: "/app/export/:kind.csv",
  permission: "data.export",
  async find({ db, now }, merchant, _address, names) {
    const kind = asBatchKind(names.kind);
    if (!kind) return null;
    refuseUnseen(merchant, kind);
    const shop = merchant.id;
    const day = new Date(now()).toISOString().slice(0, 10);
    return { name: `ballast-${kind}-${day}.csv`, lines: linesOf(kind, ROWS[kind](db, shop)) };
  },
};

/** Columns that help to read a file and are not imported. */
const BESIDE: Record<BatchKind, readonly string[]> = {
  quantities: ["Title"],
  items: [],
  locations: [],
  buffers: [],
  listings: ["Listing SKU", "Listing title"],
};

async function* linesOf(kind: BatchKind, rows: Rows): AsyncGenerator<CsvCell[]> {
  const columns = FORMATS[kind].columns.filter(({ key }) => key !== "change" && key !== "reason");
  const beside = BESIDE[kind];
  yield [...columns.map(({ title }) => title), ...beside];
  for await (const row of rows) {
    yield [...columns.map(({ key }) => row[key]), ...beside.map((name) => row[name])];
  }
}

const ROWS: Record<BatchKind, (db: Database, shop: string) => Rows> = {
  items: async function* (db, shop) {
    for await (const page of exportItems(db, shop)) for (const item of page) yield { ...item };
  },
  quantities: async function* (db, shop) {
    for await (const page of exportShelves(db, shop)) {
      for (const { title, ...shelf } of page) yield { ...shelf, Title: title };
    }
  },
  locations: async function* (db, shop) {
    for (const { code, name, priority } of await listLocations(db, shop)) {
      yield { code, name, priority };
    }
  },
  buffers: bufferRows,
  listings: async function* (db, shop) {
    for (let after = ""; ; ) {
      const page = await listMatches(db, shop, { after, limit: 1_000 });
      for (const { channel, account, externalId, parts, sku, title } of page) {
        yield {
          ...{ channel, account, listing: externalId },
          sku: parts.map((part) => part.sku).join(" | "),
          units: parts.map((part) => part.units).join(" | "),
          ...{ "Listing SKU": sku, "Listing title": title },
        };
      }
      const last = page.at(-1);
      if (!last) return;
      after = last.id;
    }
  },
};

async function* bufferRows(db: Database, shop: string): Rows {
  const rules = await listRules(db, shop);
  const skus = await skusOfItems(
    db,
    shop,
    rules.flatMap((rule) => rule.item ?? []),
  );
  for (const { channel, category, item, buffer, floor, cap, showLastUnit } of rules) {
    const value =
      buffer.kind === "percent" ? buffer.show : buffer.kind === "fixed" ? buffer.units : "";
    yield {
      ...{ channel, category, sku: skus.get(item ?? ""), kind: buffer.kind, value, floor, cap },
      lastUnit: showLastUnit ? "yes" : "no",
    };
  }
}
