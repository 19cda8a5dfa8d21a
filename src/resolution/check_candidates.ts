import type { ResolvedCandidate } from "../domain/matching/candidate.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import type { CheckState } from "../domain/isbns/isbn_check.ts";
import type { BookQuery } from "../domain/matching/resolver.ts";
import { checkIsbns, type UncheckedBook } from "./check_isbns.ts";
import type { Resolving } from "./resolving.ts";
import { rememberFinding, resolutionOf } from "./remember_finding.ts";

/** A candidate with what was asked about it. */
export interface LookedUpBook {
  readonly candidate: ResolvedCandidate;
  readonly query: BookQuery;
}

/**
 * Shows the ISBNs that wait for their check to the batch checker, wherever the decisions came from, and
 * remembers each decision with what came of it. A checker that is unavailable leaves them waiting.
 */
export async function checkCandidates(
  resolving: Resolving,
  books: readonly LookedUpBook[],
): Promise<ResolvedCandidate[]> {
  const { checker } = resolving;
  const waiting = new Map(
    books.flatMap(({ candidate }): [ResolvedCandidate, UncheckedBook][] => {
      const { decision, check_state } = candidate;
      return decision?.kind === "found" && check_state === "waiting"
        ? [[candidate, { candidate, decision }]]
        : [];
    }),
  );
  if (checker === null || waiting.size === 0) return books.map(({ candidate }) => candidate);
  const changes = await checkIsbns(resolving, { checker, books: [...waiting.values()] });
  return await Promise.all(books.map(async ({ candidate, query }) => {
    const book = waiting.get(candidate);
    if (book === undefined) return candidate;
    const change = changes?.get(book);
    const after: { decision: MatchDecision; check_state: CheckState } = {
      decision: change?.decision ?? book.decision,
      check_state: changes === null ? "waiting" : "checked",
    };
    await rememberFinding(resolving, {
      key: candidate.resolution_key,
      evidence: change?.evidence ?? null,
      resolution: resolutionOf(after, query),
    });
    return { ...candidate, ...after };
  }));
}
