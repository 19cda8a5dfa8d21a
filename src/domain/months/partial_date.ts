/** A date known to the year, the month or the day. `month` 1–12, `day` 1–31, `null` when unknown. */
export interface PartialDate {
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
}

/**
 * Years a catalogue may mean. Older than printing or far ahead is a typing error; the limits are
 * those Open Library's importer uses for the past and the log's own for the future.
 */
const FIRST_YEAR = 1400;
const LAST_YEAR = 2100;

/** "1900" and "1 January 1900" are what many catalogues write for "unknown". */
const UNKNOWN_YEAR = 1900;

const MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const NAME = "([a-z]{3,9})\\.?";
const YEAR = "(\\d{4})";

function monthNumber(name: string): number | null {
  const index = MONTH_NAMES.indexOf(name.slice(0, 3).toLowerCase());
  return index === -1 ? null : index + 1;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function checkedDate(year: number, month: number | null, day: number | null): PartialDate | null {
  if (!Number.isInteger(year) || year < FIRST_YEAR || year > LAST_YEAR) return null;
  if (year === UNKNOWN_YEAR && (month ?? 1) === 1 && (day ?? 1) === 1) return null;
  if (month === null) return { year, month: null, day: null };
  if (!Number.isInteger(month) || month < 0 || month > 12) return null;
  // Month or day zero is MARC and Wikidata shorthand for "not known".
  if (month === 0) return { year, month: null, day: null };
  if (day === null || day === 0) return { year, month, day: null };
  return day <= daysInMonth(year, month) ? { year, month, day } : null;
}

/** The named-month forms: "March 2024", "Mar 12, 2024", "12 March 2024". */
function parseNamedMonth(text: string): PartialDate | null | undefined {
  const monthFirst = new RegExp(`^${NAME}(?:\\s+(\\d{1,2})(?:st|nd|rd|th)?)?,?\\s+${YEAR}$`, "i")
    .exec(text);
  const dayFirst = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?\\.?\\s+${NAME},?\\s+${YEAR}$`, "i")
    .exec(text);
  const yearFirst = new RegExp(`^${YEAR},?\\s+${NAME}(?:\\s+(\\d{1,2}))?$`, "i").exec(text);
  const found = monthFirst
    ? { name: monthFirst[1]!, day: monthFirst[2], year: monthFirst[3]! }
    : dayFirst
    ? { name: dayFirst[2]!, day: dayFirst[1], year: dayFirst[3]! }
    : yearFirst
    ? { name: yearFirst[2]!, day: yearFirst[3], year: yearFirst[1]! }
    : null;
  if (found === null) return undefined;
  const month = monthNumber(found.name);
  // "Spring 2024" names no month, but its year stands.
  if (month === null) return checkedDate(Number(found.year), null, null);
  return checkedDate(Number(found.year), month, found.day ? Number(found.day) : null);
}

/** The numeric forms: "2024", "2024-03", "2024-03-12", "20240312" and ISO timestamps. */
function parseNumeric(text: string): PartialDate | null | undefined {
  const iso = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text) ??
    /^(\d{4})\/(\d{1,2})(?:\/(\d{1,2}))?()$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})()$/.exec(text);
  if (iso) {
    const [, year, month, day, time] = iso;
    // archive.org pads a bare year to midnight of 1 January; such a timestamp proves the year only.
    if (time && Number(month) === 1 && Number(day) === 1 && /^T00:00:00/i.test(time)) {
      return checkedDate(Number(year), null, null);
    }
    return checkedDate(Number(year), Number(month), day ? Number(day) : null);
  }
  return /^\d{4}$/.test(text) ? checkedDate(Number(text), null, null) : undefined;
}

/**
 * Reads a publication date as catalogues write it: "2024", "March 2024", "Mar 12, 2024",
 * "12 March 2024", "2024-03", "2024-03-12", an ISO timestamp, "c2024", "1998*", "[2012]", "1987?",
 * or the number 2024. Anything else that holds exactly one year gives that year. Null when there is
 * no date, when it is impossible (30 February, year 9999) or suspect (1900 stands for "unknown").
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parsePartialDate("Mar 12, 2024"), { year: 2024, month: 3, day: 12 });
 * assertEquals(parsePartialDate("c2024"), { year: 2024, month: null, day: null });
 * assertEquals(parsePartialDate("????"), null);
 * ```
 */
export function parsePartialDate(text: string | number | null | undefined): PartialDate | null {
  if (text === null || text === undefined) return null;
  const bare = String(text).replace(/[[\]()*?]|\.$/g, "").replace(
    /^\s*(?:©|℗|copyright|circa|ca?\.?)\s*(?=\d)/i,
    "",
  ).replace(/\s+/g, " ").trim();
  const numeric = parseNumeric(bare);
  if (numeric !== undefined) return numeric;
  const named = parseNamedMonth(bare);
  if (named !== undefined) return named;
  const years = new Set(bare.match(/(?<!\d)\d{4}(?!\d)/g) ?? []);
  if (years.size !== 1) return null;
  return checkedDate(Number([...years][0]), null, null);
}
