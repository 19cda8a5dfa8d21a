import type { ProviderRecord } from "./provider_record.ts";
import { archiveOrg } from "./records/archive_org.ts";
import { gemini } from "./records/gemini.ts";
import { googleBooks } from "./records/google_books.ts";
import { isbndb } from "./records/isbndb.ts";
import { openAiCompatible } from "./records/openai_compatible.ts";
import { openLibrary } from "./records/open_library.ts";
import { wikidata } from "./records/wikidata.ts";
import { xai } from "./records/xai.ts";

/** Every provider there is, in the order in which they are listed and asked. */
export const PROVIDERS = [
  gemini,
  xai,
  openAiCompatible,
  openLibrary,
  googleBooks,
  archiveOrg,
  wikidata,
  isbndb,
] as const satisfies readonly ProviderRecord[];

/** One of them, with all that its record says. */
export type Provider = (typeof PROVIDERS)[number];

/** A provider that names the books of a month. */
export type GeneratorProvider = Extract<Provider, { readonly generator: object }>;

/** A generator that is a language model. */
export type ModelProvider = Extract<
  GeneratorProvider,
  { readonly generator: { readonly kind: "model" } }
>;

/** A provider that finds ISBNs. */
export type ResolverProvider = Extract<Provider, { readonly resolver: object }>;

/** Those that name the books of a month. */
export const GENERATORS: readonly GeneratorProvider[] = PROVIDERS.filter((provider) =>
  "generator" in provider
);

/** Those of them that are language models. */
export const MODELS: readonly ModelProvider[] = GENERATORS.filter(
  (provider): provider is ModelProvider => provider.generator.kind === "model",
);

/** Those that find ISBNs. */
export const RESOLVERS: readonly ResolverProvider[] = PROVIDERS.filter((provider) =>
  "resolver" in provider
);

/** What is known of a generator. */
export function generatorProvider(name: GeneratorProvider["name"]): GeneratorProvider {
  return GENERATORS.find((provider) => provider.name === name)!;
}

/** What is known of a language model. */
export function modelProvider(name: ModelProvider["name"]): ModelProvider {
  return MODELS.find((provider) => provider.name === name)!;
}

/** What is known of a resolver. */
export function resolverProvider(name: ResolverProvider["name"]): ResolverProvider {
  return RESOLVERS.find((provider) => provider.name === name)!;
}
