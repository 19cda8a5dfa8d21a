import type { Catalogue, SimulatedEdition, SimulatedWork } from "../books/catalogue.ts";
import { readIsbn } from "../books/isbn_forms.ts";
import {
  buildSearchIndex,
  documentsWithAll,
  documentsWithMost,
  type Hit,
  type SearchIndex,
  tokensOf,
} from "../search/search_index.ts";

/** One record: an edition and the work it belongs to. */
export interface IsbndbBook {
  readonly work: SimulatedWork;
  readonly edition: SimulatedEdition;
}

/** Every edition as a document of its own, as ISBNdb holds them. */
export interface IsbndbIndex {
  readonly books: readonly IsbndbBook[];
  readonly positionByIsbn: ReadonlyMap<string, number>;
  readonly titles: SearchIndex;
  readonly authors: SearchIndex;
  /** Titles and authors together. */
  readonly texts: SearchIndex;
}

/** Indexes the catalogue once, for any number of searches. */
export function indexEditions({ works }: Catalogue): IsbndbIndex {
  const books = works.flatMap((work) => work.editions.map((edition) => ({ work, edition })));
  const titles = books.map(({ edition }) => tokensOf(edition.rawTitle));
  const authors = books.map(({ edition }) => edition.authors.flatMap(tokensOf));
  return {
    books,
    positionByIsbn: new Map(books.map(({ edition }, position) => [edition.isbn13, position])),
    titles: buildSearchIndex(titles),
    authors: buildSearchIndex(authors),
    texts: buildSearchIndex(titles.map((tokens, position) => [
      ...tokens,
      ...(authors[position] ?? []),
    ])),
  };
}

/** What a search asks for; everything given must hold. */
export interface IsbndbQuery {
  readonly text?: string | undefined;
  readonly author?: string | undefined;
  readonly isbn13?: string | undefined;
  readonly column?: "title" | "author" | "date_published" | "subjects" | undefined;
  /** Every word must be there, not only most of them. */
  readonly shouldMatchAll: boolean;
  /** YYYY, YYYY-MM or YYYY-MM-DD; both ends are included. */
  readonly publishedFrom?: string | undefined;
  readonly publishedTo?: string | undefined;
  /** ISO 639-1 or the MARC form. */
  readonly language?: string | undefined;
}

/**
 * The share of a query's weight a record must hold. ISBNdb documents no figure; its answers are known to
 * hold study guides and namesakes beside the book, which a third lets through and a single "the" does not.
 */
const MIN_SHARE = 0.3;

function hitsFor(
  index: SearchIndex,
  options: { text: string; shouldMatchAll: boolean },
): Hit[] {
  const tokens = tokensOf(options.text);
  if (options.shouldMatchAll) {
    return documentsWithAll(index, tokens).map((document) => ({ document, score: 1 }));
  }
  return documentsWithMost(index, tokens, { minShare: MIN_SHARE });
}

/** A date of unknown month lies in the whole year: bounds are compared to the precision both have. */
function isWithin(published: string | null, query: IsbndbQuery): boolean {
  const { publishedFrom: from, publishedTo: to } = query;
  if (from === undefined && to === undefined) return true;
  if (published === null) return false;
  const atLeast = (bound: string) =>
    published.slice(0, bound.length) >= bound.slice(0, published.length);
  const atMost = (bound: string) =>
    published.slice(0, bound.length) <= bound.slice(0, published.length);
  return (from === undefined || atLeast(from)) && (to === undefined || atMost(to));
}

function speaks({ language }: SimulatedEdition, wanted: string | undefined): boolean {
  if (wanted === undefined || wanted === "") return true;
  return language !== null && wanted.toLowerCase().startsWith(language);
}

function textHits(index: IsbndbIndex, query: IsbndbQuery): Hit[] | null {
  const { text, column, shouldMatchAll } = query;
  if (text === undefined) return null;
  if (column === "subjects") return [];
  if (column === "date_published") {
    return index.books.flatMap(({ edition }, document) =>
      edition.published?.startsWith(text) ? [{ document, score: 1 }] : []
    );
  }
  const searched = column === "title"
    ? index.titles
    : column === "author"
    ? index.authors
    : index.texts;
  return hitsFor(searched, { text, shouldMatchAll });
}

function combine(first: Hit[] | null, second: Hit[] | null): Hit[] {
  if (!first || !second) return first ?? second ?? [];
  const scores = new Map(second.map(({ document, score }) => [document, score]));
  return first.flatMap(({ document, score }) => {
    const other = scores.get(document);
    return other === undefined ? [] : [{ document, score: score + other }];
  });
}

function isbnHits(index: IsbndbIndex, isbn: string | undefined): Hit[] | null {
  if (isbn === undefined) return null;
  const position = index.positionByIsbn.get(readIsbn(isbn) ?? "");
  return position === undefined ? [] : [{ document: position, score: 1 }];
}

/**
 * Finds editions by text relevance: how much of the query's weight a record holds, shorter titles first
 * among equals. Dates bound the result; an undated record is outside every bound.
 */
export function searchIsbndb(index: IsbndbIndex, query: IsbndbQuery): IsbndbBook[] {
  const authors = query.author === undefined
    ? null
    : hitsFor(index.authors, { text: query.author, shouldMatchAll: query.shouldMatchAll });
  const hits = combine(combine(textHits(index, query), authors), isbnHits(index, query.isbn13));
  const lengthOf = ({ document }: Hit): number => index.titles.lengths[document] ?? 0;
  return hits
    .sort((a, b) => b.score - a.score || lengthOf(a) - lengthOf(b) || a.document - b.document)
    .flatMap(({ document }) => index.books[document] ?? [])
    .filter(({ edition }) => isWithin(edition.published, query) && speaks(edition, query.language));
}
