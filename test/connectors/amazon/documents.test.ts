import { expect, test } from "vitest";
import { decoded } from "../../../connectors/amazon/documents.ts";
import { parseTable } from "../../../connectors/amazon/reports.ts";
import { reportContentType } from "../../../connectors/amazon/sandbox/documents.ts";

const encodings: [title: string, bytes: Buffer, contentType: string, text: string][] = [
  ["UTF-8, and said so", Buffer.from("Größe ✓"), "text/plain; charset=UTF-8", "Größe ✓"],
  ["UTF-8, not said", Buffer.from("Größe ✓"), "text/plain", "Größe ✓"],
  ["Latin-1, said so", Buffer.from("Größe", "latin1"), "text/plain;charset=ISO-8859-1", "Größe"],
  ["Windows-1252, by Amazon's name", Buffer.from([0x80]), "text/plain;charset=Cp1252", "€"],
  ["Windows-1252, not said", Buffer.from("Größe", "latin1"), "text/plain", "Größe"],
  ["Shift_JIS", Buffer.from([0x83, 0x54]), 'text/plain; charset="Shift_JIS"', "サ"],
  ["a charset nobody knows", Buffer.from("Größe"), "text/plain; charset=x-unheard", "Größe"],
  ["a charset that is wrong", Buffer.from("ü", "latin1"), "text/plain; charset=utf-8", "ü"],
];

test.each(encodings)("F: a report in %s", (_title, bytes, contentType, text) => {
  expect(decoded(bytes, contentType)).toBe(text);
});

test("F: a report's columns go by their names, whatever way they are written", () => {
  const text = 'Merchant SKU\tReturn quantity\titem-name\r\n A,1 \t2\t14" pan\r\nB\t1\r\n\r\n';
  expect(parseTable(text)).toEqual([
    { "merchant-sku": " A,1 ", "return-quantity": "2", "item-name": '14" pan' },
    { "merchant-sku": "B", "return-quantity": "1" },
  ]);
  expect(parseTable("\uFEFFa\tb\n1\t2")).toEqual([{ a: "1", b: "2" }]);
});

test("F: the sandbox writes Latin-1 where everything fits into it", () => {
  expect(reportContentType("Größe")).toContain("ISO-8859-1");
  expect(reportContentType("サイズ")).toContain("UTF-8");
});
