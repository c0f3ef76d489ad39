import { describe, expect, test } from "vitest";
import { readAll, UCI_HEADER } from "./read.ts";

const at = "2011-01-10 09:00:00";

/** Rows below the UCI header, each with what is not the same in all of them. */
function uci(...rows: string[]): string {
  return `${[UCI_HEADER, ...rows].join("\n")}\n`;
}

describe("what a row of UCI Online Retail means", () => {
  test.each([
    ["1,85123A,LAMP,6,AT,2.55,17850.0,UK", "sale 85123A 6 x 255"],
    ["1,85123a,LAMP,6,AT,2.55,,UK", "sale 85123A 6 x 255"],
    ["1,DCGSSGIRL,PARTY BAG,6,AT,2.55,,UK", "sale DCGSSGIRL 6 x 255"],
    ["1,DCGS0003,ASHTRAY,6,AT,2.55,,UK", "sale DCGS0003 6 x 255"],
    ["1,15056BL,UMBRELLA,6,AT,2.55,,UK", "sale 15056BL 6 x 255"],
    ["C1,85123A,LAMP,-6,AT,2.55,17850.0,UK", "cancellation 85123A -6 x 255"],
    ["c1,85123A,LAMP,-6,AT,2.55,17850.0,UK", "cancellation 85123A -6 x 255"],
    ["1,85123A,LAMP,-6,AT,2.55,17850.0,UK", "return 85123A -6 x 255"],
    ["1,85123A,damaged,-6,AT,0.0,,UK", "correction 85123A -6 x 0"],
    ["1,85123A,found,6,AT,0.0,,UK", "correction 85123A 6 x 0"],
    ["1,85123A,LAMP,6,AT,0.0,17850.0,UK", "sale 85123A 6 x 0"],
    ["1,POST,POSTAGE,1,AT,18.0,,France", "not stock POST"],
    ["C1,m,Manual,-1,AT,18.0,,UK", "not stock M"],
    ["1,C2,CARRIAGE,1,AT,50.0,,UK", "not stock C2"],
    ["1,BANK CHARGES,Bank Charges,1,AT,15.0,,UK", "not stock BANK CHARGES"],
    ["A1,B,Adjust bad debt,1,AT,-11062.06,,UK", "not stock B"],
    ["1,gift_0001_20,Voucher,1,AT,16.67,,UK", "not stock GIFT_0001_20"],
    ["1,85123A,LAMP,1,AT,-1.0,,UK", "bad UnitPrice is negative"],
    ["C1,85123A,LAMP,1,AT,1.0,,UK", "bad Quantity is positive on a cancellation"],
    ["1,,LAMP,1,AT,1.0,,UK", "bad StockCode is empty"],
    [",85123A,LAMP,1,AT,1.0,,UK", "bad InvoiceNo is empty"],
    ["1,85123A,LAMP,0,AT,1.0,,UK", "bad Quantity is 0"],
    ["1,85123A,LAMP,1,soon,1.0,,UK", 'bad InvoiceDate "soon" is not a date'],
  ])("%s: %s", async (row, meaning) => {
    const { lines, notStock, bad } = await readAll(uci(row.replace("AT", at)));
    const told = [
      ...lines.map((line) => `${line.kind} ${line.sku} ${line.quantity} x ${line.unitPrice}`),
      ...notStock.map((text) => `not stock ${text.slice(3)}`),
      ...bad.map((text) => `bad ${text.slice(3)}`),
    ];
    expect(told).toEqual([meaning]);
  });

  test("a free row without a customer is a sale when its invoice has other rows", async () => {
    const { lines } = await readAll(uci(`1,A1,x,1,${at},0,,UK`, `1,A2,y,1,${at},0,,UK`));
    expect(lines.map(({ kind }) => kind)).toEqual(["sale", "sale"]);
  });

  test("every problem of a row is told at once", async () => {
    const { bad } = await readAll(uci("1,,LAMP,x,never,y,,UK"));
    expect(bad).toEqual([
      '2: Quantity "x" is not a whole number',
      '2: UnitPrice "y" is not a price',
      '2: InvoiceDate "never" is not a date',
      "2: StockCode is empty",
    ]);
  });

  test("codes that a person names are not stock either", async () => {
    const row = `1,Freight,FREIGHT,1,${at},1.0,,UK`;
    const { notStock, lines } = await readAll(uci(row), { notStock: ["FREIGHT"] });
    expect([notStock, lines]).toEqual([["2: FREIGHT"], []]);
  });
});

describe("a row's place in its order", () => {
  test("counts every row, so that repairing one moves no other", async () => {
    const rows = [
      `1,A,x,1,${at},1,,UK`,
      `1,POST,x,1,${at},1,,UK`,
      `1,B,x,bad,${at},1,,UK`,
      `2,A,x,1,${at},1,,UK`,
      `1,C,x,1,${at},1,,UK`,
    ];
    const { lines } = await readAll(uci(...rows));
    expect(lines.map(({ order, line }) => `${order}/${line}`)).toEqual(["1/1", "2/1", "1/4"]);
  });

  test("two rows that say the same are two lines: this retailer scans singly", async () => {
    const row = `1,A,x,1,${at},1,,UK`;
    const { lines } = await readAll(uci(row, row));
    expect(lines.map(({ line }) => line)).toEqual([1, 2]);
  });
});

test("money, time and country are read as the shop wrote them", async () => {
  const { lines, format } = await readAll(uci("1,A,  WHITE\tLAMP ,1,7/1/2011 8:26,1.5,7,Eire"));
  expect(format).toBe("UCI Online Retail");
  expect(lines).toEqual([
    {
      order: "1",
      line: 1,
      sku: "A",
      title: "WHITE LAMP",
      quantity: 1,
      unitPrice: 150,
      currency: "GBP",
      kind: "sale",
      at: Date.UTC(2011, 6, 1, 7, 26),
      country: "Eire",
      buyer: "7",
    },
  ]);
});

test("zone, currency and the order of day and month can be told", async () => {
  const options = { timezone: "Asia/Tokyo", currency: "JPY", dayFirst: true };
  const { lines } = await readAll(uci("1,A,x,1,1/7/2011 9:00,300,,Japan"), options);
  expect(lines[0]).toMatchObject({ unitPrice: 300, currency: "JPY", at: Date.UTC(2011, 6, 1) });
});
