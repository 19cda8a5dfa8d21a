import type { SimulatedEdition } from "../books/catalogue.ts";
import { otherNamesOf } from "../books/pen_names.ts";
import { joinTitle } from "../books/title_parts.ts";
import type { KeyedCatalogue, KeyedEdition, KeyedWork } from "./open_library_keys.ts";
import { buildSearchIndex, type SearchIndex, tokensOf } from "../search/search_index.ts";

/** A work with its words, the position being its number in the indexes. */
export interface IndexedWork {
  readonly position: number;
  readonly keyed: KeyedWork;
  readonly titleTokens: readonly string[];
  readonly authorTokens: readonly string[];
  /** Of the other names of its authors. */
  readonly otherNameTokens: readonly string[];
}

/** Everything a search looks up. */
export interface OpenLibraryIndex {
  readonly works: readonly IndexedWork[];
  /** Titles of the work and of all its editions, which Open Library calls alternative titles. */
  readonly titles: SearchIndex;
  readonly authors: SearchIndex;
  readonly otherNames: SearchIndex;
  readonly averageTitleLength: number;
  readonly isbns: KeyedCatalogue["isbns"];
  /** The words of an edition's own title, in their order. */
  titleTokensOf(edition: SimulatedEdition): readonly string[];
  /** The words of a text, such as a title without its subtitle. */
  tokensOfText(text: string): readonly string[];
}

/** Indexes a catalogue once, for any number of searches. */
export function indexOpenLibrary(catalogue: KeyedCatalogue): OpenLibraryIndex {
  const tokensByTitle = new Map<string, readonly string[]>();
  const tokensOfText = (text: string): readonly string[] => {
    const known = tokensByTitle.get(text);
    if (known) return known;
    const tokens = tokensOf(text);
    tokensByTitle.set(text, tokens);
    return tokens;
  };
  const titleTokensOf = (edition: SimulatedEdition): readonly string[] =>
    tokensOfText(joinTitle(edition));
  const works = catalogue.works.map((keyed, position): IndexedWork => {
    const { work, editions } = keyed;
    const titles = new Set(editions.map(({ edition }) => joinTitle(edition)));
    titles.add(joinTitle(work));
    return {
      position,
      keyed,
      titleTokens: [...titles].flatMap(tokensOfText),
      authorTokens: work.authors.flatMap(tokensOfText),
      otherNameTokens: work.authors.flatMap(otherNamesOf).flatMap(tokensOfText),
    };
  });
  const titles = buildSearchIndex(works.map((work) => work.titleTokens));
  return {
    works,
    titles,
    authors: buildSearchIndex(works.map((work) => work.authorTokens)),
    otherNames: buildSearchIndex(works.map((work) => work.otherNameTokens)),
    averageTitleLength: titles.lengths.reduce((sum, length) => sum + length, 0) /
      Math.max(1, titles.size),
    isbns: catalogue.isbns,
    titleTokensOf,
    tokensOfText,
  };
}

/** Works whose title or author words hold every one of the tokens, ascending. */
export function worksWithText(index: OpenLibraryIndex, tokens: readonly string[]): number[] {
  const postings = tokens.map((token) => [
    index.titles.postings.get(token) ?? [],
    index.authors.postings.get(token) ?? [],
  ]);
  const countOf = (lists: readonly (readonly number[])[]): number =>
    lists.reduce((sum, list) => sum + list.length, 0);
  const rarest = postings.reduce<readonly (readonly number[])[] | null>(
    (best, lists) => best === null || countOf(lists) < countOf(best) ? lists : best,
    null,
  );
  return union(rarest ?? []).filter((position) => {
    const work = index.works[position];
    return tokens.every((token) =>
      work?.titleTokens.includes(token) || work?.authorTokens.includes(token)
    );
  });
}

/** Numbers in any of the lists, ascending. */
export function union(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

/** Numbers in all of the lists, ascending. */
export function intersection(lists: readonly (readonly number[])[]): number[] {
  const [smallest = [], ...others] = [...lists].sort((a, b) => a.length - b.length);
  const sets = others.map((list) => new Set(list));
  return smallest.filter((number) => sets.every((set) => set.has(number)));
}

/** The edition Open Library would show: in the reader's language if any, otherwise any. */
export function chooseEdition(
  editions: readonly KeyedEdition[],
  isPreferred: (edition: SimulatedEdition) => boolean,
): KeyedEdition | null {
  const preferred = editions.filter(({ edition }) => isPreferred(edition));
  const pool = preferred.length > 0 ? preferred : editions;
  // Keys are hashes, so the smallest one is as good as chance but never changes.
  return pool.reduce<KeyedEdition | null>(
    (best, edition) => best === null || edition.key < best.key ? edition : best,
    null,
  );
}
