import type { PersonName } from "../names/author_name.ts";
import { isIsbn13 } from "../isbns/isbn.ts";
import { isbnLanguage } from "../isbns/isbn_language.ts";
import {
  compareRecordTitle,
  creditedPersons,
  isBetterMatch,
  type PreparedQuery,
  readRecordTitle,
} from "./record_title.ts";
import { type Derivation, editionDerivation } from "../titles/reject_list.ts";
import type { BookQuery, EditionCandidate, WorkCandidate } from "./resolver.ts";
import { matchInYears, type TitleMatch } from "../titles/title_match.ts";
import { wholeTitle } from "../titles/whole_title.ts";

/** An edition that may give its ISBN, with what its own title says. */
export interface EligibleEdition {
  readonly edition: EditionCandidate & { readonly isbn13: string };
  /** ISO 639-1: the language that the record names, else that of the ISBN's registration group. */
  readonly printed_in: string | null;
  readonly title_match: TitleMatch;
}

/** A slip of the keys explains no title in another language: "Ensayo" is not a misspelt "Ensaio". */
function isForeignNear({ query }: PreparedQuery, edition: EditionCandidate, match: TitleMatch) {
  return match.agreement === "near" && edition.language !== null &&
    edition.language !== query.language;
}

/** Below this a title is that of another book. */
export const POSSIBLE_TITLE = 0.8;

export interface MeasuredEditions {
  readonly editions: readonly EligibleEdition[];
  readonly disowned: readonly string[];
}

/** The editions of a record that may give their ISBN, and the ISBNs that are those of something else. */
export function measureEditions(
  prepared: PreparedQuery,
  { work, authors, derivation }: {
    work: WorkCandidate;
    authors: readonly PersonName[];
    /** What the record's own title says it is instead of the book. */
    derivation: Derivation | null;
  },
): MeasuredEditions {
  const { query } = prepared;
  const persons = creditedPersons(prepared, authors);
  const editions: EligibleEdition[] = [];
  const disowned: string[] = [];
  const matches = new Map<string, TitleMatch>();
  for (const edition of work.editions) {
    const { isbn13 } = edition;
    if (isbn13 === null || !isIsbn13(isbn13)) continue;
    const plain = matches.get(wholeTitle(edition)) ??
      compareRecordTitle(prepared, {
        text: edition.title,
        readings: readRecordTitle(edition, persons),
      });
    matches.set(wholeTitle(edition), plain);
    const date = edition.published ?? work.first_published;
    const years = date === null ? [] : [date.year];
    const title_match = matchInYears(plain, { asked: query.year, years });
    const derived = editionDerivation(edition, prepared.asked_title);
    const isOther = title_match.agreement === "conflict" || derived?.isOwnWording === false;
    if (isOther || derivation?.isOwnWording === false) disowned.push(isbn13);
    if (isOther || isForeignNear(prepared, edition, title_match)) continue;
    editions.push({
      edition: { ...edition, isbn13 },
      printed_in: edition.language ?? isbnLanguage(isbn13),
      title_match,
    });
  }
  return { editions: withoutOtherTitles(query, editions), disowned };
}

/**
 * Editions whose own title may be the one asked for: a work record may hold those of another book by
 * mistake. Where the title asked for is that of an edition in another language, the edition wanted has the
 * title of a translation.
 */
function withoutOtherTitles(
  { language }: BookQuery,
  editions: readonly EligibleEdition[],
): EligibleEdition[] {
  const isTitled = ({ title_match }: EligibleEdition) => title_match.score >= POSSIBLE_TITLE;
  const isForeign = ({ printed_in }: EligibleEdition) =>
    printed_in !== null && printed_in !== language;
  const isTranslated = editions.some((one) => isTitled(one) && isForeign(one));
  return editions.filter((one) => isTitled(one) || isTranslated && !isForeign(one));
}

/**
 * The better of the record's own title and its editions'. A record of a whole series may hold the
 * volume asked for: then only editions that say so themselves count, and its own title does not.
 */
export function matchTitles(
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
    best: others.reduce((best, match) => isBetterMatch(match, best) ? match : best, start),
    usable,
  };
}
