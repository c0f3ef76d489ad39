import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { openOrderFile } from "../../../jobs/order-files/read-orders.ts";
import { streamSource } from "../../../jobs/order-files/source.ts";
import { readAll, UCI_HEADER, withFile } from "./read.ts";

const at = "2011-01-10 09:00:00";
const good = `1,85123A,LAMP,6,${at},2.55,,UK`;

describe("a file as a whole", () => {
  test.each([
    ["nothing in it", "", "is empty: there is no line in it"],
    ["only line ends", "\n\r\n\n", "is empty: there is no line in it"],
    ["one line without an end", "x".repeat(100_000), "is no CSV: its first line does not end"],
    ["half a gzip", gzipSync(`${UCI_HEADER}\n${good}\n`).subarray(0, 40), "ends in the middle"],
    ["an Excel file", Buffer.from("PK\u0003\u0004rest"), "is an Excel or zip file: save it as CSV"],
    ["UTF-16", Buffer.from([0xff, 0xfe, 0x49, 0x00]), "is UTF-16 text: save it as CSV (UTF-8)"],
    [
      "missing columns",
      "InvoiceNo,StockCode,Description,Country\n",
      "The closest is UCI Online Retail, which also needs: Quantity, InvoiceDate, UnitPrice.",
    ],
    [
      "missing columns of an export",
      "Name,Email,Created at,Lineitem name,Lineitem price,Currency\n",
      "The closest is Shopify order export, which also needs: Lineitem quantity, Lineitem sku.",
    ],
    ["something else", "a,b\n1,2\n", "is neither UCI Online Retail nor Shopify order export"],
  ])("with %s is refused with what to do", async (_, content, message) => {
    await expect(readAll(content)).rejects.toThrow(message);
  });

  test("with damaged bytes in its gzip is refused", async () => {
    const packed = gzipSync(`${UCI_HEADER}\n${`${good}\n`.repeat(50_000)}`);
    packed.fill(0, 3_000, 3_200);
    await expect(readAll(packed)).rejects.toThrow("is damaged: copy or download it again");
  });

  test("that is small and unpacks to a mountain is given up at the limit", async () => {
    const bomb = gzipSync(`${UCI_HEADER}\n${`${good}\n`.repeat(100_000)}`);
    expect(bomb.length).toBeLessThan(100_000);
    const { text } = await streamSource(Readable.from([bomb]), "stock.csv.gz", 1024 ** 2);
    let kept = 0;
    const read = async () => {
      for await (const piece of text) kept += piece.length;
    };
    await expect(read()).rejects.toThrow("stock.csv.gz is larger than 1 MB unpacked: divide it");
    expect(kept).toBeLessThanOrEqual(1024 ** 2);
  });

  test("that does not exist, or is a folder, is refused by name", async () => {
    await expect(openOrderFile("/nowhere/orders.csv")).rejects.toThrow(
      "/nowhere/orders.csv does not exist",
    );
    await expect(openOrderFile("/")).rejects.toThrow("/ is not a file");
  });

  test("that ends with its header has no rows", async () => {
    for (const content of [UCI_HEADER, `${UCI_HEADER}\r\n`]) {
      expect(await readAll(content)).toMatchObject({ lines: [], bad: [], notStock: [] });
    }
  });
});

describe("the same rows", () => {
  const plain = `${UCI_HEADER}\n${good}\n2,85123A,"BIG, WHITE",1,${at},1.5,,UK\n`;
  const other: [string, string | Buffer][] = [
    ["packed by gzip", gzipSync(plain)],
    [
      "packed in two members",
      Buffer.concat([gzipSync(plain.slice(0, 90)), gzipSync(plain.slice(90))]),
    ],
    ["behind a byte-order mark", `\ufeff${plain}`],
    ["with CRLF", plain.replaceAll("\n", "\r\n")],
    ["with CR", plain.replaceAll("\n", "\r")],
    ["without a last line end", plain.trimEnd()],
    ["with blank lines", `\n${plain.replaceAll("\n", "\n\n")}`],
    ["with another header's spelling", plain.replace(UCI_HEADER, UCI_HEADER.toUpperCase())],
    ["with spaced columns", plain.replace("CustomerID", " Customer ID ")],
    [
      "with the sequel's names",
      plain.replace("InvoiceNo", "Invoice").replace("UnitPrice", "Price"),
    ],
    [
      "with tabs",
      plain.replace('"BIG, WHITE"', "BIG; WHITE").replaceAll(",", "\t").replace(";", ","),
    ],
    [
      "with semicolons and decimal commas",
      plain
        .replace('"BIG, WHITE"', "BIG| WHITE")
        .replaceAll(",", ";")
        .replaceAll(/(\d)\.(\d)/g, "$1,$2")
        .replace("|", ","),
    ],
    [
      "with columns in another order and one more",
      `Country,Extra,Quantity,UnitPrice,InvoiceDate,Description,StockCode,CustomerID,InvoiceNo\n` +
        `UK,e,6,2.55,${at},LAMP,85123A,,1\nUK,e,1,1.5,${at},"BIG, WHITE",85123A,,2\n`,
    ],
  ];
  test.each(other)("%s are read the same", async (_, content) => {
    const expected = await readAll(plain);
    expect(expected.lines).toHaveLength(2);
    expect(await readAll(content)).toEqual(expected);
  });
});

