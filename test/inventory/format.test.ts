import { describe, expect, test } from "vitest";
import { formatFor } from "../../inventory/format.ts";
import {
  DEFAULT_REGIONAL,
  isCurrency,
  isLocale,
  isTimeZone,
  LOCALES,
  timeZones,
} from "../../inventory/regional.ts";

const AT = "2026-03-29T00:59:59.000Z";
const spaced = (text: string) => text.replaceAll(/\s/g, " ");

test.each([
  [DEFAULT_REGIONAL, "1,234.5", "29 Mar 2026, 00:59:59", "29 Mar 2026", "US$10.50"],
  [
    { locale: "de-DE", timeZone: "Europe/Berlin", currency: "EUR" },
    ...["1.234,5", "29.03.2026, 01:59:59", "29.03.2026", "10,50 €"],
  ],
  [
    { locale: "en-US", timeZone: "America/Los_Angeles", currency: "USD" },
    ...["1,234.5", "Mar 28, 2026, 5:59:59 PM", "Mar 28, 2026", "$10.50"],
  ],
  [
    { locale: "ja-JP", timeZone: "Asia/Tokyo", currency: "JPY" },
    ...["1,234.5", "2026/03/29 9:59:59", "2026/03/29", "￥1,050"],
  ],
] as [typeof DEFAULT_REGIONAL, string, string, string, string][])(
  "%j has its own numbers, times and money",
  (regional, number, time, day, money) => {
    const format = formatFor(regional);
    expect(format.number(1234.5)).toBe(number);
    expect(spaced(format.time(AT))).toBe(time);
    expect(format.day(AT)).toBe(day);
    expect(spaced(format.money(1050))).toBe(money);
  },
);

test("a zone's summer time begins where it begins: an hour later by the clock, a second by time", () => {
  const { clock } = formatFor({ ...DEFAULT_REGIONAL, timeZone: "Europe/Berlin" });
  expect(clock(AT)).toBe("01:59:59");
  expect(clock(new Date(Date.parse(AT) + 1_000))).toBe("03:00:00");
});

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_400, "1.4 s"],
  [180_000, "3 min"],
  [7_200_000, "2.0 h"],
])("%d ms are told as %s", (ms, text) => {
  expect(formatFor(DEFAULT_REGIONAL).duration(ms)).toBe(text);
});

test("a count is singular only for one, and a change has its sign", () => {
  const { units, counted, change } = formatFor(DEFAULT_REGIONAL);
  expect([0, 1, 2000].map(units)).toEqual(["0 units", "1 unit", "2,000 units"]);
  expect(counted(2, "entry", "entries")).toBe("2 entries");
  expect([-1500, 0, 3].map(change)).toEqual(["−1,500", "0", "+3"]);
});

describe("what a merchant may choose", () => {
  test("every locale on offer is known to Intl, by its canonical name", () => {
    expect(Intl.NumberFormat.supportedLocalesOf(LOCALES)).toEqual(LOCALES);
  });

  test("every zone on offer is accepted", () => {
    expect(timeZones().filter((zone) => !isTimeZone(zone))).toEqual([]);
    expect(timeZones()[0]).toBe("UTC");
  });

  test.each([
    ["a locale that nobody offers", isLocale("xx-XX")],
    ["no locale", isLocale("")],
    ["a place that is not", isTimeZone("Mars/Olympus")],
    ["no place", isTimeZone("")],
    ["an offset, which knows no summer time", isTimeZone("+02:00")],
    ["a currency in small letters", isCurrency("eur")],
    ["no currency", isCurrency("")],
  ])("%s is refused", (_name, accepted) => expect(accepted).toBe(false));
});
