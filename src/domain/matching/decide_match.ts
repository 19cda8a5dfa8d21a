import { chooseEdition, type EditionChoice } from "./choose_edition.ts";
import { prepareQuery } from "./record_title.ts";
import { withoutDisowned, withoutDoubtful } from "./disowned_isbns.ts";
import { groupRecords } from "./group_records.ts";
import { isTranslation } from "./is_translation.ts";
import type { BookQuery, EditionCandidate, ResolverName, WorkCandidate } from "./resolver.ts";
import {
  EXACT_YEAR_POINTS,
  type MeasuredRecord,
  measureRecord,
  roundPoints,
  type ScoreParts,
  sumParts,
} from "./score_work.ts";
import { buildGroup, isOpen, standingGroups, witnessesOf, type WorkGroup } from "./work_group.ts";
import { SAME_TITLE, type TitleNeed } from "../titles/title_match.ts";

/** Evidence of one record, as stored beside the resolution. */
export interface ScoredWork {
  readonly provider: ResolverName;
  readonly provider_key: string;
  readonly title: string;
  readonly authors: readonly string[];
  readonly score: number;
  readonly parts: ScoreParts;
  /** "accepted", "not proven" or "no usable ISBN" (the best), "same work", "another work", "vetoed: …". */
  readonly verdict: string;
}

/**
 * What the candidates prove. Only `found` may end a search; `ambiguous` and `not_found` ask the next
 * provider, together with the candidates already seen.
 */
export type MatchDecision =
  | {
    readonly kind: "found";
    readonly isbn13: string;
    readonly edition: EditionCandidate;
    /** The best record of the work. */
    readonly work: WorkCandidate;
    readonly score: number;
    /** Everybody who knows the work, in alphabetical order. */
    readonly providers: readonly ResolverName[];
    readonly considered: readonly ScoredWork[];
  }
  | {
    readonly kind: "ambiguous";
    readonly reason: string;
    readonly considered: readonly ScoredWork[];
  }
  | { readonly kind: "not_found"; readonly considered: readonly ScoredWork[] };

/** Points from which a match stands by itself. */
const ACCEPT_SCORE = 85;
/** Points from which two providers that agree are enough. */
const AGREED_SCORE = 70;
/** How far the next different work must be behind. */
const LEAD = 10;
/** How many records are kept as evidence. */
const MAX_CONSIDERED = 8;

/** Records with what orders them: their points, else their text, which only a tie asks for. */
function inOrder(records: readonly MeasuredRecord[]): MeasuredRecord[] {
  const texts = new Map<MeasuredRecord, string>();
  const textOf = (record: MeasuredRecord): string => {
    const { provider, provider_key, title } = record.work;
    const text = texts.get(record) ??
      JSON.stringify([provider, provider_key, title, record.work]);
    texts.set(record, text);
    return text;
  };
  return records.map((record) => ({ record, points: sumParts(record.parts) }))
    .sort((a, b) => {
      if (a.points !== b.points) return b.points - a.points;
      const [left, right] = [textOf(a.record), textOf(b.record)];
      return left < right ? -1 : left > right ? 1 : 0;
    })
    .map(({ record }) => record);
}

function evidence(
  measured: readonly MeasuredRecord[],
  verdictOf: (record: MeasuredRecord) => string,
  agreementOf: (record: MeasuredRecord) => number,
): ScoredWork[] {
  return measured.slice(0, MAX_CONSIDERED).map((record) => {
    const parts = { ...record.parts, agreement: agreementOf(record) };
    return {
      provider: record.work.provider,
      provider_key: record.work.provider_key,
      title: record.work.title,
      authors: record.work.authors,
      score: sumParts(parts),
      parts,
      verdict: verdictOf(record),
    };
  });
}

/** Editions that may give the ISBN; beside a record with the whole title, not those of one that has not. */
function choicesOf({ records }: WorkGroup): EditionChoice[] {
  const named = records.filter((record) => !isOpen(record));
  return (named.length > 0 ? named : records).flatMap((record) =>
    record.editions.map((edition) => ({ ...edition, record }))
  );
}

function openTitle(title: string, need: TitleNeed): string {
  if (need === "another_record") {
    return `Nobody names the subtitle asked for, and "${title}" may be the whole series`;
  }
  const year = need === "near_year" ? "the year asked for or the next" : "the very year asked for";
  return `"${title}" is the title asked for only if a record is of ${year}`;
}

