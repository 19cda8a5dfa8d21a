import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import pMap from "p-map";
import { systemClock } from "../../../src/clock.ts";
import type { Evidence } from "../../../src/database/resolution/resolutions.ts";
import type { CallContext } from "../../../src/domain/generation/generator.ts";
import type { Candidate } from "../../../src/domain/matching/candidate.ts";
import type { MatchDecision } from "../../../src/domain/matching/decide_match.ts";
import { checkStateOf } from "../../../src/domain/isbns/isbn_check.ts";
import type {
  BatchChecker,
  BookQuery,
  Resolver,
  ResolverName,
} from "../../../src/domain/matching/resolver.ts";
import { PAID_RESOLVERS, RESOLVER_NAMES } from "../../../src/domain/providers/provider_names.ts";
import { createLog } from "../../../src/log.ts";
import { askCascade, type ResolverTiers } from "../../../src/resolution/cascade.ts";
import { checkIsbns } from "../../../src/resolution/check_isbns.ts";
import { startSimulator } from "../../../src/simulator/simulator.ts";
import { answeringInOrder } from "../answering_in_order.ts";
import { simulatedResolvers } from "../simulated_resolvers.ts";
import { caseBooks } from "./case_books.ts";
import type { MatchCase } from "./match_case.ts";

/**
 * In which order answers come in: `all` decides on all of them at once, a provider's name is its answer
 * before those of the other free ones, which follow one by one in their usual order.
 */
export type AnswerOrder = "all" | ResolverName;

/** All answers at once, and each free provider first. */
export const ANSWER_ORDERS: readonly AnswerOrder[] = [
  "all",
  ...RESOLVER_NAMES.filter((name) => !PAID_RESOLVERS.includes(name)),
];

/** What became of a case; `refused` and `ambiguous` found no ISBN where there is a right one. */
export type CaseVerdict = "right" | "wrong" | "refused" | "ambiguous";

/** A case in one order of answers. */
export interface DecidedCase {
  readonly match_case: MatchCase;
  readonly order: AnswerOrder;
  readonly verdict: CaseVerdict;
  readonly isbn13: string | null;
  readonly decision: MatchDecision;
  /** What was heard, in the order in which it came. */
  readonly answers: readonly Evidence[];
}

/** Cases under way at once; more only makes them wait for each other. */
const CONCURRENCY = 8;

/**
 * Puts cases to the production clients, each against services that hold its records and nothing else, and
 * decides them as a month does: by the cascade and, where ISBNdb had no part in what was found, by what
 * it says of the ISBN. Throws when a service could not answer: that would be a verdict on something else.
 */
export function runCases(
  cases: readonly MatchCase[],
  { order }: { readonly order: AnswerOrder },
): Promise<DecidedCase[]> {
  return pMap(cases, (one) => runCase(one, order), { concurrency: CONCURRENCY });
}

async function runCase(match_case: MatchCase, order: AnswerOrder): Promise<DecidedCase> {
  const simulator = await startSimulator({ clock: systemClock, books: caseBooks(match_case) });
  try {
    const tiers = simulatedResolvers(simulator, CONCURRENCY);
    const query: BookQuery = { ...match_case.query, ...NO_SERIES, language: "en" };
    const known = order === "all" ? await askEverybody(query, tiers) : [];
    const answers = [...known];
    const { decision: found, unavailable } = await askCascade(query, {
      tiers: order === "all" ? tiers : answeringInOrder(tiers, order),
      known,
      call: CALL,
      onAnswer: (answer) => answers.push(answer),
    });
    if (unavailable.length > 0) throw new Error(JSON.stringify(unavailable));
    const decision = await checked(found, { query, tiers });
    return { match_case, order, decision, answers, ...judgeCase(decision, match_case) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Case ${match_case.id} with ${order} first: ${why}`, { cause });
  } finally {
    await simulator.close();
  }
}

const CALL: CallContext = { signal: new AbortController().signal, onCall: () => {} };

/** Everything that every provider has to say. */
async function askEverybody(query: BookQuery, tiers: ResolverTiers): Promise<Evidence[]> {
  return await Promise.all(
    tiers.flat().map(async (resolver): Promise<Evidence> => {
      const answer = await resolver.find(query, CALL);
      if (answer.kind === "unavailable") throw new Error(answer.message);
      return {
        provider: resolver.name,
        works: answer.kind === "candidates" ? answer.works : [],
      };
    }),
  );
}

/** The decision after ISBNdb has been shown the ISBN, where it has not been heard. */
async function checked(
  decision: MatchDecision,
  { query, tiers }: { readonly query: BookQuery; readonly tiers: ResolverTiers },
): Promise<MatchDecision> {
  const checker = tiers.flat().find((one): one is Resolver & BatchChecker => "checkIsbns" in one);
  if (checker === undefined || decision.kind !== "found") return decision;
  if (checkStateOf(decision, checker.name) !== "waiting") return decision;
  const { title, author, month } = query;
  const candidate: Candidate = { title, author, month, ...NO_SERIES, named_by: [] };
  const book = { candidate, decision };
  const changes = await checkIsbns({ ...CALL, log: createLog() }, { checker, books: [book] });
  if (changes === null) throw new Error(`${checker.name} could not check an ISBN`);
  return changes.get(book)?.decision ?? decision;
}

/** What a decision is worth. */
export function judgeCase(
  decision: MatchDecision,
  { expected }: Pick<MatchCase, "expected">,
): Pick<DecidedCase, "verdict" | "isbn13"> {
  if (decision.kind === "found") {
    const { isbn13 } = decision;
    return { isbn13, verdict: expected.includes(isbn13) ? "right" : "wrong" };
  }
  if (expected.length === 0) return { isbn13: null, verdict: "right" };
  return { isbn13: null, verdict: decision.kind === "ambiguous" ? "ambiguous" : "refused" };
}
