/**
 * What a past order line did to stock. A correction is no sale: units found, damaged or lost that
 * a retailer's system writes among the orders.
 */
export const SALES_KINDS = ["sale", "cancellation", "return", "correction"] as const;
export type SalesKind = (typeof SALES_KINDS)[number];

/** One past order line, as a file told it. */
export interface SalesLine {
  /** Invoice or order as the file names it, unique within a shop. */
  order: string;
  /**
   * The line's place in its order, from 1, counting every row of the order, also one that is bad
   * or not stock: repairing a row and importing again moves no other line. A negative place takes
   * back the line of that number.
   */
  line: number;
  sku: string;
  title: string;
  /** Units that left (+) or came back (-). */
  quantity: number;
  /** Price of one unit in minor units of `currency`, e.g. pence. */
  unitPrice: number;
  /** ISO 4217. */
  currency: string;
  kind: SalesKind;
  /** Ms since the epoch. */
  at: number;
  country: string | null;
  /** Tells two customers of one file apart while it is read. Personal: never stored or printed. */
  buyer: string;
}
