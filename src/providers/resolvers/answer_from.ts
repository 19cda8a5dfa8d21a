import type { CallContext } from "../../domain/generation/generator.ts";
import type { ResolverAnswer, WorkCandidate } from "../../domain/matching/resolver.ts";
import { unavailable } from "./unavailable.ts";

/**
 * Runs a search and puts its end into the contract's words: what was found, nothing, or why the
 * provider could not say. Rejects only when the caller has aborted, or for what is no fault of the
 * provider's.
 */
export async function answerFrom(
  search: () => Promise<readonly WorkCandidate[]>,
  { signal }: CallContext,
): Promise<ResolverAnswer> {
  try {
    const works = await search();
    return works.length === 0 ? { kind: "not_found" } : { kind: "candidates", works };
  } catch (error) {
    signal.throwIfAborted();
    return unavailable(error);
  }
}
