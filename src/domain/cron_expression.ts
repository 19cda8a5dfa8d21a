/** What each of the five fields may hold: its numbers, and names that stand for some of them. */
const FIELDS = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  {
    min: 1,
    max: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  // Numbers of weekdays mean different days in different crons, so only names are taken.
  { min: 1, max: 0, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
] as const;

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

function isItem(item: string, field: (typeof FIELDS)[number]): boolean {
  const match = /^(?:\*|([^-/]+)(?:-([^-/]+))?)(?:\/([1-9]\d*))?$/.exec(item);
  if (!match) return false;
  return [match[1], match[2]].every((value) => value === undefined || isValue(value, field));
}

function isValue(value: string, { min, max, names }: (typeof FIELDS)[number]): boolean {
  if (/^\d+$/.test(value)) return Number(value) >= min && Number(value) <= max;
  return (names as readonly string[]).includes(value.toUpperCase());
}
