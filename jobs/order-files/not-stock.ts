/**
 * Codes that the UCI retailer books among its articles but keeps on no shelf, and what they are.
 * A list and not a rule on their shape: C2 has a digit and is carriage, DCGSSGIRL has none and is
 * a party bag. A code that is not listed is an item, where a person sees it; one wrongly taken for
 * a fee would be missing without a trace. Others are named with --not-stock.
 */
const SERVICES: Readonly<Record<string, string>> = {
  POST: "postage",
  DOT: "postage",
  C2: "carriage",
  C3: "carriage",
  M: "entered by hand",
  D: "discount",
  S: "samples",
  B: "bad debt",
  CRUK: "charity commission",
  PADS: "cushion pads given with cushions",
  AMAZONFEE: "marketplace fee",
  "BANK CHARGES": "bank charges",
  ADJUST: "adjustment of money",
  ADJUST2: "adjustment of money",
  TEST001: "test",
  TEST002: "test",
};

const VOUCHER = /^GIFT_\d/;

/**
 * Tells which codes are not stock.
 * @returns the code as the report groups it, or undefined for an item.
 */
export function notStockCodes(more: readonly string[] = []) {
  const codes = new Set([...Object.keys(SERVICES), ...more.map((code) => code.toUpperCase())]);
  return (text: string): string | undefined => {
    const code = text.toUpperCase();
    return codes.has(code) || VOUCHER.test(code) ? code : undefined;
  };
}

/** What a Shopify export tells of rows that move no stock, in place of a code. */
const SHOPIFY_ROWS: Readonly<Record<string, string>> = {
  "not shipped": "gift cards, services, tips",
  "no line item": "rows about money only",
};

/** What a code stands for, for the report. */
export function serviceName(code: string): string {
  return (
    SERVICES[code] ??
    SHOPIFY_ROWS[code] ??
    (VOUCHER.test(code) ? "gift voucher" : "named as not stock")
  );
}
