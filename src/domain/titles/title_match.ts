/**
 * How two titles agree. `full`: everything said is the same. `main`: the same up to a subtitle that
 * only one side has. `stem`: the record bears no more than what stands before the subtitle asked for, which
 * may be the name of a series. `segment`: one side carries a series name in front. `near`: the same but for a
 * slip of the keys. `partial`: words in common, not enough. `conflict`: a number or subtitle says
 * these are different books, whatever else agrees.
 */
export type TitleAgreement =
  | "full"
  | "main"
  | "stem"
  | "segment"
  | "near"
  | "partial"
  | "conflict";

/**
 * What a title must have beside it before it counts: a date of the very year asked for, one at most a year
 * away, the very year or no date at all, or another record that bears the whole title.
 */
export type TitleNeed = "exact_year" | "near_year" | "no_other_year" | "another_record";

export interface TitleMatch {
  /** 0–1; at least {@linkcode SAME_TITLE} when the titles may name one work. */
  readonly score: number;
  readonly agreement: TitleAgreement;
  /** For `conflict`: what differs. Beside a need: what differs when it is not met. */
  readonly reason: string | null;
  /** Null when the title speaks for itself. */
  readonly needs: TitleNeed | null;
}

/** From here on two titles are taken for titles of one work. */
export const SAME_TITLE = 0.85;

function match(
  score: number,
  agreement: TitleAgreement,
  needs: TitleNeed | null = null,
): TitleMatch {
  return { score, agreement, reason: null, needs };
}

export const FULL = match(1, "full");
export const NEARLY_FULL = match(0.98, "full");
export const ROMANISED = match(0.95, "full");
export const MAIN = match(0.97, "main");
/** A subtitle nobody asked for, which may be that of a part or of another version. */
export const ADDED = match(0.965, "main", "no_other_year");
export const STEM = match(0.96, "stem", "another_record");
/** What follows may explain the title, and may be one itself ("Jack Reacher: A Wanted Man"). */
export const EXPLAINED_STEM = match(0.97, "stem");
export const SEGMENT = match(0.95, "segment");
/** One word behind a series name, or another name in front of it. */
export const WEAK_SEGMENT = match(0.9, "segment", "near_year");
export const REWORDED = match(0.94, "main");
export const LOOSELY_REWORDED = match(0.87, "main", "exact_year");
/** A place in a series that only one side names. */
export const PLACED = match(0.9, "main", "exact_year");
export const SERIES_NAME = match(0.88, "partial");
export const WHOLE_SERIES = match(0.9, "partial");
export const WITHOUT_SERIES = match(0.8, "partial");

/** Two titles of different books. */
export function conflict(reason: string): TitleMatch {
  return { score: 0.5, agreement: "conflict", reason, needs: null };
}

/** The match, which is a conflict for this reason where its need is not met. */
export function orConflict(weak: TitleMatch, reason: string): TitleMatch {
  return { ...weak, reason };
}

/**
 * The match as it stands beside the years that are known of a book: without its need where that is met,
 * a conflict where it is not and the match says why. `years` are those of the record's dates.
 */
export function matchInYears(
  title: TitleMatch,
  { asked, years }: { asked: number; years: readonly number[] },
): TitleMatch {
  if (title.needs === null) return title;
  const reach = { exact_year: 0, near_year: 1, no_other_year: 0, another_record: -1 }[title.needs];
  const isOpen = years.length === 0 && title.needs === "no_other_year";
  if (isOpen || years.some((year) => Math.abs(year - asked) <= reach)) {
    return { ...title, reason: null, needs: null };
  }
  // Without any date there is nothing to hold against it.
  return title.reason === null || years.length === 0 ? title : conflict(title.reason);
}
