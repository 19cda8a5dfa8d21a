import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parsePartialDate, type PartialDate } from "../../../src/domain/months/partial_date.ts";

function date(year: number, month: number | null = null, day: number | null = null): PartialDate {
  return { year, month, day };
}

Deno.test("parsePartialDate() reads every form the providers send", () => {
  const forms: [string | number, PartialDate][] = [
    ["2024", date(2024)],
    [2024, date(2024)],
    ["March 2024", date(2024, 3)],
    ["Sept. 2024", date(2024, 9)],
    ["Mar 12, 2024", date(2024, 3, 12)],
    ["March 12th, 2024", date(2024, 3, 12)],
    ["12 March 2024", date(2024, 3, 12)],
    ["2024 March 12", date(2024, 3, 12)],
    ["2024-03", date(2024, 3)],
    ["2024-03-12", date(2024, 3, 12)],
    ["2024/03/12", date(2024, 3, 12)],
    ["20240312", date(2024, 3, 12)],
    ["2024-03-12T10:00:00Z", date(2024, 3, 12)],
    ["c2024", date(2024)],
    ["©2024", date(2024)],
    ["ca. 1987", date(1987)],
    ["1987?", date(1987)],
    ["1998*", date(1998)],
    ["[2012]", date(2012)],
    ["2012.", date(2012)],
    ["London, 2012", date(2012)],
    ["Spring 2012", date(2012)],
    ["2012-00-00", date(2012)],
  ];
  for (const [text, expected] of forms) {
    assertEquals(parsePartialDate(text), expected, String(text));
  }
});

Deno.test("parsePartialDate() takes a timestamp padded to New Year for a bare year", () => {
  assertEquals(parsePartialDate("2024-01-01T00:00:00Z"), date(2024));
  assertEquals(parsePartialDate("2024-01-01"), date(2024, 1, 1));
});

Deno.test("parsePartialDate() answers null for suspect and impossible values", () => {
  const bad = ["", "????", "n.d.", "1900", "1900?", "1900-01-01", "01-01-1900", "9999", "0001"];
  const impossible = ["2023-02-30", "2024-13-01", "1998-2005", "31 April 2020", "20241301"];
  for (const text of [...bad, ...impossible, null, undefined, NaN]) {
    assertEquals(parsePartialDate(text), null, String(text));
  }
});

Deno.test("parsePartialDate() reads back every real day in ISO form", () => {
  const days = fc.date({
    min: new Date("1901-01-01T00:00:00Z"),
    max: new Date("2099-12-31T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(days, (day) => {
    assertEquals(
      parsePartialDate(day.toISOString().slice(0, 10)),
      date(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()),
    );
  }));
});
