import type { Composition } from "./composition.ts";
import type { Generator, GeneratorName } from "../domain/generation/generator.ts";
import { modelChange } from "../domain/generation/model_changes.ts";
import { hasPrice } from "../domain/money/model_prices.ts";
import { GENERATOR_NAMES } from "../domain/providers/provider_names.ts";
import {
  type GeneratorProvider,
  generatorProvider,
  GENERATORS,
} from "../domain/providers/provider_records.ts";
import { GENERATOR_CLIENTS } from "./generator_clients.ts";

/** Makes the clients of the generators that are named, or can be used, by the settings. */
export function composeGenerators(composition: Composition): readonly Generator[] {
  const { config, leaveOut } = composition;
  const names = config.GENERATORS ?? GENERATOR_NAMES;
  // Those that are named on purpose have what they need, and the others are not wanted.
  const absent = names.filter((name) =>
    config[generatorProvider(name).generator.needs] === undefined
  );
  if (absent.length === names.length) leaveOut(nothingToAsk());
  else for (const name of absent) leaveOut(notAsked(name));
  const generators = names.flatMap((name) => composeGenerator(name, composition) ?? []);
  for (const { name, kind, model } of generators) {
    if (kind !== "model") continue;
    if (!hasPrice(model, config.MODEL_PRICES)) leaveOut(unpriced(model));
    const change = changed(name, model);
    if (change !== null) leaveOut(change);
  }
  return generators;
}

function nothingToAsk(): string {
  const isCatalogue = ({ generator }: GeneratorProvider) => generator.kind === "catalogue";
  // Those that are free are worth most to somebody who has nothing yet.
  const advices = GENERATORS.toSorted((a, b) => Number(isCatalogue(b)) - Number(isCatalogue(a)))
    .map(({ generator }) => generator.advice);
  return `No generator can be used, so no month can name a book: set ${advices.join("; or ")}`;
}

function unpriced(model: string): string {
  return `Nobody knows what ${model} costs, so it is in no sum and under no cap: set ` +
    `MODEL_PRICES=${model}=input/output in US dollars for a million tokens`;
}

/** The sentence about a model that another answers for, or nobody; null for one that answers itself. */
function changed(name: GeneratorName, model: string): string | null {
  const { model_setting: setting, ...generator } = generatorProvider(name).generator;
  // An endpoint of one's own may give its models any name.
  const change = "model_changes" in generator ? modelChange(model) : null;
  if (change === null) return null;
  const { from, answered_by } = change;
  return answered_by === null
    ? `${model} is switched off from ${from} on and names no book: set ${setting} to another model`
    : `${model} is switched off from ${from} on, when ${answered_by} answers in its place and at its ` +
      `price: set ${setting} to the model you want`;
}

function notAsked(name: GeneratorName): string {
  const { title, generator: { advice } } = generatorProvider(name);
  return `${title} is not asked for books: set ${advice}`;
}

function composeGenerator(name: GeneratorName, composition: Composition): Generator | null {
  const { needs, model_setting } = generatorProvider(name).generator;
  const { [needs]: needed, [model_setting]: model } = composition.config;
  if (needed === undefined || model === undefined) return null;
  return GENERATOR_CLIENTS[name]({ ...composition, needed, model });
}
