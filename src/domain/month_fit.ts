import type { Month } from "./month.ts";
import type { PartialDate } from "./partial_date.ts";
import type { EditionCandidate, WorkCandidate } from "./resolver.ts";

/** How the true publication date sits with the month a book was named for. */
export type MonthFit = "in_month" | "in_year" | "elsewhere" | "unknown";

/**
 * When a confirmed book first appeared: the earliest year its record and its editions name, and of
 * the dates in that year the most exact, the earlier of two equally exact ones. `null` when none of
 * them is dated.
 */
export function firstPublished(
  work: WorkCandidate,
  edition: EditionCandidate,
): PartialDate | null {
  const dates = [work.first_published, edition.published, ...work.editions.map((e) => e.published)]
    .filter((date) => date !== null);
  if (dates.length === 0) return null;
  const year = Math.min(...dates.map((date) => date.year));
  return dates
    .filter((date) => date.year === year)
    .toSorted((a, b) => precision(b) - precision(a) || ordinal(a) - ordinal(b))[0] ?? null;
}

function precision({ month, day }: PartialDate): number {
  return month === null ? 0 : day === null ? 1 : 2;
}

function ordinal({ month, day }: PartialDate): number {
  return (month ?? 0) * 31 + (day ?? 0);
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
