import { z } from "zod";
import type { MatchDecision } from "../matching/decide_match.ts";
import type { MonthFit } from "../months/month_fit.ts";
import { SAME_TITLE } from "../titles/title_match.ts";

/** What became of a list of named books. `books` is the sum of the next three and `unavailable`. */
export const bookTallySchema = z.object({
  books: z.number(),
  resolved: z.number(),
  ambiguous: z.number(),
  not_found: z.number(),
  /** Of those not found, the ones that most likely do not exist. */
  invented: z.number(),
  /** Books some provider could not be asked about; they speak for and against nobody. */
  unavailable: z.number(),
  /** When the resolved books appeared, against the month they were named for. */
  in_month: z.number(),
  in_year: z.number(),
  elsewhere: z.number(),
  /** Resolved, but no record says when it appeared. Not `unknown`, which counts unresolved books too. */
  undated: z.number(),
});

export type BookTally = Readonly<z.infer<typeof bookTallySchema>>;

/** A named book after it was looked up; without a decision some provider was silent about it. */
export interface JudgedBook {
  readonly decision: MatchDecision | null;
  readonly month_fit: MonthFit;
}

/** Counts what became of the books. */
export function tallyBooks(books: readonly JudgedBook[]): BookTally {
  const resolved = books.filter(({ decision }) => decision?.kind === "found");
  const count = (kind: MatchDecision["kind"] | undefined): number =>
    books.filter(({ decision }) => decision?.kind === kind).length;
  const fits = (fit: MonthFit): number =>
    resolved.filter(({ month_fit }) => month_fit === fit).length;
  return {
    books: books.length,
    resolved: resolved.length,
    ambiguous: count("ambiguous"),
    not_found: count("not_found"),
    invented: books.filter(({ decision }) => decision && isProbablyInvented(decision)).length,
    unavailable: count(undefined),
    in_month: fits("in_month"),
    in_year: fits("in_year"),
    elsewhere: fits("elsewhere"),
    undated: fits("unknown"),
  };
}

/** The title points a record has at least that bears the title asked for. */
const SAME_TITLE_POINTS = 50 * SAME_TITLE;

/**
 * Whether a book was not found and no record anywhere bears its title. A real title under a wrong name is
 * a mistake, not an invention; a book too obscure for every catalogue is taken for one.
 */
export function isProbablyInvented(decision: MatchDecision): boolean {
  return decision.kind === "not_found" &&
    decision.considered.every(({ parts }) => parts.title < SAME_TITLE_POINTS);
}
