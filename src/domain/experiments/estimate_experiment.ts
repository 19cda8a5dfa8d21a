import { largerAnswer, planCall } from "../money/call_budget.ts";
import {
  describeBasis,
  forecast,
  type ForecastHistory,
  type ForecastLineup,
  type ForecastMonth,
} from "../money/forecast.ts";
import { MAX_OUTPUT_TOKENS } from "../generation/generator.ts";
import type { ModelPrice } from "../money/model_prices.ts";
import { type Month, monthKey } from "../months/month.ts";
import { roundUsd } from "../money/round_usd.ts";

/** A question of an experiment, by what tells its price. */
export interface QuestionSize extends Month {
  readonly generator: ForecastLineup["generators"][number];
  readonly asked_books: number;
  /** Characters of the question. */
  readonly prompt_chars: number;
  /** Tokens of the question, rather too many than too few. */
  readonly input_tokens: number;
  /** Its answer is there already and costs nothing. */
  readonly is_remembered: boolean;
  /** Books of the month whose lookup is remembered. */
  readonly decided_books: number;
}

/** US dollars; null when nobody knows what the model costs. */
export interface QuestionEstimate {
  readonly expected_usd: number | null;
  /** When the answer is as long as allowed, is cut off, and so is the second one. */
  readonly at_most_usd: number | null;
}

export interface ExperimentEstimate {
  /** One for each question, in order. */
  readonly questions: readonly QuestionEstimate[];
  /** Requests to each provider. */
  readonly calls: Readonly<Record<string, number>>;
  /** Of the models whose price is known. */
  readonly expected_usd: number;
  readonly at_most_usd: number;
  /** Models that cost nobody knows what. */
  readonly unpriced_models: readonly string[];
  /** What the numbers rest on, as a sentence. */
  readonly basis: string;
}

interface EstimateOptions {
  readonly lineup: Pick<ForecastLineup, "resolvers" | "checker">;
  readonly history: ForecastHistory;
}

/** What putting these questions, and looking up what they name, will take. */
export function estimateExperiment(
  sizes: readonly QuestionSize[],
  options: EstimateOptions,
): ExperimentEstimate {
  const questions = sizes.map((size) => estimateQuestion(size, options));
  const open = sizes.filter(({ is_remembered }) => !is_remembered);
  const forecasts = [
    ...Map.groupBy(open, ({ generator }) => `${generator.name}:${generator.model}`).values()
      .map((own) => forecastAnswers(own, options)),
    ...Map.groupBy(open, monthKey).values()
      .map((own) => forecastLookups(own, options)),
  ];
  const calls: Record<string, number> = {};
  for (const [provider, count] of forecasts.flatMap((one) => Object.entries(one))) {
    calls[provider] = (calls[provider] ?? 0) + count;
  }
  const sum = (field: keyof QuestionEstimate): number =>
    roundUsd(questions.reduce((total, one) => total + (one[field] ?? 0), 0));
  return {
    questions,
    calls,
    expected_usd: sum("expected_usd"),
    at_most_usd: sum("at_most_usd"),
    unpriced_models: [
      ...new Set(
        open.filter(({ generator }) => generator.price === null)
          .map(({ generator }) => generator.model),
      ),
    ],
    basis: describeBasis(options.history),
  };
}

function estimateQuestion(size: QuestionSize, { history }: EstimateOptions): QuestionEstimate {
  const { generator, is_remembered } = size;
  if (is_remembered) return { expected_usd: 0, at_most_usd: 0 };
  if (generator.price === null) return { expected_usd: null, at_most_usd: null };
  const lineup = { generators: [generator], resolvers: [], checker: null };
  return {
    expected_usd: forecast([forecastMonth(size)], { lineup, history }).cost_usd,
    at_most_usd: atMost(size, generator.price),
  };
}

function atMost({ input_tokens }: QuestionSize, price: ModelPrice): number {
  const second = largerAnswer(MAX_OUTPUT_TOKENS);
  const costs = [MAX_OUTPUT_TOKENS, ...(second === null ? [] : [second])].map((tokens) => {
    const size = {
      price,
      input_tokens,
      wanted_output_tokens: tokens,
      needed_output_tokens: tokens,
    };
    const plan = planCall(size, Infinity);
    return plan.kind === "fits" ? plan.reserved_usd : plan.needed_usd;
  });
  return roundUsd(costs.reduce((total, cost) => total + cost, 0));
}

/** The requests to one model. */
function forecastAnswers(
  sizes: readonly QuestionSize[],
  { history }: EstimateOptions,
): Readonly<Record<string, number>> {
  const lineup = { generators: [sizes[0]!.generator], resolvers: [], checker: null };
  return forecast(sizes.map(forecastMonth), { lineup, history }).calls;
}

/** The requests for what all contenders together name for one month: most of it is the same. */
function forecastLookups(
  sizes: readonly QuestionSize[],
  { lineup, history }: EstimateOptions,
): Readonly<Record<string, number>> {
  const generators = sizes.map(({ generator }) => generator);
  const { calls } = forecast([forecastMonth(sizes[0]!)], {
    lineup: { ...lineup, generators },
    history,
  });
  const names: ReadonlySet<string> = new Set(generators.map(({ name }) => name));
  return Object.fromEntries(Object.entries(calls).filter(([provider]) => !names.has(provider)));
}

function forecastMonth(size: QuestionSize): ForecastMonth {
  const { year, month, asked_books, prompt_chars, decided_books } = size;
  const known = { remembered: [], known_books: null };
  return { year, month, asked_books, prompt_chars, decided_books, ...known };
}
