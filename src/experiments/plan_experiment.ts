import { findLoggedMonths } from "../database/scheduling/due_months.ts";
import {
  countDecidedBooks,
  listRememberedAnswers,
  readForecastHistory,
} from "../database/stats/forecast_history.ts";
import { inputTokensAtMost } from "../domain/money/call_budget.ts";
import {
  estimateExperiment,
  type ExperimentEstimate,
  type QuestionSize,
} from "../domain/experiments/estimate_experiment.ts";
import type { Generator, GeneratorRequest } from "../domain/generation/generator.ts";
import { type ModelPrice, priceOf } from "../domain/money/model_prices.ts";
import { type Month, monthKey } from "../domain/months/month.ts";
import type { PromptVariant } from "../domain/generation/prompt.ts";
import type { Wording } from "../domain/generation/wording.ts";
import { AppError } from "../errors.ts";
import { generatorRequest } from "../generation/generator_request.ts";
import type { BookSources } from "../resolution/resolving.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../database/connection/connection.ts";

/** One wording for one month, to be put to one model. */
export interface Question {
  readonly month_id: number;
  readonly variant: PromptVariant;
  readonly generator: Generator;
  readonly request: GeneratorRequest;
  /** Its answer is there already. */
  readonly is_remembered: boolean;
}

/** What planning takes. */
export interface Planning {
  readonly database: Pick<Database, "sql">;
  readonly clock: Clock;
  /** The models to compare. */
  readonly generators: readonly Generator[];
  readonly sources: Pick<BookSources, "resolvers" | "checker">;
  /** Prices the operator gave, which count before the list's, by model. */
  readonly model_prices: Readonly<Record<string, ModelPrice>>;
}

export interface ExperimentPlan {
  readonly questions: readonly Question[];
  readonly estimate: ExperimentEstimate;
}

/** What is compared with what, for each of the models. */
export interface ExperimentRequest {
  readonly months: readonly Month[];
  readonly wordings: readonly Wording[];
  /** Books to ask for; null asks for as many as the month itself would. */
  readonly books: number | null;
}

/**
 * Every question of an experiment, month by month, and what putting them will take. Changes nothing.
 *
 * Throws `AppError` NOT_FOUND when the log lacks a month.
 */
export async function planExperiment(
  planning: Planning,
  { months, wordings, books }: ExperimentRequest,
): Promise<ExperimentPlan> {
  const { database: { sql }, generators } = planning;
  const logged = await findLoggedMonths(sql, months);
  demandAll(months, logged);
  const answers = await listRememberedAnswers(sql, logged.map(({ month_id }) => month_id));
  const questions = logged.flatMap(({ month_id, year, month, asked_books }) =>
    wordings.flatMap(({ variant, version }) => {
      const maxBooks = books ?? asked_books;
      const request = generatorRequest({ month: { year, month }, variant, version, maxBooks });
      return generators.map((generator): Question => ({
        month_id,
        variant,
        generator,
        request,
        is_remembered: answers.some((answer) =>
          answer.month_id === month_id && answer.generator === generator.name &&
          answer.model === generator.model && answer.prompt_hash === request.prompt.hash
        ),
      }));
    })
  );
  return { questions, estimate: await estimate(planning, questions) };
}

function demandAll(months: readonly Month[], logged: readonly Month[]): void {
  const known = new Set(logged.map(monthKey));
  const missing = months.filter((month) => !known.has(monthKey(month)));
  if (missing.length === 0) return;
  const years = missing.map(({ year }) => year);
  throw new AppError(
    "NOT_FOUND",
    `The log lacks ${missing.map(monthKey).join(", ")}: deno task seed --from ` +
      `${Math.min(...years)} --to ${Math.max(...years)} adds what is missing`,
  );
}

async function estimate(
  { database: { sql }, clock, sources: { resolvers, checker }, model_prices: given }: Planning,
  questions: readonly Question[],
): Promise<ExperimentEstimate> {
  const monthIds = [...new Set(questions.map(({ month_id }) => month_id))];
  const decided = new Map(
    (await countDecidedBooks(sql, { monthIds, at: clock.sqlNow() }))
      .map((one) => [one.month_id, one.decided]),
  );
  const sizes = questions.map(({ generator, request, ...question }): QuestionSize => {
    const { name, kind, model } = generator;
    return {
      ...request.month,
      generator: { name, kind, model, price: priceOf(model, { at: clock.now(), given }) },
      asked_books: request.max_books,
      prompt_chars: request.prompt.system.length + request.prompt.user.length,
      input_tokens: inputTokensAtMost(request),
      is_remembered: question.is_remembered,
      decided_books: decided.get(question.month_id) ?? 0,
    };
  });
  return estimateExperiment(sizes, {
    lineup: { resolvers, checker },
    history: await readForecastHistory(sql),
  });
}
