import type { Composition } from "./composition.ts";
import type { Config } from "../config.ts";
import type { Generator, GeneratorName } from "../domain/generation/generator.ts";
import { modelChange } from "../domain/generation/model_changes.ts";
import { hasPrice } from "../domain/money/model_prices.ts";
import { GENERATOR_NAMES } from "../domain/providers/provider_names.ts";
import { createGemini, GEMINI_DEFAULTS } from "../providers/generators/gemini/gemini.ts";
import {
  createOpenAiCompatible,
  OPENAI_COMPATIBLE_DEFAULTS,
} from "../providers/generators/openai_compatible/openai_compatible.ts";
import {
  createWikidataGenerator,
  WIKIDATA_GENERATOR_DEFAULTS,
} from "../providers/generators/wikidata/wikidata.ts";
import { createXai, XAI_DEFAULTS } from "../providers/generators/xai/xai.ts";

/** Makes the clients of the generators that are named, or can be used, by the settings. */
export function composeGenerators(composition: Composition): readonly Generator[] {
  const { config, miss } = composition;
  const names = config.GENERATORS ?? GENERATOR_NAMES;
  // Those that are named on purpose have what they need, and the others are not wanted.
  const absent = names.filter((name) => config[WANTS[name].setting] === undefined);
  if (absent.length === names.length) miss(nothingToAsk());
  else for (const name of absent) miss(notAsked(name));
  const generators = names.flatMap((name) => composeGenerator(name, composition) ?? []);
  for (const { name, kind, model } of generators) {
    if (kind !== "model") continue;
    if (!hasPrice(model, config.MODEL_PRICES)) miss(unpriced(model));
    const change = changed(name, model);
    if (change !== null) miss(change);
  }
  return generators;
}

interface Want {
  /** What the generator is for people. */
  readonly title: string;
  /** The setting it cannot be used without. */
  readonly setting: keyof Config & ("CONTACT" | "LLM_BASE_URL" | `${string}_API_KEY`);
  /** What to set, and what it brings. */
  readonly advice: string;
}

const WANTS: Readonly<Record<GeneratorName, Want>> = {
  wikidata: {
    title: "Wikidata",
    setting: "CONTACT",
    advice: "CONTACT, your mail address or URL, for the books Wikidata dates to the month",
  },
  gemini: {
    title: "Gemini",
    setting: "GEMINI_API_KEY",
    advice: "GEMINI_API_KEY for the books Google's Gemini names",
  },
  xai: {
    title: "Grok",
    setting: "XAI_API_KEY",
    advice: "XAI_API_KEY for the books xAI's Grok names",
  },
  openai_compatible: {
    title: "An endpoint of your own",
    setting: "LLM_BASE_URL",
    advice: "LLM_BASE_URL and LLM_MODEL for the books a model of your choice names",
  },
};

function nothingToAsk(): string {
  const advices = Object.values(WANTS).map(({ advice }) => advice);
  return `No generator can be used, so no month can name a book: set ${advices.join("; or ")}`;
}

function unpriced(model: string): string {
  return `Nobody knows what ${model} costs, so it is in no sum and under no cap: set ` +
    `MODEL_PRICES=${model}=input/output in US dollars for a million tokens`;
}

const MODEL_SETTINGS: Readonly<Partial<Record<GeneratorName, keyof Config>>> = {
  gemini: "GEMINI_MODEL",
  xai: "XAI_MODEL",
};

/** The sentence about a model that another answers for, or nobody; null for one that answers itself. */
function changed(name: GeneratorName, model: string): string | null {
  const setting = MODEL_SETTINGS[name];
  const change = setting === undefined ? null : modelChange(model);
  if (change === null) return null;
  const { from, answered_by } = change;
  return answered_by === null
    ? `${model} is switched off from ${from} on and names no book: set ${setting} to another model`
    : `${model} is switched off from ${from} on, when ${answered_by} answers in its place and at its ` +
      `price: set ${setting} to the model you want`;
}

function notAsked(name: GeneratorName): string {
  const { title, advice } = WANTS[name];
  return `${title} is not asked for books: set ${advice}`;
}

function composeGenerator(
  name: GeneratorName,
  { config, clock, share }: Composition,
): Generator | null {
  switch (name) {
    case "gemini": {
      const { GEMINI_API_KEY: apiKey, GEMINI_RATE_PER_SECOND: ratePerSecond } = config;
      if (apiKey === undefined) return null;
      return createGemini({
        ...GEMINI_DEFAULTS,
        ...share(name, { ratePerSecond, credential: `${apiKey} ${config.GEMINI_MODEL}` }),
        clock,
        apiKey,
        model: config.GEMINI_MODEL,
        baseUrl: config.GEMINI_BASE_URL,
        ratePerSecond,
        concurrency: Math.max(GEMINI_DEFAULTS.concurrency, config.MONTH_CONCURRENCY),
      });
    }
    case "xai": {
      const { XAI_API_KEY: apiKey, XAI_RATE_PER_SECOND: ratePerSecond } = config;
      if (apiKey === undefined) return null;
      return createXai({
        ...XAI_DEFAULTS,
        ...share(name, { ratePerSecond, credential: `${apiKey} ${config.XAI_MODEL}` }),
        clock,
        apiKey,
        model: config.XAI_MODEL,
        api: config.XAI_API,
        baseUrl: config.XAI_BASE_URL,
        ratePerSecond,
        concurrency: Math.max(XAI_DEFAULTS.concurrency, config.MONTH_CONCURRENCY),
      });
    }
    case "openai_compatible": {
      const { LLM_BASE_URL: baseUrl, LLM_MODEL: model, LLM_API_KEY: apiKey = null } = config;
      if (baseUrl === undefined || model === undefined) return null;
      const ratePerSecond = config.LLM_RATE_PER_SECOND;
      const { concurrency } = OPENAI_COMPATIBLE_DEFAULTS;
      return createOpenAiCompatible({
        ...OPENAI_COMPATIBLE_DEFAULTS,
        ...share(name, { ratePerSecond, credential: `${apiKey ?? ""} ${model} ${baseUrl}` }),
        clock,
        apiKey,
        model,
        baseUrl,
        contact: config.CONTACT ?? null,
        ratePerSecond,
        // A rate lifted on purpose is that of a server which answers many at once.
        concurrency: ratePerSecond === Infinity
          ? Math.max(concurrency, config.MONTH_CONCURRENCY)
          : concurrency,
      });
    }
    case "wikidata": {
      const { CONTACT: contact, WIKIDATA_RATE_PER_SECOND: ratePerSecond } = config;
      if (contact === undefined) return null;
      return createWikidataGenerator({
        ...WIKIDATA_GENERATOR_DEFAULTS,
        // Under the resolver's name, so that both together keep to one pace and share what holds
        // Wikidata back.
        ...share(name, { ratePerSecond }),
        clock,
        contact,
        apiUrl: config.WIKIDATA_BASE_URL,
        sparqlUrl: config.WIKIDATA_SPARQL_URL,
        ratePerSecond,
        concurrency: ratePerSecond === Infinity
          ? config.MONTH_CONCURRENCY
          : WIKIDATA_GENERATOR_DEFAULTS.concurrency,
      });
    }
  }
}
