import { z } from "zod";
import { generatorProvider, resolverProvider } from "../providers/provider_records.ts";
import { PRIOR, PRIOR_BOOKS, PRIOR_MONTHS } from "./forecast_prior.ts";
import type { GeneratorName } from "../generation/generator.ts";
import type { ModelPrice } from "./model_prices.ts";
import type { Month } from "../months/month.ts";
import type { GeneratorIdentity, ProviderLineup } from "../providers/provider_lineup.ts";
import { roundUsd } from "./round_usd.ts";

/** The providers that will be asked, and what the models cost. */
export interface ForecastLineup extends Omit<ProviderLineup, "generators"> {
  readonly generators: readonly (GeneratorIdentity & {
    /** Null when unknown, and for what costs nothing. */
    readonly price: ModelPrice | null;
  })[];
}

/** One month that would run. */
export interface ForecastMonth extends Month {
  readonly asked_books: number;
  /** Characters of the question a model is asked. */
  readonly prompt_chars: number;
  /** Generators whose answer to this question is remembered. */
  readonly remembered: readonly GeneratorName[];
  /** Books it named when it last ran; null when it never completed. */
  readonly known_books: number | null;
  /** Books of it whose lookup is remembered. */
  readonly decided_books: number;
}

/** A month that completed: the books asked of each generator, and those that came of it. */
export interface CompletedMonth extends Month {
  readonly asked_books: number;
  readonly books: number;
}

/** What the answers of one model took, and the books of the months it answered for. */
export interface ModelHistory {
  readonly generator: GeneratorName;
  readonly model: string;
  readonly months: number;
  readonly books: number;
  readonly tokens_input: number;
  /** With thinking. */
  readonly tokens_output: number;
}

/** The requests to one provider in the months that asked it, each until it first completed. */
export interface CallHistory {
  readonly provider: string;
  readonly calls: number;
  readonly months: number;
  readonly books: number;
}

export interface ForecastHistory {
  readonly completed: readonly CompletedMonth[];
  readonly models: readonly ModelHistory[];
  readonly calls: readonly CallHistory[];
}

export const forecastSchema = z.object({
  months: z.number(),
  /** Books that the months will name. */
  books: z.number(),
  /** Requests to each provider. */
  calls: z.record(z.string(), z.number()),
  /** US dollars for the models whose price is known. */
  cost_usd: z.number(),
  /** Models that cost nobody knows what. */
  unpriced_models: z.array(z.string()).readonly(),
  /** What the numbers rest on, as a sentence. */
  basis: z.string(),
});

export type Forecast = Readonly<z.infer<typeof forecastSchema>>;

/** From so many months on, the assumptions hardly count. */
const SETTLED_MONTHS = 12;

/**
 * What running these months will take, from what earlier ones took and, as long as there are few, from
 * what is assumed. A remembered answer and a remembered lookup cost nothing. Pure.
 */
export function forecast(
  months: readonly ForecastMonth[],
  { lineup, history }: { lineup: ForecastLineup; history: ForecastHistory },
): Forecast {
  const calls = new Map<string, number>();
  let books = 0;
  let cost = 0;
  for (const month of months) {
    const asked = lineup.generators.filter(({ name }) => !month.remembered.includes(name));
    const named = asked.length === 0 && month.known_books !== null
      ? month.known_books
      : booksNamed(month, { lineup, history });
    books += named;
    for (const generator of asked.filter(({ kind }) => kind === "model")) {
      add(calls, generator.name, callsPerAnswer(generator.name, history));
      cost += answerCost(month, { generator, books: named, lineup, history });
    }
    const open = Math.max(0, named - month.decided_books);
    for (const [provider, prior] of lookupPriors(open, { lineup, asked })) {
      add(calls, provider, blendLookups(provider, { open, prior, history }));
    }
  }
  return {
    months: months.length,
    books: Math.round(books),
    calls: Object.fromEntries([...calls].map(([provider, count]) => [provider, Math.round(count)])),
    cost_usd: roundUsd(cost),
    unpriced_models: lineup.generators
      .filter(({ kind, price }) => kind === "model" && price === null)
      .map(({ model }) => model),
    basis: describeBasis(history),
  };
}

