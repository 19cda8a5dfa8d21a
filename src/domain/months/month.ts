/** One unit of the backfill. `month` is 1–12. */
export interface Month {
  readonly year: number;
  readonly month: number;
}

/** The years the log may hold, as its CHECK says. */
export const MIN_YEAR = 1900;
export const MAX_YEAR = 2100;

/**
 * The month's key, `YYYY-MM`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(monthKey({ year: 2012, month: 3 }), "2012-03");
 * ```
 */
export function monthKey({ year, month }: Month): string {
  return `${year}-${String(month).padStart(2, "0")}`;
}

/**
 * Parses `YYYY-MM`; `null` when it is not a month of the log's range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseMonthKey("2012-03"), { year: 2012, month: 3 });
 * assertEquals(parseMonthKey("2012-13"), null);
 * ```
 */
export function parseMonthKey(key: string): Month | null {
  const match = /^(\d{4})-(\d{2})$/.exec(key);
  if (!match) return null;
  const year = Number(match[1]);
  const month = Number(match[2]);
  if (year < MIN_YEAR || year > MAX_YEAR || month < 1 || month > 12) return null;
  return { year, month };
}

/** Months since year 0: one number that orders months and measures the distance between two. */
export function monthIndex({ year, month }: Month): number {
  return year * 12 + (month - 1);
}

/** The month that has the given {@linkcode monthIndex}. */
export function monthFromIndex(index: number): Month {
  return { year: Math.floor(index / 12), month: (index % 12) + 1 };
}

/** The month a moment falls in, in UTC. */
export function monthOf(moment: Date): Month {
  return { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1 };
}

/** The English names of the months, January first. */
export const MONTH_NAMES: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** "March 2012", for prompts and sentences. */
export function monthName({ year, month }: Month): string {
  return `${MONTH_NAMES[month - 1]} ${year}`;
}
