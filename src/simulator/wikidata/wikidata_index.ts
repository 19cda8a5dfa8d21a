import type { Catalogue } from "../books/catalogue.ts";
import type { OpenLibraryKeys } from "../open_library/open_library_keys.ts";
import {
  buildSearchIndex,
  documentsWithAll,
  type SearchIndex,
  tokensOf,
} from "../search/search_index.ts";
import { wikidataItems } from "./wikidata_items.ts";
import { truthy, type WikidataItem, type WikidataValue } from "./wikidata_statements.ts";

/** Every item with its names; the position in `items` is the document's number. */
export interface WikidataIndex {
  readonly items: readonly WikidataItem[];
  readonly itemById: ReadonlyMap<string, WikidataItem>;
  /** Every name in lower case, ascending. */
  readonly names: readonly IndexedName[];
  /** Words of labels, aliases and descriptions. */
  readonly words: SearchIndex;
  /** `P212=978-…` and, for any value, `P212`, to ascending positions. */
  readonly positionsByStatement: ReadonlyMap<string, readonly number[]>;
}

/** One name of an item. */
export interface ItemName {
  readonly text: string;
  readonly language: string;
  readonly type: "label" | "alias";
}

interface IndexedName {
  readonly key: string;
  readonly item: WikidataItem;
  readonly name: ItemName;
}

/** A value as `haswbstatement` writes it; null for kinds it does not index. */
function statementText(value: WikidataValue): string | null {
  if (value.kind === "string") return value.text;
  return value.kind === "item" ? value.id : null;
}

function indexStatements(items: readonly WikidataItem[]): Map<string, number[]> {
  const positions = new Map<string, number[]>();
  const add = (key: string, position: number): void => {
    const known = positions.get(key);
    if (!known) positions.set(key, [position]);
    else if (known.at(-1) !== position) known.push(position);
  };
  items.forEach(({ statements }, position) => {
    for (const { property, value } of truthy(statements)) {
      const text = statementText(value);
      add(property, position);
      if (text !== null) add(`${property}=${text}`, position);
    }
  });
  return positions;
}

/** Every name of an item with its language, labels first. */
function namesOf({ labels, aliases }: WikidataItem): ItemName[] {
  const named = (type: ItemName["type"], language: string, text: string): ItemName => (
    { text, language, type }
  );
  return [
    ...Object.entries(labels).map(([language, text]) => named("label", language, text)),
    ...Object.entries(aliases).flatMap(([language, texts]) =>
      texts.map((text) => named("alias", language, text))
    ),
  ];
}

function indexNames(items: readonly WikidataItem[]): IndexedName[] {
  return items
    .flatMap((item) => namesOf(item).map((name) => ({ key: name.text.toLowerCase(), item, name })))
    .sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

/** The first place at which a name is not before `key`. */
function placeOf(names: readonly IndexedName[], key: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle]?.key ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Makes and indexes the items of a catalogue once, for any number of searches. */
export function indexWikidata(
  catalogue: Catalogue,
  options: { keys: OpenLibraryKeys; isRealistic: boolean },
): WikidataIndex {
  return indexItems(wikidataItems(catalogue, options));
}

/** Indexes some items. */
export function indexItems(items: readonly WikidataItem[]): WikidataIndex {
  return {
    items,
    itemById: new Map(items.map((item) => [item.id, item])),
    names: indexNames(items),
    words: buildSearchIndex(items.map((item) => [
      ...namesOf(item).flatMap(({ text }) => tokensOf(text)),
      ...Object.values(item.descriptions).flatMap(tokensOf),
    ])),
    positionsByStatement: indexStatements(items),
  };
}

function byFame(a: WikidataItem, b: WikidataItem): number {
  return b.sitelinks - a.sitelinks || (a.id < b.id ? -1 : 1);
}

/** An item found by the beginning of one of its names. */
export interface NameHit {
  readonly item: WikidataItem;
  readonly match: ItemName;
}

/** Items with a name in `language` (or in all languages) that begins with `search`, exact ones first. */
export function searchByName(
  { names }: WikidataIndex,
  { search, language }: { search: string; language: string },
): readonly NameHit[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return [];
  const hits = new Map<string, NameHit>();
  for (let place = placeOf(names, wanted); place < names.length; place++) {
    const found = names[place];
    if (!found?.key.startsWith(wanted)) break;
    const { item, name } = found;
    const isSpoken = name.language === language || name.language === "mul";
    // Names come in order, so the first of an item is its exact one if it has any.
    if (isSpoken && !hits.has(item.id)) hits.set(item.id, { item, match: name });
  }
  const isExact = ({ match }: NameHit): number => match.text.toLowerCase() === wanted ? 0 : 1;
  return [...hits.values()]
    .sort((a, b) => isExact(a) - isExact(b) || byFame(a.item, b.item));
}

/** A full-text query with statement conditions; each holds when one of its alternatives does. */
export interface TextQuery {
  readonly text: string;
  readonly statements: readonly {
    readonly anyOf: readonly string[];
    readonly isExcluded: boolean;
  }[];
}

const STATEMENT = /(-?)haswbstatement:("[^"]*"|\S+)/g;

/** Reads the `srsearch` parameter. */
export function parseTextQuery(srsearch: string): TextQuery {
  const statements = [...srsearch.matchAll(STATEMENT)].map(([, sign, condition = ""]) => ({
    anyOf: condition.replace(/^"|"$/g, "").split("|"),
    isExcluded: sign === "-",
  }));
  return { text: srsearch.replace(STATEMENT, " ").replace(/\s+/g, " ").trim(), statements };
}

function holdsWords(item: WikidataItem, phrases: readonly (readonly string[])[]): boolean {
  const texts = [...namesOf(item).map(({ text }) => text), ...Object.values(item.descriptions)]
    .map(tokensOf);
  return phrases.every((phrase) =>
    texts.some((tokens) =>
      tokens.some((_, start) => phrase.every((word, step) => tokens[start + step] === word))
    )
  );
}

/** Items that hold all words, all phrases and all statements, those with shorter names first. */
export function searchByText(index: WikidataIndex, query: TextQuery): readonly WikidataItem[] {
  const { items, words, positionsByStatement } = index;
  const tokens = tokensOf(query.text.replace(/\b(?:in)?label:/g, " "));
  if (tokens.length === 0 && query.statements.length === 0) return [];
  const phrases = [...query.text.matchAll(/"([^"]+)"/g)].map(([, phrase = ""]) => tokensOf(phrase));
  const withStatement = query.statements.map(({ anyOf, isExcluded }) => ({
    positions: new Set(anyOf.flatMap((text) => positionsByStatement.get(text) ?? [])),
    isExcluded,
  }));
  const first = withStatement.find(({ isExcluded }) => !isExcluded);
  const candidates = tokens.length > 0 ? documentsWithAll(words, tokens) : first?.positions ?? [];
  const lengthOf = (position: number): number => words.lengths[position] ?? 0;
  return [...candidates]
    .filter((position) =>
      withStatement.every(({ positions, isExcluded }) => positions.has(position) !== isExcluded)
    )
    .flatMap((position) => {
      const item = items[position];
      return item && holdsWords(item, phrases) ? [{ item, length: lengthOf(position) }] : [];
    })
    .sort((a, b) => a.length - b.length || byFame(a.item, b.item))
    .map(({ item }) => item);
}
