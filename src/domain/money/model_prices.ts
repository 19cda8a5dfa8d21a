import type { TokenUsage } from "../generation/generator.ts";
import { answeringModel } from "../generation/model_changes.ts";
import type { GeneratorRole, ListedPrice } from "../providers/provider_record.ts";
import { GENERATORS } from "../providers/provider_records.ts";

/** What a model costs, in US dollars for a million tokens; thinking is billed as output. */
export interface ModelPrice {
  readonly input_usd: number;
  readonly output_usd: number;
}

const ROLES: readonly GeneratorRole[] = GENERATORS.map(({ generator }) => generator);

/** The list prices of all providers, by model. */
const LIST: Readonly<Record<string, readonly ListedPrice[]>> = Object.fromEntries(
  ROLES.flatMap(({ prices = {} }) => Object.entries(prices)),
);

/** When a price is asked for, and what the operator gave, by model. */
export interface PriceOptions {
  readonly at: Date;
  readonly given: Readonly<Record<string, ModelPrice>>;
}

/**
 * The price of a model at a moment: the one the operator gave, else the list's for the model that answers
 * to its name by then; null when neither knows the model.
 */
export function priceOf(model: string, { at, given }: PriceOptions): ModelPrice | null {
  if (!hasPrice(model, given)) return null;
  return (Object.hasOwn(given, model) ? given[model] : null) ??
    listPrice(answeringModel(model, at), at) ?? listPrice(model, at);
}

/**
 * The price of an answer by the model that gave it, as far as that is known: a name may be another's by
 * now, or stand for the newest model. What the operator gave for the name that was asked for is believed.
 */
export function priceOfAnswer(
  { asked, answered }: { readonly asked: string; readonly answered: string },
  { at, given }: PriceOptions,
): ModelPrice | null {
  if (Object.hasOwn(given, answered)) return given[answered]!;
  const isGiven = Object.hasOwn(given, asked);
  return (isGiven ? null : listPrice(answered, at)) ?? priceOf(asked, { at, given });
}

function listPrice(model: string, at: Date): ModelPrice | null {
  if (!Object.hasOwn(LIST, model)) return null;
  const known = LIST[model]?.find(({ until }) => until === undefined || at <= new Date(until));
  return known ? { input_usd: known.input_usd, output_usd: known.output_usd } : null;
}

/** Whether a model's price is known at any moment. */
export function hasPrice(model: string, given: Readonly<Record<string, ModelPrice>>): boolean {
  return Object.hasOwn(given, model) || Object.hasOwn(LIST, model);
}

/**
 * What a call costs in US dollars.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const price = { input_usd: 0.3, output_usd: 2.5 };
 * assertEquals(costUsd({ input: 400, output: 1_000, thinking: 500 }, price), 0.00387);
 * ```
 */
export function costUsd({ input, output, thinking }: TokenUsage, price: ModelPrice): number {
  const microDollars = input * price.input_usd + (output + thinking) * price.output_usd;
  return Math.round(microDollars) / 1_000_000;
}
