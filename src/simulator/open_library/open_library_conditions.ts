import type { SimulatedEdition } from "../books/catalogue.ts";
import { readIsbn } from "../books/isbn_forms.ts";
import type { LuceneNode, LuceneTerm } from "../search/lucene_query.ts";
import {
  type IndexedWork,
  intersection,
  type OpenLibraryIndex,
  union,
  worksWithText,
} from "./open_library_index.ts";
import {
  firstPublishYear,
  type KeyedEdition,
  marcLanguage,
  physicalFormat,
  publishDateText,
  publishYear,
} from "./open_library_keys.ts";
import { documentsWithAll, isPhraseIn, tokensOf } from "../search/search_index.ts";

/** Whether a work satisfies a query by way of one of its editions. */
export type Condition = (work: IndexedWork, edition: KeyedEdition) => boolean;

type TermReader = (term: LuceneTerm, index: OpenLibraryIndex) => Condition;

function wordsOf(term: LuceneTerm): readonly string[] {
  return term.kind === "words" ? tokensOf(term.text) : [];
}

/** Bounds of a number term: `2012`, `[2010 TO 2012]`, `[* TO 2012]`. */
function boundsOf(term: LuceneTerm): readonly [number, number] {
  const [from, to] = term.kind === "range" ? [term.from, term.to] : [term.text, term.text];
  return [from === "*" ? -Infinity : Number(from), to === "*" ? Infinity : Number(to)];
}

function numberCondition(
  term: LuceneTerm,
  read: (work: IndexedWork, edition: SimulatedEdition) => number | null,
): Condition {
  const [from, to] = boundsOf(term);
  return (work, { edition }) => {
    const value = read(work, edition);
    return value !== null && value >= from && value <= to;
  };
}

function sameText(
  term: LuceneTerm,
  read: (edition: SimulatedEdition) => string | null,
): Condition {
  const wanted = term.kind === "words" ? term.text.toLowerCase() : "";
  return (_, { edition }) => read(edition)?.toLowerCase() === wanted;
}

/** Whether tokens hold what a term names: its phrase, one token like its pattern, or all its words. */
function textTest(term: LuceneTerm): (tokens: readonly string[]) => boolean {
  const words = wordsOf(term);
  if (term.kind !== "words") return () => true;
  const { pattern } = term;
  if (pattern) return (tokens) => tokens.some((token) => pattern.test(token));
  return (tokens) =>
    term.isPhrase ? isPhraseIn(words, tokens) : words.every((word) => tokens.includes(word));
}

/** In a query, `title` is rewritten to the alternative titles, which must be those of the edition. */
const readTitle: TermReader = (term, index) => {
  const test = textTest(term);
  return (_, { edition }) => test(index.titleTokensOf(edition));
};

/** The work's own title and the edition's, both without subtitle: what the parameter `title` asks for. */
const readWorkTitle: TermReader = (term, index) => {
  const test = textTest(term);
  return ({ keyed }, { edition }) =>
    test(index.tokensOfText(keyed.work.title)) && test(index.tokensOfText(edition.title));
};

const readAuthor: TermReader = (term) => {
  const test = textTest(term);
  return (work) => test(work.authorTokens);
};

const readOtherName: TermReader = (term) => {
  const test = textTest(term);
  return (work) => test(work.otherNameTokens);
};

/** The fields of Open Library's search; those about an edition bind to one and the same edition. */
const FIELDS: Readonly<Record<string, TermReader>> = {
  title: readTitle,
  alternative_title: readTitle,
  work_title: readWorkTitle,
  author: readAuthor,
  author_name: readAuthor,
  author_alternative_name: readOtherName,
  author_key: (term) => (work) =>
    term.kind === "words" && work.keyed.authorKeys.includes(term.text),
  key: (term) => (work) => term.kind === "words" && `/works/${work.keyed.key}` === term.text,
  first_publish_year: (term) => numberCondition(term, (work) => firstPublishYear(work.keyed.work)),
  publish_year: (term) => numberCondition(term, (_, edition) => publishYear(edition)),
  publish_date: (term) => sameText(term, publishDateText),
  publisher: (term) => {
    const words = wordsOf(term);
    return (_, { edition }) => {
      const tokens = tokensOf(edition.publisher ?? "");
      return words.every((word) => tokens.includes(word));
    };
  },
  language: (term) => sameText(term, (edition) => marcLanguage(edition.language)),
  format: (term) => sameText(term, (edition) => physicalFormat(edition.format)),
  isbn: (term) => {
    const isbn13 = term.kind === "words" ? readIsbn(term.text) : null;
    return (_, { edition }) => edition.isbn13 === isbn13;
  },
  edition_key: (term) => (_, { key }) => term.kind === "words" && term.text === key,
};

