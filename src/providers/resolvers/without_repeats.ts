import type { WorkCandidate } from "../../domain/matching/resolver.ts";

/** One of the records of each key, the last. */
export function withoutRepeats(works: readonly WorkCandidate[]): readonly WorkCandidate[] {
  return [...new Map(works.map((work) => [work.provider_key, work])).values()];
}
