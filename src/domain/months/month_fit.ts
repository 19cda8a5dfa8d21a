import type { Month } from "./month.ts";
import type { PartialDate } from "./partial_date.ts";
import type { EditionCandidate, WorkCandidate } from "../matching/resolver.ts";

/** How the true publication date sits with the month a book was named for. */
export const MONTH_FITS = ["in_month", "in_year", "elsewhere", "unknown"] as const;

export type MonthFit = (typeof MONTH_FITS)[number];

/**
 * When a book first appeared, from what all records of it say: the earliest year that any of them, or
 * one of their editions, names; the earliest month that is named in that year; and the earliest day in
 * that month. So a reprint, however exactly dated, never makes an old book a new one. `null` when
 * nothing is dated.
 */
export function firstPublished(
  records: readonly WorkCandidate[],
  edition: EditionCandidate,
): PartialDate | null {
  return earliestDate([
    edition.published,
    ...records.flatMap((record) => [
      record.first_published,
      ...record.editions.map(({ published }) => published),
    ]),
  ]);
}

/**
 * The earliest of the dates; of dates that may be the same, the more exact one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const year = { year: 2012, month: null, day: null };
 * const march = { year: 2012, month: 3, day: null };
 * const reprint = { year: 2012, month: 9, day: 4 };
 * assertEquals(earliestDate([reprint, year, march]), march);
 * assertEquals(earliestDate([{ ...year, year: 2011 }, march]), { ...year, year: 2011 });
 * ```
 */
export function earliestDate(dates: readonly (PartialDate | null)[]): PartialDate | null {
  return dates.reduce(
    (first, date) => first === null || (date !== null && isBefore(date, first)) ? date : first,
    null,
  );
}

// What is not known is taken for late, so that the more exact of two dates comes first.
function isBefore(a: PartialDate, b: PartialDate): boolean {
  const rank = ({ year, month, day }: PartialDate): number =>
    (year * 13 + (month ?? 13) - 1) * 32 + (day ?? 32) - 1;
  return rank(a) < rank(b);
}

/**
 * Compares the month a book was named for with the date it appeared.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const march = { year: 2012, month: 3 };
 * assertEquals(monthFit(march, { year: 2012, month: 3, day: 6 }), "in_month");
 * assertEquals(monthFit(march, { year: 2012, month: null, day: null }), "in_year");
 * assertEquals(monthFit(march, { year: 2011, month: 3, day: null }), "elsewhere");
 * assertEquals(monthFit(march, null), "unknown");
 * ```
 */
export function monthFit(named: Month, published: PartialDate | null): MonthFit {
  if (published === null) return "unknown";
  if (published.year !== named.year) return "elsewhere";
  return published.month === named.month ? "in_month" : "in_year";
}