function fieldName(term: LuceneTerm): string | null {
  return term.field?.replace(/^edition\./, "") ?? null;
}

/** A colon after a word that is no field is part of the text, as Open Library's parser has it. */
function freeWords(term: LuceneTerm): readonly string[] {
  return [...tokensOf(term.field ?? ""), ...wordsOf(term)];
}

/** The test a query puts to each edition of a work. */
export function conditionOf(node: LuceneNode, index: OpenLibraryIndex): Condition {
  if (node.kind === "and" || node.kind === "or") {
    const conditions = node.nodes.map((child) => conditionOf(child, index));
    return node.kind === "and"
      ? (work, edition) => conditions.every((condition) => condition(work, edition))
      : (work, edition) => conditions.some((condition) => condition(work, edition));
  }
  if (node.kind === "not") {
    const condition = conditionOf(node.node, index);
    return (work, edition) => !condition(work, edition);
  }
  const read = FIELDS[fieldName(node) ?? ""];
  if (read) return read(node, index);
  const words = freeWords(node);
  const pattern = node.kind === "words" ? node.pattern : undefined;
  return ({ titleTokens, authorTokens }) =>
    pattern
      ? [...titleTokens, ...authorTokens].some((token) => pattern.test(token))
      : words.every((word) => titleTokens.includes(word) || authorTokens.includes(word));
}

function candidatesOfTerm(term: LuceneTerm, index: OpenLibraryIndex): number[] | null {
  const field = fieldName(term);
  if (term.kind === "words" && term.pattern) return null;
  if (field === "title" || field === "alternative_title" || field === "work_title") {
    return documentsWithAll(index.titles, wordsOf(term));
  }
  if (field === "author" || field === "author_name") {
    return documentsWithAll(index.authors, wordsOf(term));
  }
  if (field === "author_alternative_name") {
    return documentsWithAll(index.otherNames, wordsOf(term));
  }
  if (field === "isbn") {
    const isbn13 = term.kind === "words" ? readIsbn(term.text) : null;
    const place = isbn13 === null ? undefined : index.isbns.get(isbn13);
    return place ? [place.work] : [];
  }
  return field !== null && field in FIELDS ? null : worksWithText(index, freeWords(term));
}

const TEXT_FIELDS: readonly (string | null)[] = [
  null,
  "title",
  "work_title",
  "author",
  "author_name",
  "author_alternative_name",
];

/** Words of one field as a single term: looked up together, the rarest keeps the frequent ones cheap. */
function gatherWords(nodes: readonly LuceneNode[]): LuceneNode[] {
  const textsByField = new Map<string | null, string[]>();
  const others: LuceneNode[] = [];
  for (const node of nodes) {
    if (node.kind !== "words" || node.pattern || !TEXT_FIELDS.includes(node.field)) {
      others.push(node);
      continue;
    }
    textsByField.set(node.field, [...textsByField.get(node.field) ?? [], node.text]);
  }
  const gathered = [...textsByField].map(([field, texts]): LuceneNode => (
    { kind: "words", field, text: texts.join(" "), isPhrase: false }
  ));
  return [...gathered, ...others];
}

/** Works worth testing, ascending, or null when the words don't narrow them down. */
export function candidatesOf(node: LuceneNode, index: OpenLibraryIndex): number[] | null {
  if (node.kind === "words" || node.kind === "range") return candidatesOfTerm(node, index);
  if (node.kind === "not") return null;
  const children = node.kind === "and" ? gatherWords(node.nodes) : node.nodes;
  const parts = children.map((child) => candidatesOf(child, index));
  const narrowing = parts.filter((part) => part !== null);
  if (node.kind === "and") return narrowing.length === 0 ? null : intersection(narrowing);
  return narrowing.length < parts.length ? null : union(narrowing);
}
