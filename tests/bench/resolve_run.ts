import { NO_SERIES } from "../../src/domain/series/series_fields.ts";
import pMap from "p-map";
import type { CallContext } from "../../src/domain/generation/generator.ts";
import type {
  BatchChecker,
  BookQuery,
  Resolver,
  WorkCandidate,
} from "../../src/domain/matching/resolver.ts";
import { askCascade, type ResolverTiers } from "../../src/resolution/cascade.ts";
import { answeringInOrder } from "./answering_in_order.ts";
import { type Baseline, type BaselineCandidate, baselineCandidates } from "./baselines.ts";
import { judgeIsbn, type ResolveQuery, type ResolveQuestions } from "./resolve_queries.ts";
import type { Verdict } from "./resolve_tally.ts";

/** One question with what the cascade and each baseline made of it. */
export interface ResolvedQuery {
  readonly query: ResolveQuery;
  readonly verdict: Verdict;
  readonly isbn13: string | null;
  /** Why nothing was answered, where a reason is known. */
  readonly reason: string | null;
  /** By the name of the baseline. */
  readonly baselines: Readonly<Record<string, Verdict>>;
  /** Whether any provider, asked completely, names an ISBN that is right. */
  readonly isFindable: boolean;
  /** Requests of the cascade, by provider. */
  readonly calls: ReadonlyMap<string, number>;
}

export interface ResolveRun {
  readonly questions: ResolveQuestions;
  readonly tiers: ResolverTiers;
  readonly baselines: Readonly<Record<string, Baseline>>;
  /** Questions under way at once. */
  readonly concurrency: number;
}

/**
 * Resolves every question through the cascade, then asks all providers completely and lets each
 * baseline choose from all they know. Throws when a provider could not answer: figures measured
 * without it would be of something else.
 */
export function resolveAll(run: ResolveRun): Promise<ResolvedQuery[]> {
  const { questions, concurrency } = run;
  return pMap(questions.queries, (query) => resolveOne(query, run), { concurrency });
}

async function resolveOne(
  query: ResolveQuery,
  { questions, tiers, baselines }: ResolveRun,
): Promise<ResolvedQuery> {
  const asked: BookQuery = { ...query.query, ...NO_SERIES, month: null, language: "en" };
  const judge = (isbn13: string) => judgeIsbn(isbn13, { query, workOf: questions.workOf });
  const calls = new Map<string, number>();
  const { decision, unavailable } = await askCascade(asked, {
    tiers: query.heard_first === undefined ? tiers : answeringInOrder(tiers, query.heard_first),
    known: [],
    onAnswer: () => {},
    call: callContext((provider) => calls.set(provider, (calls.get(provider) ?? 0) + 1)),
  });
  if (unavailable.length > 0) {
    throw new Error(`A simulated provider was silent: ${JSON.stringify(unavailable)}`);
  }
  const candidates = baselineCandidates(await askAll(asked, tiers));
  const isFound = decision.kind === "found";
  return {
    query,
    verdict: isFound ? judge(decision.isbn13) : decision.kind,
    isbn13: isFound ? decision.isbn13 : null,
    reason: decision.kind === "ambiguous" ? decision.reason : null,
    baselines: Object.fromEntries(
      Object.entries(baselines).map(([name, choose]) => {
        const isbn13 = choose(asked, candidates);
        return [name, isbn13 === null ? "not_found" : judge(isbn13)];
      }),
    ),
    isFindable: candidates.some((candidate) => isRight(candidate, query)),
    calls,
  };
}

function isRight({ edition }: BaselineCandidate, { all_isbn13 }: ResolveQuery): boolean {
  return all_isbn13.includes(edition.isbn13);
}

/** What a provider was shown of what was found, as months do with all their ISBNs at once. */
export interface BatchCheck {
  readonly provider: string;
  readonly requests: number;
  readonly isbns: number;
}

/** As many as a month is asked for. */
const BOOKS_PER_BATCH = 20;

/**
 * Shows all ISBNs found to the provider that checks batches of them, as the month job does, and counts
 * what that takes. Throws when the provider could not answer.
 */
export async function checkBatches(
  resolved: readonly ResolvedQuery[],
  tiers: ResolverTiers,
): Promise<BatchCheck | null> {
  const checker = tiers.flat().find((one): one is Resolver & BatchChecker => "checkIsbns" in one);
  if (checker === undefined) return null;
  const isbns = [...new Set(resolved.flatMap(({ isbn13 }) => isbn13 ?? []))];
  let requests = 0;
  for (let start = 0; start < isbns.length; start += BOOKS_PER_BATCH) {
    const batch = isbns.slice(start, start + BOOKS_PER_BATCH);
    const answer = await checker.checkIsbns(batch, callContext(() => void requests++));
    if (answer.kind === "unavailable") throw new Error(`A simulated provider: ${answer.message}`);
  }
  return { provider: checker.name, requests, isbns: isbns.length };
}

/** Everything every provider has to say, in the order of the tiers. */
async function askAll(asked: BookQuery, tiers: ResolverTiers): Promise<WorkCandidate[]> {
  const answers = await Promise.all(
    tiers.flat().map((resolver) => resolver.find(asked, callContext(() => {}))),
  );
  return answers.flatMap((answer) => {
    if (answer.kind === "unavailable") throw new Error(`A simulated provider: ${answer.message}`);
    return answer.kind === "candidates" ? [...answer.works] : [];
  });
}

function callContext(onCall: CallContext["onCall"]): CallContext {
  return { signal: new AbortController().signal, onCall };
}
