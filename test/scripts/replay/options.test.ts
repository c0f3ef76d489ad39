import { expect, test } from "vitest";
import { replayOptions } from "../../../scripts/replay/options.ts";
import { nearestDays } from "../../../scripts/replay/replay-day.ts";

test("a replay needs a file and a day; the rest has defaults", () => {
  expect(replayOptions(["orders.csv", "--day", "2011-09-22"])).toMatchObject({
    file: "orders.csv",
    day: "2011-09-22",
    speed: 600,
    stock: 100,
  });
  const all = [
    "f",
    "--day",
    "2011-09-22",
    "--speed",
    "1.5",
    "--stock",
    "80",
    "--not-stock",
    "X, Y",
  ];
  expect(replayOptions(all)).toMatchObject({ speed: 1.5, stock: 80, notStock: ["X", "Y"] });
});

test("every wrong option is told at once, with the usage", () => {
  const wrong = ["--day", "2011-02-30", "--speed", "0", "--stock", "x", "--timezone", "Atlantis"];
  expect(() => replayOptions(wrong)).toThrow(
    /name one file\n--day .*"2011-02-30"\n--speed .*"0"\n--stock .*"x"\n--timezone .*\n\nnpm run/,
  );
  expect(() => replayOptions(["f", "--day", "2011-09-22", "--fast"])).toThrow("--fast");
});

test("a day without sales names those around it", () => {
  const day = { timezone: "UTC", lines: [], titles: [], badRows: 0 };
  const daysWithSales = ["2011-09-22", "2011-09-23", "2011-09-25"];
  expect(nearestDays({ ...day, daysWithSales }, "2011-09-24")).toBe(
    "the nearest days with sales: 2011-09-23, 2011-09-25",
  );
  expect(nearestDays({ ...day, daysWithSales }, "2012-01-01")).toBe(
    "the nearest days with sales: 2011-09-25",
  );
  expect(nearestDays({ ...day, daysWithSales: [] }, "2012-01-01")).toBe("it has no sales");
});
