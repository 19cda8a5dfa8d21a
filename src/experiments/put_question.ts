import { type AnswerBill, readAnswerBill } from "../database/experiments/experiments.ts";
import { tallyBooks } from "../domain/generation/book_tally.ts";
import { obstacleOf } from "../domain/generation/decide_generation.ts";
import type { ExperimentResult, QuestionOutcome } from "../domain/experiments/experiment_result.ts";
import type { Month } from "../domain/months/month.ts";
import { type AppError, toAppError } from "../errors.ts";
import { askGenerator } from "../generation/ask_generator.ts";
import type { Asking } from "../generation/asking.ts";
import { mergeBooks, type NamedBook } from "../domain/generation/merge_books.ts";
import type { Question } from "./plan_experiment.ts";
import type { ResolvedCandidate, VerifiedCandidate } from "../domain/matching/candidate.ts";
import { resolveCandidates } from "../resolution/resolve_candidates.ts";
import type { Resolving } from "../resolution/resolving.ts";
import { verifyCandidates } from "../resolution/verify_candidates.ts";

/** What came of a question. */
export interface JudgedAnswer {
  readonly result: ExperimentResult;
  /** The books named, looked up; empty when nothing could be judged. */
  readonly candidates: readonly VerifiedCandidate[];
}

/**
 * Puts one question and looks up what the answer names, as a month would, but stores no book. Answers
 * and findings are remembered, and those that are there already are used.
 *
 * Throws `AppError` COST_CAP_REACHED when the model cannot be paid for; what is none of its faults.
 */
export async function putQuestion(
  putting: Asking & Resolving,
  question: Question,
): Promise<JudgedAnswer> {
  const { month_id, generator, request } = question;
  const { job_id, signal, database } = putting;
  const outcome = await askGenerator(putting, { month_id, job_id, generator, request });
  signal.throwIfAborted();
  if (outcome.kind === "failed" && outcome.error.code === "COST_CAP_REACHED") throw outcome.error;
  const bill = await database.ask((sql) =>
    readAnswerBill(sql, {
      monthId: month_id,
      generator: generator.name,
      model: generator.model,
      promptHash: request.prompt.hash,
    })
  );
  const common = { question, bill, isRemembered: !outcome.is_fresh && bill !== null };
  if (outcome.kind === "failed") {
    const { code, message: detail } = outcome.error;
    const isUnusable = obstacleOf(code) === "unusable";
    return judgedAnswer({ ...common, outcome: isUnusable ? "unusable" : "unavailable", detail });
  }
  const { books, remark } = outcome;
  if (bill?.verdict === "refused") {
    return judgedAnswer({ ...common, outcome: "refused", detail: remark });
  }
  const judged = await judge(putting, { month: request.month, books });
  if (judged.kind === "unanswered") {
    return judgedAnswer({ ...common, outcome: "unavailable", detail: judged.error.message });
  }
  const { candidates } = judged;
  return judgedAnswer({
    ...common,
    outcome: "named",
    detail: null,
    candidates,
    repeated: books.length - candidates.length,
  });
}

type Judged =
  | { readonly kind: "judged"; readonly candidates: readonly VerifiedCandidate[] }
  /** Every resolver was away, which is a result; anything else is thrown. */
  | { readonly kind: "unanswered"; readonly error: AppError };

async function judge(
  resolving: Resolving,
  { month, books }: { month: Month; books: readonly NamedBook[] },
): Promise<Judged> {
  const candidates = mergeBooks(books);
  try {
    const found = await resolveCandidates(resolving, { month, candidates, onResolved() {} });
    const resolved = found.map((candidate) => withoutUnchecked(candidate, resolving));
    return {
      kind: "judged",
      candidates: await resolving.database.ask((sql) =>
        verifyCandidates(sql, { month, candidates: resolved })
      ),
    };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== "EVERY_RESOLVER_DOWN") throw thrown;
    return { kind: "unanswered", error };
  }
}

/**
 * A book whose ISBN could not be checked speaks for and against nobody, and is not stored: a result is
 * never corrected, and putting the question again later costs no model anything.
 */
function withoutUnchecked(
  candidate: ResolvedCandidate,
  { checker }: Resolving,
): ResolvedCandidate {
  if (candidate.check_state !== "waiting" || checker === null) return candidate;
  const unavailable = { provider: checker.name, reason: "could not check the ISBN", until: null };
  return { ...candidate, decision: null, unavailable: [unavailable], check_state: "not_needed" };
}

function judgedAnswer(
  { question, bill, isRemembered, outcome, detail, candidates = [], repeated = 0 }: {
    question: Question;
    bill: AnswerBill | null;
    isRemembered: boolean;
    outcome: QuestionOutcome;
    detail: string | null;
    candidates?: readonly VerifiedCandidate[];
    /** Books of the list that were the same as another. */
    repeated?: number;
  },
): JudgedAnswer {
  const { generator, request, variant } = question;
  const result: ExperimentResult = {
    ...request.month,
    prompt_variant: variant,
    prompt_version: request.prompt.version,
    generator: generator.name,
    model: generator.model,
    asked_books: request.max_books,
    outcome,
    detail,
    is_remembered: isRemembered,
    ...tallyBooks(candidates),
    dropped: (bill?.dropped ?? 0) + repeated,
    isbns: candidates.flatMap(({ decision }) =>
      decision?.kind === "found" ? [decision.isbn13] : []
    ),
    books_stored: null,
    isbns_stored: null,
    tokens: bill?.tokens ?? { input: 0, output: 0, thinking: 0 },
    cost_usd: bill === null ? 0 : bill.cost_usd,
  };
  return { result, candidates };
}