describe("rows in disorder", () => {
  test("are named by the line they begin on, and the good ones are kept", async () => {
    const content = [
      UCI_HEADER,
      good,
      `2,A,"two`,
      `lines",1,${at},1,,UK`,
      "",
      `3,A,x,none,${at},1,,UK`,
      `4,A,6" plate,1,${at},1,,UK`,
      `5,A,too,few`,
      `6,A,too,1,${at},1,,UK,many`,
      `7,A,"a ""quoted"" name",1,${at},1,,UK`,
    ].join("\n");
    const { lines, bad } = await readAll(content);
    expect(bad).toEqual([
      '6: Quantity "none" is not a whole number',
      "8: (row) has 4 columns where the header has 8",
      "9: (row) has 9 columns where the header has 8",
    ]);
    expect(lines.map(({ order, title }) => [order, title])).toEqual([
      ["1", "LAMP"],
      ["2", "two lines"],
      ["4", '6" plate'],
      ["7", 'a "quoted" name'],
    ]);
  });

  test("behind a quote that is never closed are reported once, where it opens", async () => {
    const { lines, bad } = await readAll(
      [UCI_HEADER, good, `2,A,"open,1,${at},1,,UK`, good, good].join("\n"),
    );
    expect(lines).toHaveLength(1);
    expect(bad).toEqual([
      expect.stringMatching(/^3: \(row\) a quote opens here and is not closed/),
    ]);
  });

  test("a huge cell is refused without being kept in memory", async () => {
    const { bad, lines } = await readAll(
      `${UCI_HEADER}\n${good}\n2,A,"${"long ".repeat(1_000_000)}`,
    );
    expect(lines).toHaveLength(1);
    expect(bad).toEqual([
      expect.stringMatching(/^3: \(row\) a quote opens here and is not closed/),
    ]);
  });

  test("text that is not UTF-8 is read as Windows-1252, line by line", async () => {
    const content = Buffer.concat([
      Buffer.from(`${UCI_HEADER}\n1,A,caf`),
      Buffer.from([0xe9, 0x20, 0x80]),
      Buffer.from(`5,1,${at},1,,UK\n2,A,café €5,1,${at},1,,UK\n`),
    ]);
    const { lines, notUtf8 } = await readAll(content);
    expect(lines.map(({ title }) => title)).toEqual(["café €5", "café €5"]);
    expect(notUtf8).toBe(1);
  });

  test("a header that comes again in the middle is a bad row", async () => {
    const { lines, bad } = await readAll([UCI_HEADER, good, UCI_HEADER, good].join("\n"));
    expect(lines).toHaveLength(2);
    expect(bad).toContain('3: Quantity "Quantity" is not a whole number');
  });
});

/** Names of the files this process has open; only Linux tells. */
function openFiles(): string[] {
  if (!existsSync("/proc/self/fd")) return [];
  return readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ""; // closed since it was listed
    }
  });
}

test("a file is closed when nobody reads it to its end, and when it is refused", async () => {
  await withFile(`${UCI_HEADER}\n${`${good}\n`.repeat(100_000)}`, async (path) => {
    const { rows } = await openOrderFile(path);
    for await (const { outcome } of rows) {
      expect(outcome.outcome).toBe("kept");
      break;
    }
    await vi.waitFor(() => expect(openFiles()).not.toContain(path));
  });
  await withFile(`a,b\n${"1,2\n".repeat(1_000_000)}`, async (path) => {
    await expect(openOrderFile(path)).rejects.toThrow("is neither");
    await vi.waitFor(() => expect(openFiles()).not.toContain(path));
  });
});
