/**
 * What a day does to each SKU, summed straight from the file. Apart from the CSV library it shares
 * nothing with the importer or the replay, so that a mistake of theirs cannot hide in here.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";

/** Units by which a day changes a SKU's balances. */
export interface DaySum {
  /** Sold and not cancelled. */
  committed: number;
  /** Found (+), damaged or lost (-). */
  sellable: number;
  /** Back from customers. */
  inspection: number;
}

export interface SumOptions {
  day: string;
  timezone: string;
  dayFirst?: boolean | undefined;
  notStock?: readonly string[] | undefined;
}

type Row = Record<string, string>;

const SERVICES =
  /^(post|dot|c[23]|[mdsb]|cruk|pads|amazonfee|bank charges|adjust2?|test00[12]|gift_\d.*)$/i;

/** Sums one day of a file with the UCI columns or Shopify's. */
export async function sumDay(path: string, options: SumOptions): Promise<Map<string, DaySum>> {
  const rows: Row[] = [];
  const extra = new Set(options.notStock?.map((code) => code.toLowerCase()));
  let [shopify, order]: [boolean, Row] = [false, {}];
  for await (const row of await readRows(path)) {
    shopify = "lineitemsku" in row;
    if (!shopify && "price" in row) row.unitprice = row.price;
    if (!shopify && "invoice" in row) row.invoiceno = row.invoice;
    // The first row of a Shopify order has what belongs to all of its rows.
    if (shopify && row.name === order.name) {
      row.createdat = order.createdat ?? "";
      row.cancelledat = order.cancelledat ?? "";
    } else order = row;
    const sku = (shopify ? row.lineitemsku : row.stockcode)?.replace(/^'/, "") ?? "";
    if (extra.has(sku.toLowerCase())) continue;
    rows.push({ ...row, sku });
    const days = [row.invoicedate, row.createdat, row.cancelledat];
    if (!days.some((text) => text && dayOf(text, options) === options.day)) rows.pop();
  }
  return shopify ? sumShopify(rows, options) : sumUci(rows);
}

async function readRows(path: string): Promise<AsyncIterable<Row>> {
  const handle = await open(path);
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  await handle.close();
  const plain = createReadStream(path);
  const text = buffer.readUInt16BE(0) === 0x1f8b ? plain.pipe(createGunzip()) : plain;
  const columns = (header: string[]) =>
    header.map((name) => name.toLowerCase().replace(/\W|_/g, ""));
  return text.pipe(
    parse({ columns, bom: true, trim: true, relax_quotes: true, relax_column_count: true }),
  );
}

function dayOf(text: string, { timezone, dayFirst }: SumOptions): string {
  if (/[+-]\d\d:?\d\d$|Z$|UTC$/.test(text)) {
    return new Intl.DateTimeFormat("en-CA", { timeZone: timezone }).format(new Date(text));
  }
  const [a = "", b = "", c = ""] = text.split(/[ T]/)[0]?.split(/[-/.]/) ?? [];
  const [year, month, day] = a.length === 4 ? [a, b, c] : dayFirst ? [c, b, a] : [c, a, b];
  return `${year.padStart(4, "20")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function sumUci(rows: readonly Row[]): Map<string, DaySum> {
  const rowsOf = new Map<string, number>();
  for (const { invoiceno = "" } of rows) rowsOf.set(invoiceno, (rowsOf.get(invoiceno) ?? 0) + 1);
  const sums = new Map<string, DaySum>();
  /** Units a customer has bought of a SKU and not cancelled. */
  const bought = new Map<string, number>();
  for (const row of rows) {
    const { invoiceno = "", sku = "", customerid = "" } = row;
    const [units, price] = [Number(row.quantity), Number(row.unitprice)];
    if (!units || !Number.isInteger(units) || !(price >= 0) || sku === "" || SERVICES.test(sku))
      continue;
    const sum = sumOf(sums, sku.toUpperCase());
    const buyer = `${customerid}/${sku.toUpperCase()}`;
    const free = price === 0 && (units < 0 || (customerid === "" && rowsOf.get(invoiceno) === 1));
    if (/^c/i.test(invoiceno)) {
      if (units > 0) continue;
      const explained = customerid === "" ? 0 : Math.min(-units, bought.get(buyer) ?? 0);
      bought.set(buyer, (bought.get(buyer) ?? 0) - explained);
      sum.committed -= explained;
    } else if (free) sum.sellable += units;
    else if (units < 0) sum.inspection -= units;
    else {
      sum.committed += units;
      bought.set(buyer, (bought.get(buyer) ?? 0) + units);
    }
  }
  return sums;
}

function sumShopify(rows: readonly Row[], options: SumOptions): Map<string, DaySum> {
  const sums = new Map<string, DaySum>();
  for (const row of rows) {
    const { sku = "", createdat = "", cancelledat = "" } = row;
    const units = Number(row.lineitemquantity);
    if (!(units > 0) || sku === "" || row.lineitemrequiresshipping === "false") continue;
    const kept = cancelledat === "" || dayOf(cancelledat, options) !== options.day;
    const sum = sumOf(sums, sku);
    if (kept && dayOf(createdat, options) === options.day) sum.committed += units;
  }
  return sums;
}

function sumOf(sums: Map<string, DaySum>, sku: string): DaySum {
  const sum = sums.get(sku) ?? { committed: 0, sellable: 0, inspection: 0 };
  sums.set(sku, sum);
  return sum;
}
