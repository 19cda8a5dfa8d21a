import { type ArchiveItem, type ArchiveValue, itemsOf } from "./archive_org_items.ts";
import type { Catalogue } from "../books/catalogue.ts";
import { type LuceneNode, type LuceneTerm, mentionedTerms } from "../search/lucene_query.ts";
import type { OpenLibraryKeys } from "../open_library/open_library_keys.ts";
import {
  buildSearchIndex,
  documentsWithAll,
  isPhraseIn,
  type SearchIndex,
  tokensOf,
  tokenWeight,
} from "../search/search_index.ts";

/** Every item with its words; the position in `items` is the document's number. */
export interface ArchiveOrgIndex {
  readonly items: readonly ArchiveItem[];
  readonly itemByIdentifier: ReadonlyMap<string, ArchiveItem>;
  readonly titles: SearchIndex;
  readonly creators: SearchIndex;
  readonly texts: SearchIndex;
  readonly titleTokens: readonly (readonly string[])[];
  readonly creatorTokens: readonly (readonly string[])[];
  /** An ISBN in the length it was typed in, without signs, to positions. */
  readonly positionsByIsbn: ReadonlyMap<string, readonly number[]>;
  /** The words of any other field, indexed when it is first asked for. */
  wordsOf(field: string): SearchIndex;
}

/** The values of a field as texts; none when it is missing. */
function valuesOf({ metadata }: ArchiveItem, field: string): readonly string[] {
  const value: ArchiveValue | undefined = metadata[field];
  if (value === undefined) return [];
  return typeof value === "object" ? value : [String(value)];
}

function bareIsbn(text: string): string {
  return text.replace(/\([^)]*\)|[^\dXx]/g, "").toUpperCase();
}

/** Indexes a catalogue's items once, for any number of searches. */
export function indexItems(
  catalogue: Catalogue,
  options: { keys: OpenLibraryKeys; isRealistic: boolean },
): ArchiveOrgIndex {
  const items = itemsOf(catalogue, options);
  const wordsIn = (field: string) =>
    items.map((item) => valuesOf(item, field).flatMap((text) => tokensOf(text)));
  const titleTokens = wordsIn("title");
  const creatorTokens = wordsIn("creator");
  const positionsByIsbn = new Map<string, number[]>();
  items.forEach((item, position) => {
    for (const isbn of new Set(valuesOf(item, "isbn").map(bareIsbn))) {
      const positions = positionsByIsbn.get(isbn);
      if (positions) positions.push(position);
      else positionsByIsbn.set(isbn, [position]);
    }
  });
  const otherFields = new Map<string, SearchIndex>();
  return {
    items,
    wordsOf(field) {
      const known = otherFields.get(field) ?? buildSearchIndex(wordsIn(field));
      otherFields.set(field, known);
      return known;
    },
    itemByIdentifier: new Map(items.map((item) => [item.identifier, item])),
    titles: buildSearchIndex(titleTokens),
    creators: buildSearchIndex(creatorTokens),
    texts: buildSearchIndex(titleTokens.map((tokens, position) => [
      ...tokens,
      ...(creatorTokens[position] ?? []),
    ])),
    titleTokens,
    creatorTokens,
    positionsByIsbn,
  };
}

/** One byte for each item: 1 where the item is meant. */
type Mask = Uint8Array;

function maskOf(index: ArchiveOrgIndex, positions: readonly number[]): Mask {
  const mask = new Uint8Array(index.items.length);
  for (const position of positions) mask[position] = 1;
  return mask;
}

function withWords(
  term: LuceneTerm & { kind: "words" },
  { words, texts }: { words: SearchIndex; texts: readonly (readonly string[])[] },
): number[] {
  const tokens = tokensOf(term.text);
  const found = documentsWithAll(words, tokens);
  return term.isPhrase
    ? found.filter((position) => isPhraseIn(tokens, texts[position] ?? []))
    : found;
}

function isInRange(value: string, { from, to }: { from: string; to: string }): boolean {
  const isNumber = /^\d+$/.test(value) && /^(\d+|\*)$/.test(from) && /^(\d+|\*)$/.test(to);
  const least = from === "*" || (isNumber ? Number(value) >= Number(from) : value >= from);
  // "2012" as an end means the whole year, so a value that begins with it is not beyond.
  const most = to === "*" || (isNumber ? Number(value) <= Number(to) : value <= to) ||
    (!isNumber && value.startsWith(to));
  return least && most;
}

