import type { Judgement } from "./resolve_queries.ts";

/** What became of one question, by us or by a baseline. */
export type Verdict = Judgement | "ambiguous" | "not_found";

/** Verdicts of one way to resolve, counted. Shares are 0–1, to four digits. */
export interface Tally {
  readonly queries: number;
  /** Right by right and wrong answers; null when nothing could be judged. */
  readonly precision: number | null;
  /** Right answers by questions; null where nothing is there to be found. */
  readonly recall: number | null;
  readonly ambiguous: number;
  readonly wrong: number;
  readonly unjudged: number;
}

/** The verdict of one way to resolve on one question. */
export interface CategoryVerdict {
  readonly category: string;
  readonly verdict: Verdict;
  /** Whether there is anything to be found. */
  readonly isAnswerable: boolean;
}

/** The categories that name one existing book in a harder way than its title page does. */
export const CORE_CATEGORIES: readonly string[] = [
  "author-variant",
  "subtitle",
  "series",
  "non-ascii",
  "year-off",
  "same-title-different-author",
  "derivative",
  "derivative-trap",
];

/** To four digits, so that figures of two runs compare well. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
}

/** Counts verdicts; questions that nothing may be answered to count for precision, not for recall. */
export function tally(verdicts: readonly CategoryVerdict[]): Tally {
  const count = (wanted: Verdict) => verdicts.filter(({ verdict }) => verdict === wanted).length;
  const [right, wrong] = [count("right"), count("wrong")];
  const existing = verdicts.filter(({ isAnswerable }) => isAnswerable).length;
  return {
    queries: verdicts.length,
    precision: right + wrong === 0 ? null : share(right, right + wrong),
    recall: existing === 0 ? null : share(right, existing),
    ambiguous: count("ambiguous"),
    wrong,
    unjudged: count("unjudged"),
  };
}

/** {@linkcode tally} for each category, in alphabetical order. */
export function tallyByCategory(verdicts: readonly CategoryVerdict[]): Map<string, Tally> {
  const groups = Map.groupBy(verdicts, ({ category }) => category);
  return new Map(
    [...groups].sort(([a], [b]) => a < b ? -1 : 1).map(([name, group]) => [name, tally(group)]),
  );
}

/**
 * Whether a baseline beats us: more precise and finding more. Who answers nothing is not more precise
 * than anybody.
 */
export function isBetter(baseline: Tally, ours: Tally): boolean {
  return (baseline.precision ?? 0) > (ours.precision ?? 0) &&
    (baseline.recall ?? 0) > (ours.recall ?? 0);
}

/** Averages of calls, by what counted them and in all, to three digits. */
export function callsPer(
  count: number,
  calls: ReadonlyMap<string, number>,
): Record<string, number> {
  const perOne = (made: number) => count === 0 ? 0 : Math.round((made / count) * 1000) / 1000;
  const total = [...calls.values()].reduce((sum, made) => sum + made, 0);
  const byName = [...calls].sort(([a], [b]) => a < b ? -1 : 1);
  return {
    ...Object.fromEntries(byName.map(([name, made]) => [name, perOne(made)])),
    total: perOne(total),
  };
}
