import { PAID_RESOLVERS } from "../../src/domain/providers/provider_names.ts";
import { FICTIONAL, isAnswerable } from "./resolve_queries.ts";
import type { BatchCheck, ResolvedQuery } from "./resolve_run.ts";
import {
  callsPer,
  CORE_CATEGORIES,
  isBetter,
  share,
  type Tally,
  tally,
  tallyByCategory,
  type Verdict,
} from "./resolve_tally.ts";

/** What the benchmark reports. Shares are 0–1. */
export interface ResolveFigures {
  readonly queries: number;
  readonly resolved: number;
  readonly unjudged: number;
  readonly precision: number | null;
  readonly recall_plain: number;
  /** Over the categories of {@linkcode CORE_CATEGORIES} together. */
  readonly recall_core: number;
  /** Over all but the books that don't exist. */
  readonly recall_all: number;
  readonly fictional_accepted: number;
  /**
   * All requests to ISBNdb by books resolved: those about books that don't exist too, and those that
   * show it the ISBNs found, a batch counted as one.
   */
  readonly isbndb_calls_per_resolved: number;
  /** The same with every ISBN of a batch counted, which is how its quota may count them. */
  readonly isbndb_units_per_resolved: number;
  /** All requests to those that are not paid, by books resolved. */
  readonly free_requests_per_resolved: number;
  /** The same of every provider, and in all. */
  readonly calls_per_resolved: Readonly<Record<string, number>>;
  /** Which share of ISBNdb's requests each category made, where it made any. */
  readonly isbndb_calls_by_category: Readonly<Record<string, number>>;
  readonly baselines: Readonly<Record<string, Pick<Tally, "precision" | "recall">>>;
  readonly by_category: Readonly<Record<string, CategoryFigures>>;
  /** "baseline in category" wherever one is better in both precision and recall. */
  readonly beaten_by: readonly string[];
  /** Of what is hard to search for: the share of which any provider names an ISBN that is right. */
  readonly findable: Readonly<Record<string, number>>;
}

export interface CategoryFigures extends Tally {
  readonly baselines: Readonly<Record<string, Pick<Tally, "precision" | "recall">>>;
}

/** Categories a search may fail before anything can be decided. */
const HARD_TO_SEARCH = ["typo", "translation"];

/**
 * Counts everything; `baselines` are the names in `ResolvedQuery.baselines`, `batches` is null when
 * nobody was shown the ISBNs found.
 */
export function resolveFigures(
  resolved: readonly ResolvedQuery[],
  { baselines, batches }: { baselines: readonly string[]; batches: BatchCheck | null },
): ResolveFigures {
  const ours = verdictsOf(resolved, ({ verdict }) => verdict);
  const all = tally(ours);
  const byCategory = tallyByCategory(ours);
  const theirs = baselines.map((name) => {
    const verdicts = verdictsOf(resolved, (one) => one.baselines[name] ?? "not_found");
    return { name, all: tally(verdicts), byCategory: tallyByCategory(verdicts) };
  });
  const found = resolved.filter(({ isbn13 }) => isbn13 !== null).length;
  const calls = sumCalls(resolved);
  const withBatches = (count: number): Map<string, number> =>
    batches === null
      ? calls
      : new Map(calls).set(batches.provider, (calls.get(batches.provider) ?? 0) + count);
  const perResolved = callsPer(found, withBatches(batches?.requests ?? 0));
  const ofCategories = (names: readonly string[]) =>
    tally(ours.filter(({ category }) => names.includes(category)));
  const fictional = ofCategories([FICTIONAL]);
  return {
    queries: resolved.length,
    resolved: found,
    unjudged: all.unjudged,
    precision: all.precision,
    recall_plain: ofCategories(["plain"]).recall ?? 0,
    recall_core: ofCategories(CORE_CATEGORIES).recall ?? 0,
    recall_all: all.recall ?? 0,
    fictional_accepted: share(fictional.wrong, fictional.queries),
    isbndb_calls_per_resolved: perResolved["isbndb"] ?? 0,
    isbndb_units_per_resolved: callsPer(found, withBatches(batches?.isbns ?? 0))["isbndb"] ?? 0,
    free_requests_per_resolved: freeRequestsPer(found, calls),
    calls_per_resolved: perResolved,
    isbndb_calls_by_category: isbndbCallsByCategory(resolved),
    baselines: Object.fromEntries(theirs.map((one) => [one.name, outcome(one.all)])),
    by_category: Object.fromEntries(
      [...byCategory].map(([category, own]) => [category, {
        ...own,
        baselines: Object.fromEntries(
          theirs.map((one) => [one.name, outcome(one.byCategory.get(category))]),
        ),
      }]),
    ),
    beaten_by: theirs.flatMap((one) =>
      [...byCategory].filter(([category, own]) => {
        const other = one.byCategory.get(category);
        return other !== undefined && isBetter(other, own);
      }).map(([category]) => `${one.name} in ${category}`)
    ),
    findable: Object.fromEntries(HARD_TO_SEARCH.map((category) => {
      const group = resolved.filter(({ query }) => query.category === category);
      return [category, share(group.filter(({ isFindable }) => isFindable).length, group.length)];
    })),
  };
}

function verdictsOf(
  resolved: readonly ResolvedQuery[],
  verdictOf: (one: ResolvedQuery) => Verdict,
) {
  return resolved.map((one) => ({
    category: one.query.category,
    verdict: verdictOf(one),
    isAnswerable: isAnswerable(one.query),
  }));
}

function outcome(of: Tally | undefined): Pick<Tally, "precision" | "recall"> {
  return { precision: of?.precision ?? null, recall: of?.recall ?? null };
}

function sumCalls(resolved: readonly ResolvedQuery[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [provider, made] of resolved.flatMap(({ calls }) => [...calls])) {
    sums.set(provider, (sums.get(provider) ?? 0) + made);
  }
  return sums;
}

function freeRequestsPer(count: number, calls: ReadonlyMap<string, number>): number {
  const paid: readonly string[] = PAID_RESOLVERS;
  const free = [...calls].filter(([provider]) => !paid.includes(provider));
  return callsPer(count, new Map(free))["total"] ?? 0;
}

function isbndbCallsByCategory(resolved: readonly ResolvedQuery[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { query, calls } of resolved) {
    const made = calls.get("isbndb") ?? 0;
    if (made > 0) sums.set(query.category, (sums.get(query.category) ?? 0) + made);
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => a < b ? -1 : 1));
}
