import { currencyOf, minorDigits, priceOf, quantityOf } from "./cells.ts";
import { dateReader } from "./local-time.ts";
import { OrderWindow } from "./order-window.ts";
import { type FileRow, type OrderFormat, RowCheck, type RowOutcome } from "./row.ts";
import type { SalesLine } from "./sales-line.ts";

/**
 * The CSV that Shopify's admin exports from Orders: one row per line item, newest order first. What
 * belongs to the whole order (currency, cancellation, country) stands on its first row only. Text a
 * spreadsheet could take for a number carries a leading apostrophe.
 * https://help.shopify.com/en/manual/fulfillment/managing-orders/exporting-orders
 *
 * The export says how much money was refunded but not which units came back, so a refunded order
 * stays sold here; only a cancelled one is taken back, at the time of its cancellation.
 */
export const shopifyFormat: OrderFormat = {
  name: "Shopify order export",
  required: [
    "Name",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem sku",
    "Currency",
  ],
  optional: ["Cancelled at", "Lineitem requires shipping", "Shipping Country", "Billing Country"],
  aliases: { canceledat: "Cancelled at" },
  order: "Name",
  timezone: "UTC",
  reader: ({ timezone, dayFirst, notStock = [], decimalComma }) => {
    const orders = new OrderWindow<Order>(() => ({ rows: 0 }));
    const whenOf = dateReader(timezone, dayFirst ?? false);
    const services = new Set(notStock);
    return (row) => {
      const name = bare(row.cell("name"));
      if (name === "") {
        const fix = "write the order's name, e.g. #1001";
        return { outcome: "bad", problems: [{ column: "Name", why: "is empty", fix }] };
      }
      const order = orders.of(name);
      order.rows += 1;
      const check = new RowCheck();
      if (order.rows === 1) readOrder(order, row, check, whenOf);
      const service = serviceOf(row, services);
      if (service !== undefined) return { outcome: "not-stock", code: service };
      const line = readLine(name, order, row, check, decimalComma);
      if (check.problems.length > 0) return { outcome: "bad", problems: check.problems };
      return withCancellation(line, order.cancelledAt);
    };
  },
};

/** What is known of an order from its first row, for the rows below it. */
interface Order {
  rows: number;
  currency?: string;
  at?: number;
  cancelledAt?: number;
  country?: string;
}

function readOrder(
  order: Order,
  row: FileRow,
  check: RowCheck,
  whenOf: ReturnType<typeof dateReader>,
): void {
  const before = check.problems.length;
  const currency = check.take("Currency", currencyOf(row.cell("currency")), "");
  const at = check.take("Created at", whenOf(row.cell("createdat")), 0);
  const cancelled = row.cell("cancelledat");
  const cancelledAt = cancelled && check.take("Cancelled at", whenOf(cancelled), 0);
  if (check.problems.length > before) return;
  order.currency = currency;
  order.at = at;
  if (cancelledAt !== "") order.cancelledAt = cancelledAt;
  order.country = row.cell("shippingcountry") || row.cell("billingcountry");
}

/** Gift cards, services, tips: nothing leaves a shelf. So does a row that only tells of money. */
function serviceOf(row: FileRow, services: ReadonlySet<string>): string | undefined {
  const sku = bare(row.cell("lineitemsku"));
  if (services.has(sku)) return sku;
  if (row.cell("lineitemrequiresshipping").toLowerCase() === "false") return "not shipped";
  const empty = ["lineitemquantity", "lineitemname", "lineitemsku"].every(
    (key) => row.cell(key) === "",
  );
  return empty ? "no line item" : undefined;
}

function readLine(
  name: string,
  order: Order,
  row: FileRow,
  check: RowCheck,
  decimalComma: boolean,
): SalesLine {
  if (order.currency === undefined && check.problems.length === 0) {
    check.refuse("Currency", "is missing", "repair the first row of this order");
  }
  const currency = order.currency ?? "USD";
  const quantity = check.take("Lineitem quantity", quantityOf(row.cell("lineitemquantity")), 1);
  if (quantity < 0) {
    check.refuse("Lineitem quantity", "is negative", "an export has sales only: correct it");
  }
  const price = priceOf(row.cell("lineitemprice"), minorDigits(currency), decimalComma);
  const unitPrice = check.take("Lineitem price", price, 0);
  if (unitPrice < 0) check.refuse("Lineitem price", "is negative", "write the price of one unit");
  const sku = bare(row.cell("lineitemsku"));
  if (sku === "") {
    check.refuse("Lineitem sku", "is empty", "give the variant a SKU in Shopify, export again");
  }
  const title = row.cell("lineitemname").replace(/\s+/g, " ");
  const base = { order: name, line: order.rows, sku, title, quantity, unitPrice, currency };
  const country = order.country || null;
  return { ...base, kind: "sale", at: order.at ?? 0, country, buyer: "" };
}

function withCancellation(line: SalesLine, cancelledAt: number | undefined): RowOutcome {
  if (cancelledAt === undefined) return { outcome: "kept", lines: [line] };
  const back = { line: -line.line, quantity: -line.quantity, at: cancelledAt };
  return { outcome: "kept", lines: [line, { ...line, ...back, kind: "cancellation" }] };
}

/** SKUs keep their case: to Shopify "a-1" and "A-1" are two. */
function bare(text: string): string {
  return text.replace(/^'/, "").trim();
}
