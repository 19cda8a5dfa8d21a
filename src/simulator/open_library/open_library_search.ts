import { readIsbn } from "../books/isbn_forms.ts";
import { hasText, type LuceneNode, mentionedTerms, parseLucene } from "../search/lucene_query.ts";
import { candidatesOf, conditionOf } from "./open_library_conditions.ts";
import { chooseEdition, type IndexedWork, type OpenLibraryIndex } from "./open_library_index.ts";
import { firstPublishYear, type KeyedEdition, marcLanguage } from "./open_library_keys.ts";
import { tokensOf, tokenWeight } from "../search/search_index.ts";

/** The parameters of `search.json` that choose and order works. */
export interface OpenLibraryQuery {
  readonly q?: string | undefined;
  readonly title?: string | undefined;
  readonly author?: string | undefined;
  readonly isbn?: string | undefined;
  readonly publisher?: string | undefined;
  /** Three letters. */
  readonly language?: string | undefined;
  readonly authorKey?: string | undefined;
  readonly firstPublishYear?: string | undefined;
  readonly sort?: string | undefined;
  /** Reader's language, two letters. */
  readonly lang: string;
}

/** A work that answers a search. */
export interface FoundWork {
  readonly work: IndexedWork;
  /** The edition shown with the work. */
  readonly edition: KeyedEdition | null;
  readonly matchingEditions: number;
}

function fieldTerm(field: string, text: string | undefined): LuceneNode[] {
  if (text === undefined || !hasText(text)) return [];
  return [{ kind: "words", field, text, isPhrase: false }];
}

/**
 * The words of a parameter as they go into the query. Open Library escapes most signs and writes operators
 * in lower case, wherever their letters stand; `!`, `&`, `|` and `*` pass as they are
 * (`fully_escape_query`).
 */
function passedOn(text: string): string {
  return text.replace(/[[\](){}:"+\-?~^/\\,']/g, "\\$&")
    .replace(/AND|OR|NOT/g, (operator) => operator.toLowerCase());
}

function parsedTerm(query: string): LuceneNode[] {
  const node = parseLucene(query);
  return node === null ? [] : [node];
}

/** `title` asks for the work's own title, `author` for all names (`build_q_from_params`). */
function titleAndAuthor({ title, author }: OpenLibraryQuery): LuceneNode[] {
  const name = author === undefined ? "" : passedOn(author);
  return [
    ...(title === undefined ? [] : parsedTerm(`work_title:(${passedOn(title)})`)),
    ...parsedTerm(`author_name:(${name}) OR author_alternative_name:(${name})`),
  ];
}

/** The other parameters speak of the work as a whole, so the edition shown may be any of it. */
function workQuery(query: OpenLibraryQuery): LuceneNode[] {
  return [
    ...fieldTerm("author_key", query.authorKey),
    ...fieldTerm("first_publish_year", query.firstPublishYear),
    ...fieldTerm("isbn", query.isbn),
    ...fieldTerm("publisher", query.publisher),
    ...fieldTerm("language", query.language),
  ];
}

function relevance(
  work: IndexedWork,
  options: { index: OpenLibraryIndex; words: readonly string[] },
) {
  const { index, words } = options;
  const found = words.filter((word) =>
    work.titleTokens.includes(word) || work.authorTokens.includes(word)
  );
  const weight = found.reduce((sum, word) => sum + tokenWeight(index.titles, word), 0);
  return weight / (0.25 + 0.75 * (work.titleTokens.length / index.averageTitleLength));
}

/**
 * Text relevance (with BM25's length normalisation, b = 0.75) times the number of editions and readers:
 * a well-matching guide can outrank a work whose many editions carry many different titles.
 */
function rank(
  work: IndexedWork,
  options: { index: OpenLibraryIndex; words: readonly string[] },
): number {
  const { editions, work: { notability } } = work.keyed;
  const popularity = (1 + 0.2 * Math.log(editions.length)) *
    (1 + 0.03 * Math.log(1 + (notability ?? 0)));
  return (1 + relevance(work, options)) * popularity;
}

type Order = (work: IndexedWork) => number | string;

function orderFor(
  query: OpenLibraryQuery,
  options: { index: OpenLibraryIndex; words: string[] },
): Order {
  switch (query.sort) {
    case "editions":
      return ({ keyed }) => -keyed.editions.length;
    case "old":
      return ({ keyed }) => firstPublishYear(keyed.work) ?? Infinity;
    case "new":
      return ({ keyed }) => -(firstPublishYear(keyed.work) ?? -Infinity);
    case "readinglog":
      return ({ keyed }) => -(keyed.work.notability ?? 0);
    case "title":
      return ({ keyed }) => keyed.work.title;
    default:
      return (work) => -rank(work, options);
  }
}

function sortBy(found: FoundWork[], order: Order): FoundWork[] {
  const keyed = found.map((hit) => ({ hit, key: order(hit.work) }));
  keyed.sort((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : a.hit.work.position - b.hit.work.position
  );
  return keyed.map(({ hit }) => hit);
}

function queryWords(targeted: LuceneNode): string[] {
  const terms = mentionedTerms(targeted);
  const isText = (field: string | null): boolean =>
    field === null || /title|author$|author_name/.test(field);
  const fromQuery = terms.flatMap((term) =>
    term.kind === "words" && isText(term.field) ? tokensOf(term.text) : []
  );
  return [...new Set(fromQuery)];
}

/**
 * Searches as Open Library does: every condition of `q`, `title` and `author` that concerns
 * an edition must hold for one edition of the work, which is then the one shown; the other parameters
 * concern the work.
 */
export function searchOpenLibrary(index: OpenLibraryIndex, query: OpenLibraryQuery): FoundWork[] {
  const asked = [
    ...(query.q === undefined ? [] : parsedTerm(query.q)),
    ...titleAndAuthor(query),
  ];
  const forWork = workQuery(query).map((node) => ({ node, test: conditionOf(node, index) }));
  const nodes = [...forWork.map(({ node }) => node), ...asked];
  if (nodes.length === 0) return [];
  const targeted: LuceneNode = { kind: "and", nodes: asked };
  const test = conditionOf(targeted, index);
  const candidates = candidatesOf({ kind: "and", nodes }, index);
  const works = candidates === null
    ? index.works
    : candidates.map((position) => index.works[position]).filter((work) => work !== undefined);
  const isPreferred = preferenceOf(query);
  const found: FoundWork[] = [];
  for (const work of works) {
    const { editions } = work.keyed;
    const hasAll = forWork.every(({ test: holds }) => editions.some((e) => holds(work, e)));
    if (!hasAll) continue;
    const matching = editions.filter((edition) => test(work, edition));
    if (matching.length === 0) continue;
    const edition = chooseEdition(matching, isPreferred);
    found.push({ work, edition, matchingEditions: matching.length });
  }
  return sortBy(found, orderFor(query, { index, words: queryWords(targeted) }));
}

/** An ISBN asked for in its own parameter is shown; otherwise the reader's language counts. */
function preferenceOf(query: OpenLibraryQuery): Parameters<typeof chooseEdition>[1] {
  const isbn13 = query.isbn === undefined ? null : readIsbn(query.isbn);
  const wanted = marcLanguage(query.lang);
  return (edition) =>
    isbn13 === null ? marcLanguage(edition.language) === wanted : edition.isbn13 === isbn13;
}
