/** One day of a calendar. */
export interface CalendarDay {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** An IANA name such as `UTC` or `America/Los_Angeles`. */
  readonly timeZone: string;
}

/** The zone in which Google counts its daily allowances (Pacific time). */
export const PACIFIC = "America/Los_Angeles";

const formats = new Map<string, Intl.DateTimeFormat>();

/** A format costs more to make than to use, and the journal asks for each of its entries. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

/** The day (`YYYY-MM-DD`) that a moment belongs to in a time zone. */
export function dayIn(timeZone: string, moment: Date): string {
  const parts = new Map(
    formatFor(timeZone).formatToParts(moment).map(({ type, value }) => [type, value]),
  );
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}
