import type { Generator } from "../generation/generator.ts";
import type { ResolverName } from "../matching/resolver.ts";

/** What tells the generators of a process apart from those that made a month. */
export type GeneratorIdentity = Pick<Generator, "name" | "kind" | "model">;

/** The providers of a process, by what can be said of them without asking them anything. */
export interface ProviderLineup {
  readonly generators: readonly GeneratorIdentity[];
  /** Tier after tier, as the cascade asks them. */
  readonly resolvers: readonly (readonly { readonly name: ResolverName }[])[];
  /** Who is shown all ISBNs of a month at once. */
  readonly checker: { readonly name: ResolverName } | null;
}
