import { RESOLVER_CLIENTS, type ResolverParts } from "../../src/app/resolver_clients.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config.ts";
import type { Resolver, ResolverName } from "../../src/domain/matching/resolver.ts";
import { DEFAULT_RESOLVER_TIERS } from "../../src/domain/providers/provider_names.ts";
import { resolverProvider } from "../../src/domain/providers/provider_records.ts";
import type { ResolverTiers } from "../../src/resolution/cascade.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { simulatorSettings } from "../../src/simulator/simulator_settings.ts";

/** What a client keeps to. */
type Pace = Omit<ReturnType<ResolverParts["pace"]>, "onEvent" | "redact"> & {
  /** The client's own when absent. */
  readonly timeoutMs?: number;
};

/**
 * How long a benchmark waits for an answer. The simulator computes in the same thread and with large data
 * keeps many waiting, where a figure measured without some of the answers would be of something else.
 */
const PATIENCE_MS = 600_000;

/** The production client of a resolver at a simulator, at a pace of its own instead of a shared one. */
export function simulatedResolver(
  name: ResolverName,
  { url, pace }: { readonly url: string; readonly pace: Pace },
): Resolver {
  const config = parseConfig({
    ALEXANDRIA_WEBHOOK_SECRET: "sixteen-letters!",
    ...simulatorSettings(url),
  });
  const { wants } = resolverProvider(name).resolver;
  return RESOLVER_CLIENTS[name]({
    config,
    contact: config.CONTACT ?? null,
    needed: wants === null ? "" : config[wants.setting] ?? "",
    pace: () => ({ ...pace, onEvent() {}, redact: (text) => text }),
  });
}

/** The production clients at a simulator, as fast as it answers, in the tiers of the default cascade. */
export function simulatedResolvers({ url }: Simulator, concurrency: number): ResolverTiers {
  const pace = {
    ratePerSecond: Infinity,
    concurrency,
    clock: systemClock,
    timeoutMs: PATIENCE_MS,
  };
  return DEFAULT_RESOLVER_TIERS.map((tier) =>
    tier.map((name) => simulatedResolver(name, { url, pace }))
  );
}
