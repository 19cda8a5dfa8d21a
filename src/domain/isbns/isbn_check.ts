import type { MatchDecision } from "../matching/decide_match.ts";
import type { ResolverName, WorkCandidate } from "../matching/resolver.ts";
import { type BookName, sameBook } from "../matching/same_book.ts";
import type { StatedSeries } from "../series/series_fields.ts";
import { titleWithSeries } from "../series/title_with_series.ts";
import { wholeTitle } from "../titles/whole_title.ts";

/**
 * Whether a second opinion was heard about an ISBN. `waiting` is provisional: it was found, and the
 * provider that could say whose ISBN it is has not been heard. `not_needed` is what has no ISBN, or was
 * found when there was no such provider.
 */
export const CHECK_STATES = ["not_needed", "waiting", "checked"] as const;

export type CheckState = (typeof CHECK_STATES)[number];

/**
 * The state of a decision just made, where `checker` is who gives second opinions, null when nobody
 * does. Who has a part in the decision has been heard.
 */
export function checkStateOf(
  decision: MatchDecision | null,
  checker: ResolverName | null,
): CheckState {
  if (decision?.kind !== "found" || checker === null) return "not_needed";
  return decision.providers.includes(checker) ? "checked" : "waiting";
}

/** The names of a confirmed work, with and without its series, any of which the record of its ISBN may bear. */
export function namesOf(
  named: BookName & StatedSeries,
  { work }: Extract<MatchDecision, { kind: "found" }>,
): BookName[] {
  const { title, author } = named;
  const titles = new Set([titleWithSeries(named), title]);
  return [
    ...[...titles].map((one) => ({ title: one, author })),
    { title: work.title, author: work.authors.join(" & ") },
  ];
}

/**
 * Why an ISBN is not that of a book, in a sentence, by the record that the checker has of the ISBN;
 * null when the record is of the book under one of its names, or names nobody: then it cannot speak
 * against anybody.
 */
export function disownment(
  isbn13: string,
  { names, record }: { names: readonly BookName[]; record: WorkCandidate },
): string | null {
  if (record.authors.length === 0) return null;
  return isRecordOf(names, record)
    ? null
    : `${record.provider} knows ${isbn13} as "${wholeTitle(record)}" by ` +
      record.authors.join(" & ");
}

/** Whether the record is of the book that bears these names. */
export function isRecordOf(names: readonly BookName[], record: WorkCandidate): boolean {
  const author = record.authors.join(" & ");
  return names.some((name) =>
    sameBook(name, { title: wholeTitle(record), author }) ||
    sameBook(name, { title: record.title, author })
  );
}

/** The record of an ISBN among those a checker answered with. */
export function recordOf(
  isbn13: string,
  works: readonly WorkCandidate[],
): WorkCandidate | undefined {
  return works.find(({ editions }) => editions[0]?.isbn13 === isbn13);
}

/**
 * What becomes of a decision by the record of its ISBN: a record of the same book joins it, one of
 * another book makes it ambiguous, since a wrong ISBN is worse than none.
 */
export function judgeDecision(
  decision: Extract<MatchDecision, { kind: "found" }>,
  { names, record }: { names: readonly BookName[]; record: WorkCandidate },
): MatchDecision {
  const reason = disownment(decision.isbn13, { names, record });
  if (reason !== null) return { kind: "ambiguous", reason, considered: decision.considered };
  if (!isRecordOf(names, record)) return decision;
  const providers = [...new Set([...decision.providers, record.provider])].toSorted();
  return { ...decision, providers };
}
