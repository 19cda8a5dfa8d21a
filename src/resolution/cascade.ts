import type { Evidence } from "../database/resolution/resolutions.ts";
import type { UnavailableResolver } from "../domain/matching/candidate.ts";
import { decideMatch, type MatchDecision } from "../domain/matching/decide_match.ts";
import { isBeyondDoubt } from "../domain/matching/is_beyond_doubt.ts";
import type { CallContext } from "../domain/generation/generator.ts";
import { isWorthPaying } from "../domain/matching/is_worth_paying.ts";
import { PAID_RESOLVERS } from "../domain/providers/provider_names.ts";
import type {
  BookQuery,
  Resolver,
  ResolverAnswer,
  WorkCandidate,
} from "../domain/matching/resolver.ts";

/** Resolvers in the order they are asked; those of one tier are asked side by side. */
export type ResolverTiers = readonly (readonly Resolver[])[];

export interface CascadeResult {
  readonly decision: MatchDecision;
  /** Who could not answer; empty when the decision was safe without them. */
  readonly unavailable: readonly UnavailableResolver[];
}

const NOTHING_FOUND: MatchDecision = { kind: "not_found", considered: [] };

/**
 * Asks about one book, tier after tier, until the decision is safe. As soon as it is beyond doubt,
 * whatever is still under way in the tier is called off, and a request that had not left yet never does.
 *
 * Who is paid for each request is not asked about a book that most likely does not exist.
 *
 * `known` are answers from earlier, whose providers are not asked again. `onAnswer` receives each new
 * answer as it comes. Rejects only when the caller's signal is aborted.
 */
export async function askCascade(
  query: BookQuery,
  { tiers, known, call, onAnswer }: {
    tiers: ResolverTiers;
    known: readonly Evidence[];
    call: CallContext;
    onAnswer: (answer: Evidence) => void;
  },
): Promise<CascadeResult> {
  let works: readonly WorkCandidate[] = known.flatMap((one) => one.works);
  let decision = works.length > 0 ? decideMatch(query, works) : NOTHING_FOUND;
  const unavailable: UnavailableResolver[] = [];
  for (const tier of tiers) {
    if (decision.kind === "found") break;
    // A provider that was unavailable may know the book, so its absence elsewhere proves nothing.
    const isPaying = unavailable.length > 0 || isWorthPaying(query, { decision, works });
    const unasked = tier.filter(({ name }) =>
      !known.some(({ provider }) => provider === name) &&
      (isPaying || !PAID_RESOLVERS.includes(name))
    );
    await askTier(query, {
      tier: unasked,
      call,
      onAnswer(resolver, answer): boolean {
        if (answer.kind === "unavailable") {
          unavailable.push(unavailableResolver(resolver, answer));
          return false;
        }
        const found = answer.kind === "candidates" ? answer.works : [];
        onAnswer({ provider: resolver.name, works: found });
        if (found.length === 0) return false;
        works = [...works, ...found];
        decision = decideMatch(query, works);
        return isBeyondDoubt(decision, query);
      },
    });
  }
  // What another answer could have bettered is taken when no other will come.
  if (decision.kind === "ambiguous" && unavailable.length === 0) {
    decision = decideMatch(query, works, { areAllHeard: true });
  }
  return { decision, unavailable: decision.kind === "found" ? [] : unavailable };
}

/** Asks all of a tier at once; the rest is called off when `onAnswer` says that it is enough. */
async function askTier(
  query: BookQuery,
  { tier, call, onAnswer }: {
    tier: readonly Resolver[];
    call: CallContext;
    onAnswer: (resolver: Resolver, answer: ResolverAnswer) => boolean;
  },
): Promise<void> {
  const enough = new AbortController();
  const signal = AbortSignal.any([call.signal, enough.signal]);
  await Promise.all(tier.map(async (resolver) => {
    try {
      const answer = await resolver.find(query, { ...call, signal });
      if (!enough.signal.aborted && onAnswer(resolver, answer)) enough.abort();
    } catch (error) {
      if (!enough.signal.aborted) throw error;
    }
  }));
  call.signal.throwIfAborted();
}

function unavailableResolver(
  { name }: Resolver,
  { reason, message, until }: Extract<ResolverAnswer, { kind: "unavailable" }>,
): UnavailableResolver {
  return { provider: name, reason: `${reason}: ${message}`, until };
}
