import type { TokenUsage } from "../generation/generator.ts";
import { answeringModel } from "../generation/model_changes.ts";

/** What a model costs, in US dollars for a million tokens; thinking is billed as output. */
export interface ModelPrice {
  readonly input_usd: number;
  readonly output_usd: number;
}

interface ListedPrice extends ModelPrice {
  /** The last moment of a promotion, after which the next entry of the same model holds. */
  readonly until?: string;
}

/**
 * List prices as the providers' price pages gave them on 2026-11-15, without volume, cache and batch
 * discounts.
 */
const LIST: Readonly<Record<string, readonly ListedPrice[]>> = {
  "gemini-3.8-flash": promotion("2026-12-31T23:59:59Z"),
  "gemini-3.7-flash": promotion("2026-12-31T23:59:59Z"),
  "gemini-3.6-flash": promotion("2026-12-31T23:59:59Z"),
  "gemini-3.5-flash": [{ input_usd: 1.5, output_usd: 9 }],
  "gemini-3.5-flash-lite": [{ input_usd: 0.3, output_usd: 2.5 }],
  "gemini-3.1-flash-lite": [{ input_usd: 0.25, output_usd: 1.5 }],
  "gemini-3.1-pro-preview": [{ input_usd: 2, output_usd: 12 }],
  "gemini-3-flash-preview": [{ input_usd: 0.5, output_usd: 3 }],
  "gemini-2.5-flash": [{ input_usd: 0.3, output_usd: 2.5 }],
  "grok-4.7": [{ input_usd: 2, output_usd: 6 }],
  "grok-4.6": [{ input_usd: 2, output_usd: 6 }],
  "grok-4.5": [{ input_usd: 2, output_usd: 6 }],
  "grok-4.3": [{ input_usd: 1.25, output_usd: 2.5 }],
  "grok-4.20-0309-reasoning": [{ input_usd: 1.25, output_usd: 2.5 }],
  "grok-4.20-0309-non-reasoning": [{ input_usd: 1.25, output_usd: 2.5 }],
};

function promotion(until: string): readonly ListedPrice[] {
  return [{ input_usd: 0.75, output_usd: 3.75, until }, { input_usd: 1.5, output_usd: 7.5 }];
}

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
