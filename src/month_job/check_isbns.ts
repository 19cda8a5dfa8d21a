import type { Evidence } from "../database/resolutions.ts";
import type { MatchDecision } from "../domain/decide_match.ts";
import type { BatchChecker, WorkCandidate } from "../domain/resolver.ts";
import { sameBook } from "../domain/same_book.ts";
import { wholeTitle } from "../domain/whole_title.ts";
import { countCall } from "./call_counts.ts";
import type { Candidate } from "./merge_books.ts";
import type { MonthRun } from "./month_job_context.ts";

type Found = Extract<MatchDecision, { kind: "found" }>;

/** A decision of this run that the checker has no part in yet. */
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
 * Asks one provider about all ISBNs of a month at once, as a second opinion: a record of the same
 * book joins the decision, and a record of another book makes it ambiguous, since a wrong ISBN is
 * worse than none. Answers only for the ISBNs the provider knows; nothing when it is silent.
 */
export async function checkIsbns(
  run: MonthRun,
  { checker, books }: { checker: BatchChecker; books: readonly UncheckedBook[] },
): Promise<Map<UncheckedBook, CheckedBook>> {
  if (books.length === 0) return new Map();
  const isbns = [...new Set(books.map(({ decision }) => decision.isbn13))];
  const answer = await checker.checkIsbns(isbns, {
    signal: run.signal,
    onCall: (provider) => countCall(run, provider),
  });
  if (answer.kind === "unavailable") {
    run.log.info("isbns_not_checked", { provider: checker.name, reason: answer.reason });
    return new Map();
  }
  const works = answer.kind === "candidates" ? answer.works : [];
  return new Map(books.flatMap((book) => {
    const record = recordOf(book.decision.isbn13, works);
    if (record === undefined) return [];
    const decision = judge(book, record);
    return [[book, { decision, evidence: { provider: checker.name, works: [record] } }]];
  }));
}

function recordOf(
  isbn13: string,
  works: readonly WorkCandidate[],
): WorkCandidate | undefined {
  return works.find(({ editions }) => editions[0]?.isbn13 === isbn13);
}

// A record that names nobody cannot speak against anybody.
function judge({ candidate, decision }: UncheckedBook, record: WorkCandidate): MatchDecision {
  const title = wholeTitle(record);
  const author = record.authors.join(" & ");
  const confirmed = { title: decision.work.title, author: decision.work.authors.join(" & ") };
  const isSame = [candidate, confirmed].some((book) =>
    sameBook(book, { title, author }) || sameBook(book, { title: record.title, author })
  );
  if (isSame) {
    return {
      ...decision,
      providers: [...new Set([...decision.providers, record.provider])].toSorted(),
    };
  }
  if (record.authors.length === 0) return decision;
  return {
    kind: "ambiguous",
    reason: `${record.provider} knows ${decision.isbn13} as "${title}" by ${author}`,
    considered: decision.considered,
  };
}
