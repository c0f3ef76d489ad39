import { describe, expect, test } from "vitest";
import { readAll } from "./read.ts";

/** The columns that Shopify's export begins with, and some of its later ones. */
const HEADER =
  "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal," +
  "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price," +
  "Lineitem sku,Lineitem requires shipping,Lineitem fulfillment status,Shipping Zip," +
  "Shipping Country,Cancelled at,Refunded Amount";

interface Row {
  name?: string;
  status?: string;
  currency?: string;
  created?: string;
  quantity?: string;
  title?: string;
  price?: string;
  sku?: string;
  ships?: string;
  country?: string;
  cancelled?: string;
}

function first(row: Row): string {
  return cells({
    status: "paid",
    currency: "EUR",
    created: "2026-11-23 10:04:55 -0500",
    country: "DE",
    ...row,
  });
}

function cells(row: Row): string {
  const { name = "#1001", status = "", currency = "", created = "", quantity = "1" } = row;
  const { title = "Jacket - M", price = "49.90", sku = "JACKET-M", ships = "true" } = row;
  const { country = "", cancelled = "" } = row;
  const order = `${name},x@example.com,${status},,,,${currency},,${created}`;
  const line = `${quantity},${title},${price},,${sku},${ships},pending`;
  return `${order},${line},'10115,${country},${cancelled},0.00`;
}

const read = (...rows: string[]) => readAll(`${[HEADER, ...rows].join("\r\n")}\r\n`);

describe("a Shopify order export", () => {
  test("gives each line the currency, time and country of its order's first row", async () => {
    const { format, lines, bad } = await read(
      first({}),
      cells({ sku: "jacket-m", quantity: "2", price: "50" }),
      first({ name: "#1000", currency: "JPY", price: "300" }),
    );
    expect(bad).toEqual([]);
    expect(format).toBe("Shopify order export");
    const at = Date.UTC(2026, 10, 23, 15, 4, 55);
    const rest = { title: "Jacket - M", kind: "sale", at, country: "DE", buyer: "" };
    expect(lines).toEqual([
      line("#1001", 1, "JACKET-M", 1, 4_990, "EUR"),
      line("#1001", 2, "jacket-m", 2, 5_000, "EUR"),
      line("#1000", 1, "JACKET-M", 1, 300, "JPY"),
    ]);
    function line(
      order: string,
      place: number,
      sku: string,
      quantity: number,
      unitPrice: number,
      currency: string,
    ) {
      return { order, line: place, sku, quantity, unitPrice, currency, ...rest };
    }
  });

  test("takes every line of a cancelled order back, when it was cancelled", async () => {
    const { lines } = await read(
      first({ cancelled: "2026-11-24 00:00:00 +0000" }),
      cells({ quantity: "2" }),
    );
    expect(
      lines.map(({ line, kind, quantity, at }) => [
        line,
        kind,
        quantity,
        new Date(at).getUTCDate(),
      ]),
    ).toEqual([
      [1, "sale", 1, 23],
      [-1, "cancellation", -1, 24],
      [2, "sale", 2, 23],
      [-2, "cancellation", -2, 24],
    ]);
  });

  test("keeps a refunded order sold, because it does not say which units came back", async () => {
    const { lines } = await read(first({ status: "refunded" }));
    expect(lines.map(({ kind }) => kind)).toEqual(["sale"]);
  });

  test("takes apostrophes off names and SKUs", async () => {
    const { lines } = await read(first({ name: "'1001", sku: "'0815" }));
    expect(lines).toMatchObject([{ order: "1001", sku: "0815" }]);
  });

  test("counts gift cards, services and rows without a line item as not stock", async () => {
    const { notStock, lines } = await read(
      first({ ships: "false", title: "Gift card" }),
      cells({ quantity: "", title: "", sku: "", price: "" }),
    );
    expect([notStock, lines]).toEqual([["2: not shipped", "3: no line item"], []]);
  });

  test.each([
    [[first({ sku: "" })], ["2: Lineitem sku is empty"]],
    [[first({ quantity: "-1" })], ["2: Lineitem quantity is negative"]],
    [[first({ name: "" })], ["2: Name is empty"]],
    [[cells({})], ['2: Currency "" is not a currency', "2: Created at is empty"]],
    [
      [first({ created: "soon" }), cells({})],
      ['2: Created at "soon" is not a date', "3: Currency is missing"],
    ],
  ])("names what is wrong by line: %#", async (rows, expected) => {
    expect((await read(...rows)).bad).toEqual(expected);
  });
});
