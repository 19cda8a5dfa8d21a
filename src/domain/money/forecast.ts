import { generatorProvider, resolverProvider } from "../providers/provider_records.ts";
import { PRIOR, PRIOR_BOOKS, PRIOR_MONTHS } from "./forecast_prior.ts";
import type { GeneratorName } from "../generation/generator.ts";
import type { ModelPrice } from "./model_prices.ts";
import { type Month, monthIndex } from "../months/month.ts";
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

export interface Forecast {
  readonly months: number;
  /** Books that the months will name. */
  readonly books: number;
  /** Requests to each provider. */
  readonly calls: Readonly<Record<string, number>>;
  /** US dollars for the models whose price is known. */
  readonly cost_usd: number;
  /** Models that cost nobody knows what. */
  readonly unpriced_models: readonly string[];
  /** What the numbers rest on, as a sentence. */
  readonly basis: string;
}

/** What other models took says less of a model than its own answers: it weighs this much at most. */
const OTHERS_BOOKS = 60;
/** A month this far away says half as much of how many books there are as one next to it. */
const HALF_WEIGHT_MONTHS = 24;
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
    const shared = month.known_books === null ? sharedBooks(month, { named, history }) : 0;
    const open = Math.max(0, named - Math.max(shared, month.decided_books));
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

/** Books differ from year to year more than anything else, so months nearby count most. */
function booksNamed(
  month: ForecastMonth,
  { lineup, history }: { lineup: ForecastLineup; history: ForecastHistory },
): number {
  const sums = { total: 0, count: 0 };
  for (const done of history.completed) {
    const distance = (monthIndex(done) - monthIndex(month)) / HALF_WEIGHT_MONTHS;
    const weight = 1 / (1 + distance ** 2);
    sums.total += weight * done.books;
    sums.count += weight * done.asked_books;
  }
  const assumed = assumedShare(lineup);
  return month.asked_books *
    blend(assumed, { weight: PRIOR_MONTHS * month.asked_books, ...sums });
}

/** Books of the month that have been looked up for the months of the year before and the year after. */
function sharedBooks(
  month: ForecastMonth,
  { named, history }: { named: number; history: ForecastHistory },
): number {
  const around = history.completed.filter((done) =>
    Math.abs(monthIndex(done) - monthIndex(month)) <= 12
  );
  return named * PRIOR.shared_share * Math.min(1, around.length / 24);
}

/** Of the books asked for, how many all generators together are assumed to name. */
function assumedShare({ generators }: ForecastLineup): number {
  return generators.toSorted((a, b) => PRIOR.named_share[b.kind] - PRIOR.named_share[a.kind])
    .map(({ kind }, rank) => PRIOR.named_share[kind] * (rank === 0 ? 1 : PRIOR.new_share / rank))
    .reduce((sum, share) => sum + share, 0);
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
  const isOwn = (one: ModelHistory): boolean => one.generator === name && one.model === model;
  const own = sumOf(history.models.filter(isOwn));
  const others = sumOf(history.models.filter((one) => !isOwn(one)));
  const scale = Math.min(1, OTHERS_BOOKS / Math.max(1, others.books));
  const assumed = (PRIOR.tokens_written + generatorProvider(name).generator.tokens_thought) *
    PRIOR.named_share[kind] / assumedShare(lineup);
  const ofAnyModel = blend(assumed, {
    weight: PRIOR_BOOKS,
    total: others.tokens_output * scale,
    count: others.books * scale,
  });
  const output = books *
    blend(ofAnyModel, { weight: PRIOR_BOOKS, total: own.tokens_output, count: own.books });
  const input = blend(prompt_chars / PRIOR.characters_per_token, {
    weight: PRIOR_MONTHS,
    total: own.tokens_input,
    count: own.months,
  });
  return (input * price.input_usd + output * price.output_usd) / 1_000_000;
}

function sumOf(models: readonly ModelHistory[]): Omit<ModelHistory, "generator" | "model"> {
  return models.reduce((sum, one) => ({
    months: sum.months + one.months,
    books: sum.books + one.books,
    tokens_input: sum.tokens_input + one.tokens_input,
    tokens_output: sum.tokens_output + one.tokens_output,
  }), { months: 0, books: 0, tokens_input: 0, tokens_output: 0 });
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
