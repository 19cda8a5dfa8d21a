import { type Month, monthFromIndex, monthIndex, monthKey, parseMonthKey } from "./month.ts";

/**
 * Reads months and ranges of months, both ends included, each month once and in the order given. Null
 * when a part is no month of the log's years, or a range ends before it begins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { monthKey } from "./month.ts";
 * assertEquals(parseMonthRanges("2012-11..2013-01, 2015-06")?.map(monthKey), [
 *   "2012-11",
 *   "2012-12",
 *   "2013-01",
 *   "2015-06",
 * ]);
 * assertEquals(parseMonthRanges("2013-01..2012-11"), null);
 * ```
 */
export function parseMonthRanges(text: string): Month[] | null {
  const months = new Map<string, Month>();
  for (const part of text.split(",")) {
    const [first, last = first, ...rest] = part.split("..").map((key) => parseMonthKey(key.trim()));
    if (!first || !last || rest.length > 0 || monthIndex(first) > monthIndex(last)) return null;
    for (let index = monthIndex(first); index <= monthIndex(last); index++) {
      const month = monthFromIndex(index);
      months.set(monthKey(month), month);
    }
  }
  return [...months.values()];
}
