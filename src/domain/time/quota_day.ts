const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The next 00:00 UTC after `now`, when ISBNdb's daily quota starts anew. */
export function nextUtcMidnight(now: Date): Date {
  return new Date((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS);
}

const pacificTime = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Los_Angeles",
  hourCycle: "h23",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/**
 * The next midnight in Los Angeles after `now`, when Google's daily quotas start anew. Days of 23 and
 * 25 hours around the change to and from summer time are counted right.
 */
export function nextPacificMidnight(now: Date): Date {
  // No zone change happens at midnight there, so one of these three is midnight exactly.
  const estimate = now.getTime() + DAY_MS - millisIntoPacificDay(now);
  for (const shift of [-HOUR_MS, 0, HOUR_MS]) {
    const candidate = new Date(estimate + shift);
    if (candidate > now && millisIntoPacificDay(candidate) === 0) return candidate;
  }
  return new Date(estimate);
}

function millisIntoPacificDay(moment: Date): number {
  const parts = new Map(
    pacificTime.formatToParts(moment).map((part) => [part.type, Number(part.value)]),
  );
  const seconds = (parts.get("hour") ?? 0) * 3600 + (parts.get("minute") ?? 0) * 60 +
    (parts.get("second") ?? 0);
  return seconds * 1000 + moment.getTime() % 1000;
}

/** Where a provider's day begins. */
export type QuotaZone = "utc" | "pacific";

const pacificDay = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Los_Angeles" });

/**
 * The day, `YYYY-MM-DD`, whose quota a request at `now` is counted on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const now = new Date("2026-11-21T03:00:00Z");
 * assertEquals(quotaDay(now, "utc"), "2026-11-21");
 * assertEquals(quotaDay(now, "pacific"), "2026-11-20");
 * ```
 */
export function quotaDay(now: Date, zone: QuotaZone): string {
  return zone === "utc" ? now.toISOString().slice(0, 10) : pacificDay.format(now);
}

/** When the quota of the day `now` falls in starts anew. */
export function nextQuotaReset(now: Date, zone: QuotaZone): Date {
  return zone === "utc" ? nextUtcMidnight(now) : nextPacificMidnight(now);
}
