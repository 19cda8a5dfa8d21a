import type { Resolver, ResolverAnswer, ResolverName } from "../../src/domain/matching/resolver.ts";
import type { ResolverTiers } from "../../src/resolution/cascade.ts";

/**
 * The same tiers, of which each asks one after the other, `first` before all others. They are good for one
 * question: a second one would wait for the first.
 */
export function answeringInOrder(tiers: ResolverTiers, first: ResolverName): ResolverTiers {
  return tiers.map((tier) => {
    const ordered = tier.toSorted((a, b) => Number(b.name === first) - Number(a.name === first));
    let before: Promise<unknown> = Promise.resolve();
    return ordered.map((resolver): Resolver => ({
      name: resolver.name,
      find(query, context): Promise<ResolverAnswer> {
        const answer = before.then(() => {
          context.signal.throwIfAborted();
          return resolver.find(query, context);
        });
        before = answer;
        return answer;
      },
    }));
  });
}
