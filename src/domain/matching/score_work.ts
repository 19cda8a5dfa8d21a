import { parseCredits, type PersonName, withoutHouses } from "../names/author_name.ts";
import { type AuthorMatch, compareParsedAuthors } from "../names/author_score.ts";
import {
  type EligibleEdition,
  matchTitles,
  measureEditions,
  POSSIBLE_TITLE,
} from "./measure_editions.ts";
import {
  compareRecordTitle,
  creditedPersons,
  type PreparedQuery,
  readRecordTitle,
} from "./record_title.ts";
import { type Derivation, derivationOf, isSummaryMill } from "../titles/reject_list.ts";
import type { BookQuery, WorkCandidate } from "./resolver.ts";
import type { TitleParts } from "../titles/parse_title.ts";
import { matchInYears, SAME_TITLE, type TitleMatch } from "../titles/title_match.ts";
import { compareTitles } from "../titles/title_score.ts";
import { wholeTitle } from "../titles/whole_title.ts";

/**
 * Points of a match, 100 in all: title 50, author 25, year 15, edition (language and form) 5,
 * agreement of providers 5.
 */
export interface ScoreParts {
  readonly title: number;
  readonly author: number;
  readonly year: number;
  readonly edition: number;
  readonly agreement: number;
}

/** A record measured against the query, before it is seen together with the others. */
export interface MeasuredRecord {
  readonly work: WorkCandidate;
  readonly title: TitleParts;
  readonly authors: readonly PersonName[];
  readonly title_match: TitleMatch;
  readonly author_match: AuthorMatch;
  readonly editions: readonly EligibleEdition[];
  /** ISBNs that are those of something else by what this record says of them. */
  readonly disowned: readonly string[];
  /** Words of its subtitle for which it stands back behind a record without them; null when it has none. */
  readonly doubt: string | null;
  readonly parts: ScoreParts;
  /** Why it can't be the book; null while it can. */
  readonly veto: string | null;
}

/** Rounds points to one decimal, so that evidence reads well and sums don't drift. */
export function roundPoints(points: number): number {
  return Math.round(points * 10) / 10;
}

/** The whole score, 0–100. */
export function sumParts(parts: ScoreParts): number {
  return roundPoints(parts.title + parts.author + parts.year + parts.edition + parts.agreement);
}

/** Year points of a record dated in the very year asked for. */
export const EXACT_YEAR_POINTS = 15;

/**
 * Points for the year, 0–15. An edition of the year asked for is worth all;
 * a neighbouring year little less, since UK and US dates and Decembers differ; no date at all
 * leaves the question open; a reprint proves that the book existed; a book that existed more than a
 * year before it is said to have been published is suspect.
 */
export function yearPoints(askedYear: number, years: readonly number[]): number {
  if (years.length === 0) return 10;
  const nearest = years.reduce(
    (least, year) => Math.min(least, Math.abs(year - askedYear)),
    Infinity,
  );
  if (nearest === 0) return EXACT_YEAR_POINTS;
  if (nearest === 1) return 13;
  return years.every((year) => year > askedYear) ? 9 : 3;
}

function languagePoints(query: BookQuery, editions: readonly EligibleEdition[]): number {
  const points = editions.map(({ printed_in }) =>
    printed_in === null ? 3 : printed_in === query.language ? 5 : 1
  );
  return points.reduce((most, each) => Math.max(most, each), 0);
}

/** Whether a person stands on the record who is not asked for, as who adapts a book does. */
function hasOtherPerson(prepared: PreparedQuery, authors: readonly PersonName[]): boolean {
  return authors.some((person) =>
    compareParsedAuthors(prepared.authors, [person]).verdict === "different"
  );
}

/** Words of something made from a book that may be the book's own, as far as the record tells. */
function ownWording(
  prepared: PreparedQuery,
  measured: { derivation: Derivation | null; authors: readonly PersonName[]; year: number },
): string | null {
  const { derivation, authors, year } = measured;
  if (derivation === null || !derivation.isOwnWording) return null;
  const isAdapted = derivation.isAdaptation && hasOtherPerson(prepared, authors);
  return year === EXACT_YEAR_POINTS && !isAdapted ? derivation.reason : null;
}

function vetoReason(
  measured: { work: WorkCandidate; title: TitleMatch; author: AuthorMatch; derived: string | null },
): string | null {
  const { work, title, author, derived } = measured;
  if (derived !== null) return derived;
  if (work.authors.some(isSummaryMill)) return "a summary mill";
  if (author.verdict === "different") return "another author";
  if (title.agreement === "conflict") return title.reason;
  if (title.score < POSSIBLE_TITLE) return "another title";
  return author.verdict === "missing" ? "no author to compare" : null;
}

/** Measures one record against the query; the agreement points are still open and stand at 0. */
export function measureRecord(prepared: PreparedQuery, work: WorkCandidate): MeasuredRecord {
  const { query } = prepared;
  const authors = parseCredits(withoutHouses(work));
  const readings = readRecordTitle(work, creditedPersons(prepared, authors));
  const derivation = derivationOf(wholeTitle(work), prepared.asked_title);
  const { editions: eligible, disowned } = measureEditions(prepared, { work, authors, derivation });
  const own = compareRecordTitle(prepared, { text: work.title, readings });
  const dates = [work.first_published, ...eligible.map(({ edition }) => edition.published)];
  const years = dates.flatMap((date) => date === null ? [] : [date.year]);
  const { best: title_match, usable: editions } = matchTitles(
    matchInYears(own, { asked: query.year, years }),
    eligible,
  );
  const author_match = compareParsedAuthors(prepared.authors, authors);
  const year = yearPoints(query.year, years);
  const doubt = ownWording(prepared, { derivation, authors, year });
  const derived = doubt === null ? derivation?.reason ?? null : null;
  return {
    work,
    title: readings[0]!,
    authors,
    title_match,
    author_match,
    editions,
    disowned,
    doubt,
    parts: {
      title: roundPoints(50 * title_match.score),
      author: roundPoints(25 * author_match.score),
      year,
      edition: languagePoints(query, editions),
      agreement: 0,
    },
    veto: vetoReason({ work, title: title_match, author: author_match, derived }),
  };
}

/**
 * Whether two records have the same title by the same author. Not quite symmetric, as titles compare: the
 * better record comes first.
 */
export function sharesTitleAndAuthor(a: MeasuredRecord, b: MeasuredRecord): boolean {
  const titles = compareTitles(a.title, b.title);
  return titles.score >= SAME_TITLE && !["conflict", "partial"].includes(titles.agreement) &&
    ["same", "unreadable"].includes(compareParsedAuthors(a.authors, b.authors).verdict);
}