/** Why the best group is not enough by itself; null when it is. */
function objection(top: WorkGroup, next: WorkGroup | undefined): string | null {
  const best = top.records[0]!;
  if (best.title_match.score < SAME_TITLE) {
    return `The best title, "${best.work.title}", is not close enough to the one asked for`;
  }
  const need = best.title_match.needs;
  if (need !== null && !top.isTitled) return openTitle(best.work.title, need);
  if (top.score < AGREED_SCORE || (top.score < ACCEPT_SCORE && top.providers.length < 2)) {
    return `The best match scores ${top.score}; ${ACCEPT_SCORE} is wanted, or two providers ` +
      `that agree from ${AGREED_SCORE}`;
  }
  const isWitnessed = top.parts.year === EXACT_YEAR_POINTS && top.providers.length > 1;
  if (best.author_match.verdict === "unreadable" && !isWitnessed) {
    return `"${best.work.title}" names its author in letters that can't be compared`;
  }
  if (next !== undefined && top.score - next.score < LEAD) {
    return `Two works are too close: ${top.score} and ${next.score} points, ${LEAD} apart wanted`;
  }
  return null;
}

/**
 * Decides which of the candidates is the book asked for, and which of its editions gives the ISBN.
 * Pure and independent of the order of candidates; records that can't be the book (another author,
 * another volume, a study guide) change the outcome only by their ISBNs, which no other record may
 * give then. Records of several providers may be given at once: those of one work are taken together,
 * and their agreement counts. `areAllHeard` says that nobody else will answer, so that what only another
 * answer could better is taken.
 */
export function decideMatch(
  query: BookQuery,
  works: readonly WorkCandidate[],
  { areAllHeard = false }: { areAllHeard?: boolean } = {},
): MatchDecision {
  const prepared = prepareQuery(query, works);
  const measured = inOrder(
    withoutDoubtful(
      withoutDisowned(prepared, works.map((work) => measureRecord(prepared, work))),
    ),
  );
  const authorless = measured.filter(({ veto }) => veto === "no author to compare");
  const possible = measured.filter(({ veto }) => veto === null);
  const witnesses = witnessesOf(authorless);
  // Groups come in the order of their best records, which decides between equal scores.
  const groups = standingGroups(groupRecords(possible), query.year)
    .map((group) => buildGroup(group, witnesses))
    .sort((a, b) => b.score - a.score);
  const groupOf = new Map(
    groups.flatMap((group) => group.records.map((record) => [record, group] as const)),
  );

  const [top, next] = groups;
  const ordered = [...possible, ...measured.filter(({ veto }) => veto !== null)];
  const describe = (topVerdict: string): ScoredWork[] =>
    evidence(ordered, (record) => {
      if (record.veto !== null) return `vetoed: ${record.veto}`;
      if (record === top?.records[0]) return topVerdict;
      const group = groupOf.get(record);
      if (group === undefined) return "vetoed: another record is nearer to the title asked for";
      return group === top ? "same work" : "another work";
    }, (record) => roundPoints(groupOf.get(record)?.parts.agreement ?? 0));

  if (top === undefined) {
    if (authorless.length === 0) return { kind: "not_found", considered: describe("") };
    const reason = "A record has the title asked for, but names no author to compare";
    return { kind: "ambiguous", reason, considered: describe("") };
  }
  const reason = objection(top, next);
  if (reason !== null) return { kind: "ambiguous", reason, considered: describe("not proven") };
  const choice = chooseEdition(choicesOf(top), query);
  if (choice !== null && isTranslation(choice, { query, authorless, areAllHeard })) {
    const { printed_in } = choice;
    const reason = `The work is known only in editions of another language (${printed_in})`;
    return { kind: "ambiguous", reason, considered: describe("not proven") };
  }
  if (choice === null) {
    const missing = "The work was found, but no edition of it has a usable ISBN";
    return { kind: "ambiguous", reason: missing, considered: describe("no usable ISBN") };
  }
  return {
    kind: "found",
    isbn13: choice.edition.isbn13,
    edition: choice.edition,
    work: top.records[0]!.work,
    score: top.score,
    providers: top.providers,
    considered: describe("accepted"),
  };
}
