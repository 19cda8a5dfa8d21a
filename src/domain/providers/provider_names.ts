import {
  type GeneratorProvider,
  GENERATORS,
  type Provider,
  type ResolverProvider,
  RESOLVERS,
} from "./provider_records.ts";

/** The name of a provider, in settings and records. */
export type ProviderName = Provider["name"];

/** Generators there are. */
export const GENERATOR_NAMES: readonly GeneratorProvider["name"][] = GENERATORS.map(
  ({ name }) => name,
);

/** Resolvers there are. */
export const RESOLVER_NAMES: readonly ResolverProvider["name"][] = RESOLVERS.map(
  ({ name }) => name,
);

/** Resolvers whose every request costs money. */
export const PAID_RESOLVERS: readonly ResolverProvider["name"][] = RESOLVERS
  .filter(({ resolver }) => resolver.is_paid)
  .map(({ name }) => name);

/**
 * Whom to ask by default: the free ones first and side by side, then those that are paid for, about
 * what is left.
 */
export const DEFAULT_RESOLVER_TIERS: readonly (readonly ResolverProvider["name"][])[] = [
  RESOLVER_NAMES.filter((name) => !PAID_RESOLVERS.includes(name)),
  PAID_RESOLVERS,
].filter((tier) => tier.length > 0);
