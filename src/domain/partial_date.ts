/** A date known to the year, the month or the day. `month` 1–12, `day` 1–31, `null` when unknown. */
export interface PartialDate {
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
}
