import { numbersAsDigits } from "../../domain/text/number_words.ts";
import type { Catalogue } from "../books/catalogue.ts";
import { type Volume, volumesOf } from "./google_books_volumes.ts";
import type { GoogleTerm } from "./google_query.ts";
import { readIsbn } from "../books/isbn_forms.ts";
import { stableHash, stableShare } from "../faults/random.ts";
import {
  buildSearchIndex,
  documentsWithAll,
  isPhraseIn,
  type SearchIndex,
  tokensOf,
  tokenWeight,
} from "../search/search_index.ts";
import { joinTitle } from "../books/title_parts.ts";

/** Every volume with its words; the position in `volumes` is the document's number. */
export interface GoogleBooksIndex {
  readonly volumes: readonly Volume[];
  readonly volumeById: ReadonlyMap<string, Volume>;
  /** ISBN-13 to positions, also of volumes whose record does not show its identifiers. */
  readonly positionsByIsbn: ReadonlyMap<string, readonly number[]>;
  /** Words of titles, and the figures of numbers in words: "1984" finds "Nineteen Eighty-Four". */
  readonly titles: SearchIndex;
  readonly authors: SearchIndex;
  readonly texts: SearchIndex;
  readonly titleTokens: readonly (readonly string[])[];
  readonly authorTokens: readonly (readonly string[])[];
  readonly averageTitleLength: number;
  /** Whether a search by ISBN now and then fails or shows another book, as the service does. */
  readonly hasQuirks: boolean;
}

/** Indexes a catalogue; `hasQuirks` adds the scans and the service's slips. */
export function indexVolumes(
  catalogue: Catalogue,
  { hasQuirks }: { hasQuirks: boolean },
): GoogleBooksIndex {
  const volumes = volumesOf(catalogue, { hasScans: hasQuirks });
  const titleTokens = volumes.map(({ edition }) => tokensOf(joinTitle(edition)));
  const authorTokens = volumes.map(({ edition }) => edition.authors.flatMap(tokensOf));
  const positionsByIsbn = new Map<string, number[]>();
  volumes.forEach(({ edition, isScan }, position) => {
    if (isScan || edition.isbnListing === "none") return;
    positionsByIsbn.set(edition.isbn13, [position]);
  });
  const titleWords = titleTokens.map((tokens) => [...tokens, ...numbersAsDigits(tokens)]);
  return {
    volumes,
    volumeById: new Map(volumes.map((volume) => [volume.id, volume])),
    positionsByIsbn,
    titles: buildSearchIndex(titleWords),
    authors: buildSearchIndex(authorTokens),
    texts: buildSearchIndex(titleWords.map((tokens, position) => [
      ...tokens,
      ...(authorTokens[position] ?? []),
    ])),
    titleTokens,
    authorTokens,
    averageTitleLength: titleTokens.reduce((sum, { length }) => sum + length, 0) /
      Math.max(1, titleTokens.length),
    hasQuirks,
  };
}

/** What a search asks for. */
export interface GoogleBooksQuery {
  readonly terms: readonly GoogleTerm[];
  /** ISO 639-1. */
  readonly language?: string | undefined;
  readonly orderBy: "relevance" | "newest";
}

/** Share of the ISBNs for which `isbn:` finds nothing although the bare number would. */
const DEAF_SHARE = 0.02;
/** Share of the ISBNs for which `isbn:` shows another book. */
const MISTAKEN_SHARE = 0.01;

function withIsbn(index: GoogleBooksIndex, isbn13: string): readonly number[] {
  return index.positionsByIsbn.get(isbn13) ?? [];
}

function isbnFieldHits(index: GoogleBooksIndex, text: string): readonly number[] {
  const isbn13 = readIsbn(text);
  if (isbn13 === null) return [];
  if (!index.hasQuirks) return withIsbn(index, isbn13);
  const chance = stableShare(`isbn field:${isbn13}`);
  if (chance < MISTAKEN_SHARE) return [stableHash(isbn13) % index.volumes.length];
  return chance < MISTAKEN_SHARE + DEAF_SHARE ? [] : withIsbn(index, isbn13);
}

/** Documents that satisfy one term. */
function hitsOf(term: GoogleTerm, index: GoogleBooksIndex): readonly number[] {
  const words = tokensOf(term.text);
  const phraseIn = (texts: readonly (readonly string[])[]) => (position: number): boolean =>
    !term.isPhrase || isPhraseIn(words, texts[position] ?? []);
  switch (term.field) {
    case "intitle":
      return documentsWithAll(index.titles, words).filter(phraseIn(index.titleTokens));
    case "inauthor":
      return documentsWithAll(index.authors, words).filter(phraseIn(index.authorTokens));
    case "isbn":
      return isbnFieldHits(index, term.text);
    case "inpublisher":
      return index.volumes.flatMap(({ edition }, position) => {
        const publisher = tokensOf(edition.publisher ?? "");
        return words.every((word) => publisher.includes(word)) ? [position] : [];
      });
    case "subject":
    case "lccn":
    case "oclc":
      return [];
    case null: {
      const isbn13 = readIsbn(term.text);
      if (isbn13 !== null) return withIsbn(index, isbn13);
      const hits = documentsWithAll(index.texts, words);
      const inTitle = phraseIn(index.titleTokens);
      const inAuthor = phraseIn(index.authorTokens);
      return hits.filter((position) => inTitle(position) || inAuthor(position));
    }
  }
}

function relevanceFor(
  index: GoogleBooksIndex,
  terms: readonly GoogleTerm[],
): (position: number) => number {
  const words = new Set(terms.flatMap(({ text }) => tokensOf(text)));
  const average = index.averageTitleLength;
  return (position) => {
    const tokens = new Set(index.titleTokens[position]);
    let weight = 0;
    for (const word of words) if (tokens.has(word)) weight += tokenWeight(index.titles, word);
    const length = index.titleTokens[position]?.length ?? average;
    const notability = index.volumes[position]?.work.notability ?? 0;
    return weight / (0.25 + 0.75 * (length / average)) * (1 + 0.03 * Math.log(1 + notability));
  };
}

/**
 * Volumes that satisfy every term. A volume in no known language passes every `language`. Ordered by how
 * much of the title the query covers (BM25's length normalisation), or by date.
 */
export function searchGoogleBooks(
  index: GoogleBooksIndex,
  { terms, language, orderBy }: GoogleBooksQuery,
): readonly Volume[] {
  const wanted = terms.filter((term) => !term.isExcluded).map((term) => hitsOf(term, index));
  const unwanted = new Set(
    terms.filter((term) => term.isExcluded).flatMap((term) => hitsOf(term, index)),
  );
  const [first = [], ...others] = [...wanted].sort((a, b) => a.length - b.length);
  const sets = others.map((hits) => new Set(hits));
  const relevance = relevanceFor(index, terms);
  return first
    .filter((position) => !unwanted.has(position) && sets.every((set) => set.has(position)))
    .flatMap((position) => {
      const volume = index.volumes[position];
      if (!volume) return [];
      const spoken = volume.edition.language;
      if (language !== undefined && spoken !== null && spoken !== language) return [];
      return [{ volume, score: orderBy === "newest" ? 0 : relevance(position) }];
    })
    .sort((a, b) =>
      b.score - a.score || newestFirst(a.volume, b.volume) || (a.volume.id < b.volume.id ? -1 : 1)
    )
    .map(({ volume }) => volume);
}

function newestFirst(a: Volume, b: Volume): number {
  const left = a.edition.published ?? "";
  const right = b.edition.published ?? "";
  return left === right ? 0 : left < right ? 1 : -1;
}
