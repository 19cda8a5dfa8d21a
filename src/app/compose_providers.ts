import { composeGenerators } from "./compose_generators.ts";
import type { Composition } from "./composition.ts";
import type { Config } from "../config.ts";
import type { DailyQuota } from "../limits/shared_gate.ts";
import type { Generator } from "../domain/generation/generator.ts";
import { createRedactor } from "../domain/text/redaction.ts";
import { DEFAULT_RESOLVER_TIERS } from "../domain/providers/provider_names.ts";
import { resolverProvider } from "../domain/providers/provider_records.ts";
import type { BatchChecker, Resolver, ResolverName } from "../domain/matching/resolver.ts";
import { secretsSent } from "../secret_settings.ts";
import { type LimitsParts, providerLimits } from "../limits/provider_limits.ts";
import { RESOLVER_CLIENTS } from "./resolver_clients.ts";

/** The outside services this process can use with the settings it has. */
export interface Providers {
  readonly generators: readonly Generator[];
  /** Tier after tier; those of one tier are asked side by side. */
  readonly resolvers: readonly (readonly Resolver[])[];
  /** Gives a second opinion on all ISBNs of a month at once; null when none can. */
  readonly checker: BatchChecker | null;
  /** What is left out for want of a setting, in sentences for the operator. */
  readonly missing: readonly string[];
}

/** Makes the clients of every service that is named, or can be used, by the settings. */
export function composeProviders(
  config: Config,
  parts: LimitsParts,
): Providers {
  const { clock } = parts;
  const missing: string[] = [];
  const redact = createRedactor(secretsSent(config));
  const composition: Composition = {
    config,
    clock,
    share: (provider, limits) => ({
      ...providerLimits(parts, { provider, ...limits }),
      redact,
    }),
    leaveOut: (sentence) => void missing.push(sentence),
  };
  const resolvers = (config.RESOLVERS ?? DEFAULT_RESOLVER_TIERS)
    .map((tier) => tier.flatMap((name) => composeResolver(name, composition) ?? []))
    .filter((tier) => tier.length > 0);
  return {
    resolvers,
    checker: resolvers.flat().find(isChecker) ?? null,
    generators: composeGenerators(composition),
    missing,
  };
}

function isChecker(resolver: Resolver): resolver is Resolver & BatchChecker {
  return "checkIsbns" in resolver;
}

function composeResolver(
  name: ResolverName,
  { config, clock, share, leaveOut }: Composition,
): Resolver | null {
  const { wants } = resolverProvider(name).resolver;
  const wanted = wants === null ? undefined : config[wants.setting];
  if (wants !== null && wanted === undefined) {
    leaveOut(wants.sentence);
    if (wants.is_needed) return null;
  }
  return RESOLVER_CLIENTS[name]({
    config,
    contact: config.CONTACT ?? null,
    needed: wanted ?? "",
    pace: ({ concurrency: byDefault, ...limits }) => ({
      clock,
      ...share(name, { ...limits, quota: quotaOf(name, config) }),
      ratePerSecond: limits.ratePerSecond,
      // A rate lifted on purpose is not held back by the usual concurrency either.
      concurrency: limits.ratePerSecond === Infinity
        ? config.MONTH_CONCURRENCY * config.BOOK_CONCURRENCY
        : byDefault,
    }),
  });
}

/** The calls of a day we allow ourselves, counted on the provider's own day. */
function quotaOf(name: ResolverName, config: Config): DailyQuota | null {
  const { resolver } = resolverProvider(name);
  if (!("quota" in resolver)) return null;
  const { daily, buffer: heldBack, zone } = resolver.quota;
  const granted = config[daily];
  if (granted === Infinity) return null;
  const buffer = config[heldBack];
  return { limit: granted - buffer, buffer, zone };
}
