import { z } from "zod";
import { type BookTally, bookTallySchema } from "../generation/book_tally.ts";
import { contenderKey, contenderSchema, type ExperimentResult } from "./experiment_result.ts";
import { monthKey } from "../months/month.ts";
import { roundUsd } from "../money/round_usd.ts";

/** How one contender did, over the months it was judged on. */
export const contenderFiguresSchema = bookTallySchema.extend({
  ...contenderSchema.shape,
  months: z.number(),
  /** Months of these for which it gave no list that could be used. */
  refused: z.number(),
  unusable: z.number(),
  /** Months beside these for which nothing could be judged. */
  unheard: z.number(),
  dropped: z.number(),
  /** Resolved books nobody else named, in the months that others were judged on too. */
  only_here: z.number(),
  /** Resolved books that the catalogue got from it. */
  stored: z.number(),
  tokens: z.number(),
  /** US dollars; null when the cost of an answer is not known. */
  cost_usd: z.number().nullable(),
  usd_per_resolved: z.number().nullable(),
  usd_per_in_month: z.number().nullable(),
});

export type ContenderFigures = Readonly<z.infer<typeof contenderFiguresSchema>>;

/**
 * Puts the results of several questions together by contender: the one with most books of the right
 * month first, then with most resolved, then the cheapest. There must be one result at most for each question.
 */
export function compareResults(results: readonly ExperimentResult[]): ContenderFigures[] {
  const judged = results.filter(({ outcome }) => outcome !== "unavailable");
  const byMonth = Map.groupBy(judged, monthKey);
  const byContender = Map.groupBy(results, contenderKey);
  return [...byContender.values()]
    .map((own) => figuresOf(own, byMonth))
    .toSorted((a, b) =>
      b.in_month - a.in_month || b.resolved - a.resolved ||
      (a.cost_usd ?? Infinity) - (b.cost_usd ?? Infinity) ||
      (contenderKey(a) < contenderKey(b) ? -1 : 1)
    );
}

function figuresOf(
  results: readonly ExperimentResult[],
  byMonth: ReadonlyMap<string, readonly ExperimentResult[]>,
): ContenderFigures {
  const { prompt_variant, prompt_version, generator, model } = results[0]!;
  const own = results.filter(({ outcome }) => outcome !== "unavailable");
  const tally = sumTallies(own);
  const costs = own.map(({ cost_usd }) => cost_usd).filter((usd) => usd !== null);
  const cost_usd = costs.length < own.length ? null : roundUsd(costs.reduce(plus, 0));
  return {
    prompt_variant,
    prompt_version,
    generator,
    model,
    months: own.length,
    refused: own.filter(({ outcome }) => outcome === "refused").length,
    unusable: own.filter(({ outcome }) => outcome === "unusable").length,
    unheard: results.length - own.length,
    ...tally,
    dropped: own.map(({ dropped }) => dropped).reduce(plus, 0),
    only_here: own.map((result) => countOnlyHere(result, byMonth)).reduce(plus, 0),
    stored: own.map(({ books_stored }) => books_stored ?? 0).reduce(plus, 0),
    tokens: own.map(({ tokens }) => tokens.input + tokens.output + tokens.thinking).reduce(plus, 0),
    cost_usd,
    usd_per_resolved: share(cost_usd, tally.resolved),
    usd_per_in_month: share(cost_usd, tally.in_month),
  };
}

/** The counts of several lists together. */
function sumTallies(tallies: readonly BookTally[]): BookTally {
  const sum = (field: keyof BookTally): number => tallies.map((one) => one[field]).reduce(plus, 0);
  return {
    books: sum("books"),
    resolved: sum("resolved"),
    ambiguous: sum("ambiguous"),
    not_found: sum("not_found"),
    invented: sum("invented"),
    unavailable: sum("unavailable"),
    in_month: sum("in_month"),
    in_year: sum("in_year"),
    elsewhere: sum("elsewhere"),
    undated: sum("undated"),
  };
}

function countOnlyHere(
  result: ExperimentResult,
  byMonth: ReadonlyMap<string, readonly ExperimentResult[]>,
): number {
  const others = (byMonth.get(monthKey(result)) ?? []).filter((one) => one !== result);
  if (others.length === 0) return 0;
  const known = new Set(others.flatMap(({ isbns }) => isbns));
  return result.isbns.filter((isbn) => !known.has(isbn)).length;
}

/** What one of `count` things costs; null when that is not known, or there is none. */
export function share(usd: number | null, count: number): number | null {
  return usd === null || count === 0 ? null : roundUsd(usd / count);
}

function plus(a: number, b: number): number {
  return a + b;
}
