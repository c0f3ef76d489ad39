import { minorDigits, priceOf, quantityOf } from "./cells.ts";
import { dateReader } from "./local-time.ts";
import { notStockCodes } from "./not-stock.ts";
import { OrderWindow } from "./order-window.ts";
import { type FileRow, type OrderFormat, RowCheck } from "./row.ts";
import type { SalesKind } from "./sales-line.ts";

/**
 * The columns of "Online Retail" (UCI Machine Learning Repository, DOI 10.24432/C5BW33) and its
 * sequel: one row per invoice line, invoices that start with C cancel, dates are the local time of
 * a British shop and carry no zone, prices are in pounds.
 */
export const uciFormat: OrderFormat = {
  name: "UCI Online Retail",
  required: ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice"],
  optional: ["Description", "CustomerID", "Country"],
  aliases: { invoice: "InvoiceNo", price: "UnitPrice", customer: "CustomerID" },
  order: "InvoiceNo",
  timezone: "Europe/London",
  reader: ({ timezone, currency = "GBP", dayFirst, notStock, decimalComma }) => {
    const orders = new OrderWindow(() => ({ rows: 0 }));
    const whenOf = dateReader(timezone, dayFirst ?? false);
    const codeOf = notStockCodes(notStock);
    const digits = minorDigits(currency);
    return (row) => {
      const check = new RowCheck();
      const order = row.cell("invoiceno").toUpperCase();
      if (order === "") {
        check.refuse("InvoiceNo", "is empty", "write the invoice the row belongs to");
      }
      const line = order === "" ? 0 : ++orders.of(order).rows;
      const code = codeOf(row.cell("stockcode"));
      if (code !== undefined && order !== "") return { outcome: "not-stock", code };
      const quantity = check.take("Quantity", quantityOf(row.cell("quantity"), decimalComma), 0);
      const price = priceOf(row.cell("unitprice"), digits, decimalComma);
      const unitPrice = check.take("UnitPrice", price, 0);
      const at = check.take("InvoiceDate", whenOf(row.cell("invoicedate")), 0);
      const sku = check.take("StockCode", skuOf(row.cell("stockcode")), "");
      refuseSigns(check, order, quantity, unitPrice);
      if (check.problems.length > 0) return { outcome: "bad", problems: check.problems };
      const kind = kindOf(order, quantity, unitPrice, row);
      const entry = { order, line, sku, quantity, unitPrice, currency, kind, at };
      return { outcome: "kept", lines: [{ ...entry, ...describe(row) }] };
    };
  },
};

function describe(row: FileRow) {
  return {
    title: row.cell("description").replace(/\s+/g, " "),
    country: row.cell("country") || null,
    buyer: row.cell("customerid"),
  };
}

/** This retailer typed 85123a and 85123A for one article, so case says nothing here. */
function skuOf(text: string) {
  if (text !== "") return text.toUpperCase();
  return { why: "is empty", fix: "write the code of the item that was sold" };
}

function refuseSigns(check: RowCheck, order: string, quantity: number, unitPrice: number): void {
  if (isCancellation(order) && quantity > 0) {
    check.refuse("Quantity", "is positive on a cancellation", "write it with a minus");
  }
  if (unitPrice < 0) {
    check.refuse("UnitPrice", "is negative", "write the price, and the sign at the quantity");
  }
}

function isCancellation(order: string): boolean {
  return order.startsWith("C");
}

/**
 * Nobody pays for what was found, damaged or lost: a row without a price, a customer or a second
 * row in its invoice corrects the count. With one of them it is a sale, given away.
 */
function kindOf(order: string, quantity: number, unitPrice: number, row: FileRow): SalesKind {
  if (isCancellation(order)) return "cancellation";
  if (unitPrice > 0) return quantity > 0 ? "sale" : "return";
  if (quantity < 0) return "correction";
  return row.alone && row.cell("customerid") === "" ? "correction" : "sale";
}
