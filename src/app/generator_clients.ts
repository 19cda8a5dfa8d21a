import type { Config } from "../config.ts";
import type { Generator, GeneratorName } from "../domain/generation/generator.ts";
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
import type { Composition } from "./composition.ts";

/** What a generator's client is made from when the setting it needs is there. */
interface GeneratorParts extends Pick<Composition, "config" | "clock" | "share"> {
  /** The value of the setting it cannot be used without. */
  readonly needed: string;
  /** The value of the setting that names its model, or the address of a catalogue. */
  readonly model: string;
}

/** The client of every generator there is. */
export const GENERATOR_CLIENTS: Readonly<
  Record<GeneratorName, (parts: GeneratorParts) => Generator>
> = {
  gemini({ config, clock, share, needed: apiKey, model }) {
    const ratePerSecond = config.GEMINI_RATE_PER_SECOND;
    return createGemini({
      ...GEMINI_DEFAULTS,
      ...share("gemini", { ratePerSecond, credential: `${apiKey} ${model}` }),
      clock,
      apiKey,
      model,
      baseUrl: config.GEMINI_BASE_URL,
      ratePerSecond,
      concurrency: Math.max(GEMINI_DEFAULTS.concurrency, config.MONTH_CONCURRENCY),
    });
  },
  xai({ config, clock, share, needed: apiKey, model }) {
    const ratePerSecond = config.XAI_RATE_PER_SECOND;
    return createXai({
      ...XAI_DEFAULTS,
      ...share("xai", { ratePerSecond, credential: `${apiKey} ${model}` }),
      clock,
      apiKey,
      model,
      api: config.XAI_API,
      baseUrl: config.XAI_BASE_URL,
      ratePerSecond,
      concurrency: Math.max(XAI_DEFAULTS.concurrency, config.MONTH_CONCURRENCY),
    });
  },
  openai_compatible({ config, clock, share, needed: baseUrl, model }) {
    const { LLM_RATE_PER_SECOND: ratePerSecond, LLM_API_KEY: apiKey = null } = config;
    return createOpenAiCompatible({
      ...OPENAI_COMPATIBLE_DEFAULTS,
      ...share("openai_compatible", {
        ratePerSecond,
        credential: `${apiKey ?? ""} ${model} ${baseUrl}`,
      }),
      clock,
      apiKey,
      model,
      baseUrl,
      contact: config.CONTACT ?? null,
      ratePerSecond,
      // A rate lifted on purpose is that of a server which answers many at once.
      concurrency: unlessUnlimited(OPENAI_COMPATIBLE_DEFAULTS, { config, ratePerSecond }),
    });
  },
  wikidata({ config, clock, share, needed: contact }) {
    const ratePerSecond = config.WIKIDATA_RATE_PER_SECOND;
    return createWikidataGenerator({
      ...WIKIDATA_GENERATOR_DEFAULTS,
      // Under the resolver's name, so that both together keep to one pace and share what holds
      // Wikidata back.
      ...share("wikidata", { ratePerSecond }),
      clock,
      contact,
      apiUrl: config.WIKIDATA_BASE_URL,
      sparqlUrl: config.WIKIDATA_SPARQL_URL,
      ratePerSecond,
      concurrency: unlessUnlimited(WIKIDATA_GENERATOR_DEFAULTS, { config, ratePerSecond }),
    });
  },
};

function unlessUnlimited(
  { concurrency }: { readonly concurrency: number },
  { config, ratePerSecond }: { readonly config: Config; readonly ratePerSecond: number },
): number {
  return ratePerSecond === Infinity ? Math.max(concurrency, config.MONTH_CONCURRENCY) : concurrency;
}
