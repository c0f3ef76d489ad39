import { describe, expect, test } from "vitest";
import { dateReader, dayIn } from "../../../jobs/order-files/local-time.ts";

const iso = (at: unknown) => (typeof at === "number" ? new Date(at).toISOString() : "refused");

describe("a date of a shop in London", () => {
  const read = dateReader("Europe/London", false);
  test.each([
    ["2010-12-01 08:26:00", "2010-12-01T08:26:00.000Z"],
    ["2011-09-22 08:26:00", "2011-09-22T07:26:00.000Z"],
    ["2011-09-22T08:26", "2011-09-22T07:26:00.000Z"],
    ["2011-09-22 8:26", "2011-09-22T07:26:00.000Z"],
    ["2011/09/22 08:26:00.000", "2011-09-22T07:26:00.000Z"],
    ["12/1/2010 8:26", "2010-12-01T08:26:00.000Z"],
    ["12/1/10 8:26", "2010-12-01T08:26:00.000Z"],
    ["01.12.2010 08:26", "2010-01-12T08:26:00.000Z"],
    ["2010-12-01", "2010-12-01T00:00:00.000Z"],
    // The clocks go forward at 01:00: 01:30 is on no clock, and half an hour after the change.
    ["2011-03-27 00:59:59", "2011-03-27T00:59:59.000Z"],
    ["2011-03-27 01:30:00", "2011-03-27T01:30:00.000Z"],
    ["2011-03-27 02:00:00", "2011-03-27T01:00:00.000Z"],
    // They go back at 02:00: 01:30 comes twice, and the first time is taken.
    ["2011-10-30 01:30:00", "2011-10-30T00:30:00.000Z"],
    ["2011-10-30 02:00:00", "2011-10-30T02:00:00.000Z"],
    // A zone in the text wins over the shop's.
    ["2026-11-23 10:04:55 -0500", "2026-11-23T15:04:55.000Z"],
    ["2026-11-23 10:04:55 +05:30", "2026-11-23T04:34:55.000Z"],
    ["2011-09-22T08:26:00Z", "2011-09-22T08:26:00.000Z"],
    ["2011-09-22 08:26:00 UTC", "2011-09-22T08:26:00.000Z"],
    ["13/1/2010 8:26", "refused"],
    ["2011-02-29 08:26", "refused"],
    ["2011-02-28 24:00", "refused"],
    ["2011-02-28 08:60", "refused"],
    ["1899-02-28 08:00", "refused"],
    ["40513.35", "refused"],
    ["yesterday", "refused"],
    ["", "refused"],
  ])("written %j is %s", (text, expected) => {
    expect(iso(read(text))).toBe(expected);
  });
});

test("the day may come first", () => {
  expect(iso(dateReader("UTC", true)("1/12/2010 8:26"))).toBe("2010-12-01T08:26:00.000Z");
  expect(iso(dateReader("UTC", true)("2010-12-01 8:26"))).toBe("2010-12-01T08:26:00.000Z");
});

test("zones whose clocks differ by half hours and across the date line are right", () => {
  expect(iso(dateReader("Asia/Kolkata", false)("2011-01-01 00:00"))).toBe(
    "2010-12-31T18:30:00.000Z",
  );
  expect(iso(dateReader("Pacific/Kiritimati", false)("2011-01-01 00:00"))).toBe(
    "2010-12-31T10:00:00.000Z",
  );
});

test("a day is the shop's, not UTC's", () => {
  const at = Date.UTC(2011, 8, 21, 23, 30);
  expect([dayIn("Europe/London")(at), dayIn("UTC")(at)]).toEqual(["2011-09-22", "2011-09-21"]);
});

test("an unknown zone is an error, not a guess", () => {
  expect(() => dateReader("Europe/Atlantis", false)).toThrow(RangeError);
});
