import { HttpResponse } from "msw";

/** The texts of every element of this name, outermost first; Trading requests nest none in itself. */
export function elements(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "g"));
  return [...found].map(([, inner = ""]) => inner);
}

/** The text of the first element of this name; null where there is none. */
export function text(xml: string, name: string): string | null {
  const [first] = elements(xml, name);
  return first === undefined ? null : unescaped(first);
}

/** An element, from text, or from elements already written. */
export function element(name: string, content: string | number | readonly string[]): string {
  const inner = Array.isArray(content) ? content.join("") : escaped(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** A Trading answer: HTTP 200 whatever it says. */
export function tradingResponse(
  call: string,
  ack: string,
  content: readonly string[],
  now: number,
) {
  const body = [element("Timestamp", new Date(now).toISOString()), element("Ack", ack), ...content];
  const name = `${call}Response`;
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<${name} xmlns="urn:ebay:apis:eBLBaseComponents">${body.join("")}</${name}>`;
  return new HttpResponse(xml, { headers: { "content-type": "text/xml" } });
}

export function errorElement(code: number, message: string): string {
  return element("Errors", [
    element("ShortMessage", message),
    element("LongMessage", message),
    element("ErrorCode", code),
    element("SeverityCode", "Error"),
    element("ErrorClassification", "RequestError"),
  ]);
}

const SIGNS = [
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
] as const;

const escaped = (plain: string) =>
  SIGNS.reduce((done, [sign, name]) => done.replaceAll(sign, name), plain);

const unescaped = (written: string) =>
  [...SIGNS].reverse().reduce((done, [sign, name]) => done.replaceAll(name, sign), written);
