import { parseAuthors, parseCredits, type PersonName } from "../names/author_name.ts";
import { boundedLine, MAX_TITLE_LENGTH } from "../text/bounded_line.ts";
import { type AuthorMatch, compareParsedAuthors } from "../names/author_score.ts";
import { isIsbn13 } from "./isbn.ts";
import { parseTitle, type TitleParts } from "../names/normalise_title.ts";
import { derivativeReason, editionRejectReason, isSummaryMill } from "./reject_list.ts";
import type { BookQuery, EditionCandidate, WorkCandidate } from "./resolver.ts";
import { compareTitles, SAME_TITLE, type TitleMatch } from "../names/title_score.ts";
import { wholeTitle } from "../names/whole_title.ts";

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

/** A query parsed once for all candidates. */
export interface PreparedQuery {
  readonly query: BookQuery;
  readonly title: TitleParts;
  readonly authors: readonly PersonName[];
}

/** An edition that may give its ISBN, with what its own title says. */
export interface EligibleEdition {
  readonly edition: EditionCandidate & { readonly isbn13: string };
  readonly title_match: TitleMatch;
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
  readonly parts: ScoreParts;
  /** Why it can't be the book; null while it can. */
  readonly veto: string | null;
}

/** Parses the query. */
export function prepareQuery(query: BookQuery): PreparedQuery {
  return { query, title: parseTitle(query.title), authors: parseAuthors(query.author) };
}

/** Rounds points to one decimal, so that evidence reads well and sums don't drift. */
export function roundPoints(points: number): number {
  return Math.round(points * 10) / 10;
}

/** The whole score, 0–100. */
export function sumParts(parts: ScoreParts): number {
  return roundPoints(parts.title + parts.author + parts.year + parts.edition + parts.agreement);
}

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
  if (nearest === 0) return 15;
  if (nearest === 1) return 13;
  return years.every((year) => year > askedYear) ? 9 : 3;
}

function languagePoints(query: BookQuery, editions: readonly EligibleEdition[]): number {
  const points = editions.map(({ edition }) =>
    edition.language === null ? 3 : edition.language === query.language ? 5 : 1
  );
  return points.reduce((most, each) => Math.max(most, each), 0);
}

/**
 * The ISBD statement of responsibility ("The salt ledger / Mara Quill") is no part of the title. It stands
 * behind the last slash: one before it divides the titles of two books in one.
 */
function withoutResponsibility(title: string, authors: readonly string[]): string {
  const slash = /^(.+)\s+\/\s+(.+)$/.exec(boundedLine(title, MAX_TITLE_LENGTH));
  if (!slash) return title;
  const credited = parseAuthors(slash[2]!);
  const isCredit = /^by\s/i.test(slash[2]!) ||
    compareParsedAuthors(credited, parseCredits(authors)).verdict ===
      "same";
  return isCredit ? slash[1]! : title;
}

function matchEdition(
  prepared: PreparedQuery,
  { work, edition }: { readonly work: WorkCandidate; readonly edition: EditionCandidate },
): TitleMatch {
  const title = withoutResponsibility(edition.title, work.authors);
  return compareTitles(prepared.title, parseTitle(title, edition.subtitle));
}

function measureEditions(
  prepared: PreparedQuery,
  work: WorkCandidate,
): Pick<MeasuredRecord, "editions" | "disowned"> {
  const editions: EligibleEdition[] = [];
  const disowned: string[] = [];
  const matches = new Map<string, TitleMatch>();
  const isDerived = derivativeReason(wholeTitle(work), prepared.query.title) !== null;
  for (const edition of work.editions) {
    const { isbn13 } = edition;
    if (isbn13 === null || !isIsbn13(isbn13)) continue;
    const title_match = matches.get(wholeTitle(edition)) ??
      matchEdition(prepared, { work, edition });
    matches.set(wholeTitle(edition), title_match);
    const isOther = title_match.agreement === "conflict" ||
      editionRejectReason(edition, prepared.query.title) !== null;
    if (isOther || isDerived) disowned.push(isbn13);
    if (!isOther) editions.push({ edition: { ...edition, isbn13 }, title_match });
  }
  return { editions, disowned };
}

/**
 * The better of the record's own title and its editions'. A record of a whole series may hold the
 * volume asked for: then only editions that say so themselves count, and its own title does not.
 */
function matchTitles(
  own: TitleMatch,
  editions: readonly EligibleEdition[],
): { best: TitleMatch; usable: readonly EligibleEdition[] } {
  const isConflict = own.agreement === "conflict";
  const usable = isConflict
    ? editions.filter(({ title_match }) => ["full", "main"].includes(title_match.agreement))
    : editions;
  const [first, ...rest] = usable.map(({ title_match }) => title_match);
  const start = isConflict ? first ?? own : own;
  const others = [first, ...rest].filter((match) => match !== undefined);
  return {
    best: others.reduce((best, match) => match.score > best.score ? match : best, start),
    usable,
  };
}

function vetoReason(
  measured: { query: BookQuery; work: WorkCandidate; title: TitleMatch; author: AuthorMatch },
): string | null {
  const { query, work, title, author } = measured;
  const derivative = derivativeReason(wholeTitle(work), query.title);
  if (derivative !== null) return derivative;
  if (work.authors.some(isSummaryMill)) return "a summary mill";
  if (author.verdict === "different") return "another author";
  if (title.agreement === "conflict") return title.reason;
  if (title.score < 0.8) return "another title";
  return author.verdict === "missing" ? "no author to compare" : null;
}

/** Measures one record against the query; the agreement points are still open and stand at 0. */
export function measureRecord(prepared: PreparedQuery, work: WorkCandidate): MeasuredRecord {
  const { query } = prepared;
  const title = parseTitle(withoutResponsibility(work.title, work.authors), work.subtitle);
  const authors = parseCredits(work.authors);
  const { editions: eligible, disowned } = measureEditions(prepared, work);
  const { best: title_match, usable: editions } = matchTitles(
    compareTitles(prepared.title, title),
    eligible,
  );
  const author_match = compareParsedAuthors(prepared.authors, authors);
  const dates = [work.first_published, ...editions.map(({ edition }) => edition.published)];
  const years = dates.flatMap((date) => date === null ? [] : [date.year]);
  return {
    work,
    title,
    authors,
    title_match,
    author_match,
    editions,
    disowned,
    parts: {
      title: roundPoints(50 * title_match.score),
      author: roundPoints(25 * author_match.score),
      year: yearPoints(query.year, years),
      edition: languagePoints(query, editions),
      agreement: 0,
    },
    veto: vetoReason({ query, work, title: title_match, author: author_match }),
  };
}

/**
 * Whether two records have the same title by the same author. Not quite symmetric, as titles compare: the
 * better record comes first.
 */
export function sharesTitleAndAuthor(a: MeasuredRecord, b: MeasuredRecord): boolean {
  const titles = compareTitles(a.title, b.title);
  return titles.score >= SAME_TITLE && !["conflict", "partial"].includes(titles.agreement) &&
    compareParsedAuthors(a.authors, b.authors).verdict === "same";
}
