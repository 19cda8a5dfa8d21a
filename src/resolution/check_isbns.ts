import type { Evidence } from "../database/resolution/resolutions.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import { judgeDecision, namesOf, recordOf } from "../domain/isbns/isbn_check.ts";
import type { BatchChecker } from "../domain/matching/resolver.ts";
import type { Candidate } from "../domain/matching/candidate.ts";
import type { Resolving } from "./resolving.ts";

type Found = Extract<MatchDecision, { kind: "found" }>;

/** A decision the checker has no part in yet. */
export interface UncheckedBook {
  readonly candidate: Candidate;
  readonly decision: Found;
}

/** What the check made of one decision, and the record that did it. */
export interface CheckedBook {
  readonly decision: MatchDecision;
  readonly evidence: Evidence;
}

/**
 * Asks one provider about all ISBNs of a month at once, as a second opinion. Answers only for the ISBNs
 * the provider knows; null when it is unavailable, and then nothing was checked.
 */
export async function checkIsbns(
  { signal, log, onCall }: Pick<Resolving, "signal" | "log" | "onCall">,
  { checker, books }: { checker: BatchChecker; books: readonly UncheckedBook[] },
): Promise<Map<UncheckedBook, CheckedBook> | null> {
  const isbns = [...new Set(books.map(({ decision }) => decision.isbn13))];
  const answer = await checker.checkIsbns(isbns, { signal, onCall });
  if (answer.kind === "unavailable") {
    const { reason, message } = answer;
    log.warn("isbns_not_checked", {
      provider: checker.name,
      count: isbns.length,
      reason,
      message,
    });
    return null;
  }
  const works = answer.kind === "candidates" ? answer.works : [];
  return new Map(books.flatMap((book) => {
    const record = recordOf(book.decision.isbn13, works);
    if (record === undefined) return [];
    const names = namesOf(book.candidate, book.decision);
    const decision = judgeDecision(book.decision, { names, record });
    return [[book, { decision, evidence: { provider: checker.name, works: [record] } }]];
  }));
}
