import { assertEquals } from "@std/assert";
import { monthKey } from "../../../src/domain/months/month.ts";
import { parseMonthRanges } from "../../../src/domain/months/month_ranges.ts";

Deno.test("parseMonthRanges() names each month once, in the order given", () => {
  const keys = (text: string): string[] | undefined => parseMonthRanges(text)?.map(monthKey);
  assertEquals(keys("2013-02"), ["2013-02"]);
  assertEquals(keys("2013-02, 2012-11..2013-02"), ["2013-02", "2012-11", "2012-12", "2013-01"]);
  assertEquals(keys("2000-01..2024-12")?.length, 300);
});

for (const wrong of ["", "2012", "2012-13", "2012-01,", "2012-02..2012-01", "2012-01..", "1..2"]) {
  Deno.test(`parseMonthRanges() refuses "${wrong}"`, () => {
    assertEquals(parseMonthRanges(wrong), null);
  });
}
