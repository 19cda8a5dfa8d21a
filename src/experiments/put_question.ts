import { type AnswerBill, readAnswerBill } from "../database/experiments/experiments.ts";
import { tallyBooks } from "../domain/generation/book_tally.ts";
import { obstacleOf } from "../domain/generation/decide_generation.ts";
import type { ExperimentResult, QuestionOutcome } from "../domain/experiments/experiment_result.ts";
import { type AppError, toAppError } from "../errors.ts";
import { askDatabase } from "../month_job/ask_database.ts";
import type { Answer } from "../generation/ask_generator.ts";
import { hearGenerator } from "../generation/hear_generator.ts";
import { mergeBooks } from "../domain/generation/merge_books.ts";
import type { MonthJobContext, MonthRun } from "../month_job/month_job_context.ts";
import type { Question } from "./plan_experiment.ts";
import { resolveCandidates, type ResolvedCandidate } from "../resolution/resolve_candidates.ts";
import { type VerifiedCandidate, verifyCandidates } from "../resolution/verify_candidates.ts";

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
  context: MonthJobContext,
  { question, run }: { question: Question; run: MonthRun },
): Promise<JudgedAnswer> {
  const { generator, request } = question;
  const { answer, error, isHeard } = await hearGenerator(context, { run, generator, request });
  run.signal.throwIfAborted();
  const obstacle = error === null ? null : obstacleOf(error.code);
  if (error?.code === "COST_CAP_REACHED") throw error;
  const bill = await readAnswerBill(context.database.sql, {
    monthId: question.month_id,
    generator: generator.name,
    model: generator.model,
    promptHash: request.prompt.hash,
  });
  const common = { question, bill, isRemembered: !isHeard && bill !== null };
  if (answer === null) {
    const outcome = obstacle === "unusable" ? "unusable" : "unavailable";
    return judgedAnswer({ ...common, outcome, detail: error?.message ?? null });
  }
  const { books, remark } = answer;
  if (bill?.verdict === "refused") {
    return judgedAnswer({ ...common, outcome: "refused", detail: remark });
  }
  const judged = await judge(context, { run, books });
  if (judged.kind === "unheard") {
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
  | { readonly kind: "unheard"; readonly error: AppError };

async function judge(
  context: MonthJobContext,
  { run, books }: { run: MonthRun; books: Answer["books"] },
): Promise<Judged> {
  const candidates = mergeBooks(books);
  const { sql } = context.database;
  try {
    const resolved = (await resolveCandidates(context, { run, candidates, onResolved: () => {} }))
      .map((candidate) => withoutUnchecked(candidate, context));
    return {
      kind: "judged",
      candidates: await askDatabase(
        () => verifyCandidates(sql, { month: run, candidates: resolved }),
        { context, run },
      ),
    };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== "EVERY_RESOLVER_DOWN") throw thrown;
    return { kind: "unheard", error };
  }
}

/**
 * A book whose ISBN could not be checked speaks for and against nobody, and is not stored: a result is
 * never corrected, and putting the question again later costs no model anything.
 */
function withoutUnchecked(
  candidate: ResolvedCandidate,
  { checker }: MonthJobContext,
): ResolvedCandidate {
  if (candidate.check_state !== "waiting" || checker === null) return candidate;
  const silence = { provider: checker.name, reason: "could not check the ISBN", until: null };
  return { ...candidate, decision: null, silences: [silence], check_state: "not_needed" };
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