function add(counts: Map<string, number>, provider: string, count: number): void {
  counts.set(provider, (counts.get(provider) ?? 0) + count);
}

/** The ratio of what was observed and of an assumption that weighs as much as `weight` observations. */
function blend(
  prior: number,
  { weight, total, count }: { weight: number; total: number; count: number },
): number {
  return (prior * weight + total) / (weight + count);
}

function booksNamed(
  { asked_books }: ForecastMonth,
  { lineup, history }: { lineup: ForecastLineup; history: ForecastHistory },
): number {
  const total = history.completed.reduce((sum, { books }) => sum + books, 0);
  const count = history.completed.reduce((sum, done) => sum + done.asked_books, 0);
  const weight = PRIOR_MONTHS * asked_books;
  return asked_books * blend(assumedShare(lineup), { weight, total, count });
}

/** Of the books asked for, how many all generators together are assumed to name. */
function assumedShare({ generators }: ForecastLineup): number {
  const [first, ...others] = generators.map(({ kind }) => PRIOR.named_share[kind])
    .toSorted((a, b) => b - a);
  return others.reduce((sum, share) => sum + share * PRIOR.new_share, first ?? 0);
}

function callsPerAnswer(generator: GeneratorName, { calls }: ForecastHistory): number {
  const seen = calls.find(({ provider }) => provider === generator);
  return blend(PRIOR.calls_per_answer, {
    weight: PRIOR_MONTHS,
    total: seen?.calls ?? 0,
    count: seen?.months ?? 0,
  });
}

function answerCost(
  { prompt_chars }: ForecastMonth,
  { generator, books, lineup, history }: {
    generator: ForecastLineup["generators"][number];
    books: number;
    lineup: ForecastLineup;
    history: ForecastHistory;
  },
): number {
  const { name, model, kind, price } = generator;
  if (price === null) return 0;
  const own = history.models.find((one) => one.generator === name && one.model === model);
  const assumed = (PRIOR.tokens_written + generatorProvider(name).generator.tokens_thought) *
    PRIOR.named_share[kind] / assumedShare(lineup);
  const output = books *
    blend(assumed, { weight: PRIOR_BOOKS, total: own?.tokens_output ?? 0, count: own?.books ?? 0 });
  const input = blend(prompt_chars / PRIOR.characters_per_token, {
    weight: PRIOR_MONTHS,
    total: own?.tokens_input ?? 0,
    count: own?.months ?? 0,
  });
  return (input * price.input_usd + output * price.output_usd) / 1_000_000;
}

/** The requests to resolvers and catalogues that are assumed for one month with so many open books. */
function lookupPriors(
  open: number,
  { lineup, asked }: { lineup: ForecastLineup; asked: readonly GeneratorIdentity[] },
): Map<string, number> {
  const priors = new Map<string, number>();
  let left = open;
  for (const tier of lineup.resolvers) {
    for (const { name } of tier) {
      add(priors, name, left * resolverProvider(name).resolver.calls_per_lookup);
    }
    left *= PRIOR.left_share ** tier.length;
  }
  if (lineup.checker !== null && open >= 1) add(priors, lineup.checker.name, 1);
  for (const { name, kind } of asked) {
    if (kind === "catalogue") add(priors, name, PRIOR.calls_per_catalogue_month);
  }
  return priors;
}

function blendLookups(
  provider: string,
  { open, prior, history }: { open: number; prior: number; history: ForecastHistory },
): number {
  const seen = history.calls.find((one) => one.provider === provider);
  if (seen === undefined || open === 0) return prior;
  return open * blend(prior / open, {
    weight: PRIOR_BOOKS,
    total: seen.calls,
    count: seen.books,
  });
}

/** What forecasts from this history rest on, as a sentence. */
export function describeBasis({ completed }: ForecastHistory): string {
  if (completed.length === 0) return "No month has completed yet: assumptions only";
  const counted = `${completed.length} completed month${completed.length === 1 ? "" : "s"}`;
  return completed.length < SETTLED_MONTHS ? `${counted}, and assumptions beside them` : counted;
}
