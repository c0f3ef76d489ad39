/** Why a cell's text is not what its column needs, and what to do about it. */
export interface Trouble {
  why: string;
  fix: string;
}

/** PostgreSQL's `integer`: more units than any order has. */
const MOST = 2_147_483_647;

/** Units of an order line: whole, signed, never 0. */
export function quantityOf(text: string, decimalComma = false): number | Trouble {
  if (text === "") return { why: "is empty", fix: "write how many units were sold" };
  const units = wholeOf(text, decimalComma);
  return units === 0 ? { why: "is 0", fix: "correct the number or remove the row" } : units;
}

/** Whole units, signed. Spreadsheets write whole numbers as "6.0": the same number. */
export function wholeOf(text: string, decimalComma = false): number | Trouble {
  const whole = /^([+-]?\d+)(?:\.0*)?$/.exec(decimalComma ? text.replace(",", ".") : text)?.[1];
  if (whole === undefined) {
    return { why: `${quoted(text)} is not a whole number`, fix: "write digits only, e.g. 12" };
  }
  const units = Number(whole);
  if (Math.abs(units) > MOST) {
    return { why: `${quoted(text)} is more than ${MOST} units`, fix: "correct the number" };
  }
  return units;
}

/**
 * A price in minor units of a currency with `digits` decimals, rounded half away from zero where
 * the file is finer than its currency. Read from the digits: 0.285 is not a binary number.
 */
export function priceOf(text: string, digits: number, decimalComma = false): number | Trouble {
  if (text === "") return { why: "is empty", fix: "write the price of one unit, 0 when free" };
  const plain = decimalComma ? text.replace(",", ".") : text;
  const found = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(plain);
  if (!found) {
    return {
      why: `${quoted(text)} is not a price`,
      fix: `write digits only, e.g. ${decimalComma ? "2,55" : "2.55"}`,
    };
  }
  const [, sign, whole = "", fraction = ""] = found;
  const shifted = whole + fraction.slice(0, digits).padEnd(digits, "0");
  const roundedUp = Number(fraction.charAt(digits) || "0") >= 5 ? 1 : 0;
  const minor = Number(shifted) + roundedUp;
  if (minor > MOST) return { why: `${quoted(text)} is too high`, fix: "correct the price" };
  return sign === "-" && minor > 0 ? -minor : minor;
}

/** ISO 4217 code. */
export function currencyOf(text: string): string | Trouble {
  const code = text.toUpperCase();
  if (/^[A-Z]{3}$/.test(code)) return code;
  return { why: `${quoted(text)} is not a currency`, fix: "write its three letters, e.g. GBP" };
}

const digitsByCurrency = new Map<string, number>();

/** How many decimals a currency has: 2 for GBP, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  digitsByCurrency.set(currency, digits);
  return digits;
}

/** A cell's text for a message: short, on one line. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return `"${line.length > 40 ? `${line.slice(0, 39)}…` : line}"`;
}