function withField(
  index: ArchiveOrgIndex,
  { field, test }: { field: string; test: (value: string) => boolean },
): number[] {
  return index.items.flatMap((item, position) =>
    (field === "identifier" ? [item.identifier] : valuesOf(item, field)).some(test)
      ? [position]
      : []
  );
}

function positionsOf(term: LuceneTerm, index: ArchiveOrgIndex): readonly number[] {
  if (term.kind === "range") {
    const field = term.field ?? "date";
    return withField(index, { field, test: (value) => isInRange(value, term) });
  }
  switch (term.field) {
    case "title":
      return withWords(term, { words: index.titles, texts: index.titleTokens });
    case "creator":
      return withWords(term, { words: index.creators, texts: index.creatorTokens });
    case "isbn":
      return index.positionsByIsbn.get(bareIsbn(term.text)) ?? [];
    case null: {
      const inText = withWords({ ...term, isPhrase: false }, { words: index.texts, texts: [] });
      const byIsbn = index.positionsByIsbn.get(bareIsbn(term.text)) ?? [];
      return [...inText, ...byIsbn];
    }
    case "identifier": {
      const { text } = term;
      return withField(index, { field: "identifier", test: (value) => value === text });
    }
    default: {
      const { field, isPhrase } = term;
      const wanted = tokensOf(term.text);
      const found = documentsWithAll(index.wordsOf(field), wanted);
      if (!isPhrase && wanted.length < 2) return found;
      return found.filter((position) => {
        const item = index.items[position];
        return item && valuesOf(item, field).some((text) => isPhraseIn(wanted, tokensOf(text)));
      });
    }
  }
}

function evaluate(node: LuceneNode, index: ArchiveOrgIndex): Mask {
  switch (node.kind) {
    case "and":
      return node.nodes.map((child) => evaluate(child, index))
        .reduce((all, mask) => all.map((isIn, position) => isIn & (mask[position] ?? 0)));
    case "or":
      return node.nodes.map((child) => evaluate(child, index))
        .reduce((all, mask) => all.map((isIn, position) => isIn | (mask[position] ?? 0)));
    case "not":
      return evaluate(node.node, index).map((isIn) => 1 - isIn);
    default:
      return maskOf(index, positionsOf(node, index));
  }
}

/** A field to order by; `-1` puts the greatest first. */
export interface ArchiveOrder {
  readonly field: string;
  readonly direction: 1 | -1;
}

function compareValues(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const [left, right] = [Number(a), Number(b)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  return a < b ? -1 : 1;
}

function relevanceFor(
  index: ArchiveOrgIndex,
  node: LuceneNode,
): (position: number) => number {
  const terms = mentionedTerms(node).filter((term) => term.kind === "words");
  const words = [...new Set(terms.flatMap(({ text }) => tokensOf(text)))];
  return (position) => {
    const tokens = new Set(index.titleTokens[position]);
    const weight = words.reduce(
      (sum, word) => sum + (tokens.has(word) ? tokenWeight(index.titles, word) : 0),
      0,
    );
    return weight / (1 + (index.titles.lengths[position] ?? 0));
  };
}

/** Items that satisfy a query, in the order asked for and, among equals, by relevance. */
export function searchArchiveOrg(
  index: ArchiveOrgIndex,
  { node, orders }: { node: LuceneNode; orders: readonly ArchiveOrder[] },
): readonly ArchiveItem[] {
  const mask = evaluate(node, index);
  const relevance = relevanceFor(index, node);
  return index.items
    .flatMap((item, position) => mask[position] ? [{ item, score: relevance(position) }] : [])
    .sort((a, b) => {
      for (const { field, direction } of orders) {
        const order = compareValues(valuesOf(a.item, field)[0], valuesOf(b.item, field)[0]);
        if (order !== 0) return order * direction;
      }
      return b.score - a.score || (a.item.identifier < b.item.identifier ? -1 : 1);
    })
    .map(({ item }) => item);
}
