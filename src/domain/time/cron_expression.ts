/** What one of the five fields may hold: numbers from `min` to `max`, and names for them in order. */
interface Field {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
  readonly isByName?: boolean;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  // Numbers of weekdays mean different days in different crons, so only names are taken.
  { min: 0, max: 6, names: WEEKDAYS, isByName: true },
];

/**
 * Whether the text is a cron expression of five fields, weekdays by name: each field is a star or a
 * list of values and ranges, with an optional step.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * assert(isCronExpression("0 3 * * *"));
 * assert(isCronExpression("0 8-18 1,15 JAN-JUN MON-FRI"));
 * assertFalse(isCronExpression("61 * * * *"));
 * assertFalse(isCronExpression("0 3 * * 1"));
 * ```
 */
export function isCronExpression(text: string): boolean {
  const parts = text.trim().split(/\s+/);
  return parts.length === FIELDS.length &&
    parts.every((part, index) => part.split(",").every((item) => isItem(item, FIELDS[index]!)));
}

/** A star, a value or a range, and perhaps a step. */
const ITEM = /^(?:\*|([^/-]+)(?:-([^/-]+))?)(?:\/([1-9]\d*))?$/;

function isItem(item: string, field: Field): boolean {
  const match = ITEM.exec(item);
  if (!match) return false;
  return [match[1], match[2]].every((value) => value === undefined || isValue(value, field));
}

function isValue(value: string, { min, max, names, isByName = false }: Field): boolean {
  if (/^\d+$/.test(value)) return !isByName && Number(value) >= min && Number(value) <= max;
  return names.includes(value.toUpperCase());
}

/** A leap day comes at least this often, also around a year like 2100. */
const LONGEST_DAYS = 8 * 366;
const DAY_MS = 86_400_000;

/**
 * The last moment, UTC, not after `at` for which the expression stands; null when it stands for none,
 * such as the 30th of February. Ranges may go over the end ("22-2", "FRI-MON"), and where both the day
 * of the month and the weekday are restricted, either will do, as usual with crons.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const last = lastCronMoment("0 3 * * *", new Date("2026-11-28T02:59:59Z"));
 * assertEquals(last?.toISOString(), "2026-11-27T03:00:00.000Z");
 * ```
 */
export function lastCronMoment(text: string, at: Date): Date | null {
  const parts = text.trim().split(/\s+/);
  const [minutes, hours, days, months, weekdays] = parts.map((part, index) =>
    valuesOf(part, FIELDS[index]!)
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  const isEither = parts[2] !== "*" && parts[4] !== "*";
  const isDue = (day: Date): boolean => {
    const inMonth = days.has(day.getUTCDate());
    const inWeek = weekdays.has(day.getUTCDay());
    return months.has(day.getUTCMonth() + 1) && (isEither ? inMonth || inWeek : inMonth && inWeek);
  };
  const today = Math.floor(at.getTime() / DAY_MS);
  for (let back = 0; back <= LONGEST_DAYS; back++) {
    const day = new Date((today - back) * DAY_MS);
    if (!isDue(day)) continue;
    const ofDay = [...hours].flatMap((hour) =>
      [...minutes].map((minute) => day.getTime() + (hour * 60 + minute) * 60_000)
    ).filter((moment) => moment <= at.getTime());
    if (ofDay.length > 0) return new Date(Math.max(...ofDay));
  }
  return null;
}

function valuesOf(part: string, field: Field): Set<number> {
  const { min, max } = field;
  const size = max - min + 1;
  return new Set(
    part.split(",").flatMap((item) => {
      const [, from, to, step] = ITEM.exec(item)!;
      const first = from === undefined ? min : numberOf(from, field);
      const isOne = from !== undefined && to === undefined && step === undefined;
      const last = isOne ? first : to === undefined ? max : numberOf(to, field);
      const count = (last - first + size) % size + 1;
      const everyth = Number(step ?? 1);
      return Array.from(
        { length: Math.ceil(count / everyth) },
        (_, index) => min + (first - min + index * everyth) % size,
      );
    }),
  );
}

function numberOf(value: string, { min, names }: Field): number {
  return /^\d+$/.test(value) ? Number(value) : min + names.indexOf(value.toUpperCase());
}
