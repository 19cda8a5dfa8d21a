import { decodeHTMLStrict } from "entities";

/** Letters that Unicode does not decompose but search engines fold. */
const FOLDED_LETTERS: Readonly<Record<string, string>> = {
  æ: "ae",
  đ: "d",
  ı: "i",
  ł: "l",
  ø: "o",
  œ: "oe",
  ß: "ss",
};

/**
 * The words of a text as a search engine keeps them: as a page shows it ("&#39;" is an apostrophe),
 * without marks and apostrophes, in lower case, `&` as "and", split at everything that is neither letter
 * nor digit.
 */
export function tokensOf(text: string): string[] {
  const shown = text.includes("&") ? decodeHTMLStrict(text) : text;
  // Most titles are plain ASCII, for which the Unicode steps would only cost time.
  const folded = isAscii(shown) ? shown.toLowerCase() : foldLetters(shown);
  return folded.replace(/['’‘ʼ]/g, "").replace(/&/g, " and ").match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Whether the words of a phrase stand one behind the other. */
export function isPhraseIn(phrase: readonly string[], tokens: readonly string[]): boolean {
  return tokens.some((_, start) => phrase.every((word, step) => tokens[start + step] === word));
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) return false;
  }
  return true;
}

function foldLetters(text: string): string {
  return text
    // Otherwise "7½" would be seventy-one halves.
    .replace(/(?<=\d)(?=[¼-¾⅐-⅞])/g, " ")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[æđıłøœß]/g, (letter) => FOLDED_LETTERS[letter] ?? letter);
}

/** A token inverted index over documents numbered from 0. */
export interface SearchIndex {
  readonly size: number;
  /** Token to the ascending numbers of the documents that hold it. */
  readonly postings: ReadonlyMap<string, readonly number[]>;
  /** Tokens per document. */
  readonly lengths: readonly number[];
}

/** A document with how well it answers a query; higher is better. */
export interface Hit {
  readonly document: number;
  readonly score: number;
}

/** Indexes the given token lists; the position of a list is its document's number. */
export function buildSearchIndex(documents: readonly (readonly string[])[]): SearchIndex {
  const postings = new Map<string, number[]>();
  documents.forEach((tokens, document) => {
    for (const token of tokens) {
      const posting = postings.get(token);
      if (!posting) postings.set(token, [document]);
      else if (posting[posting.length - 1] !== document) posting.push(document);
    }
  });
  return { size: documents.length, postings, lengths: documents.map((tokens) => tokens.length) };
}

/**
 * Documents a collection is taken to have at least. In one of three books a word of theirs would weigh a
 * fifth of one that nobody has, in a real one of millions nearly as much.
 */
const LEAST_SIZE = 1_000;

/**
 * How telling a token is: the inverse document frequency of BM25 in the form Lucene uses,
 * `ln(1 + (N - n + 0.5) / (n + 0.5))`.
 */
export function tokenWeight(index: SearchIndex, token: string): number {
  const count = index.postings.get(token)?.length ?? 0;
  const size = Math.max(index.size, LEAST_SIZE);
  return Math.log(1 + (size - count + 0.5) / (count + 0.5));
}

function intersect(left: readonly number[], right: readonly number[]): number[] {
  const common: number[] = [];
  let leftPosition = 0;
  let rightPosition = 0;
  while (leftPosition < left.length && rightPosition < right.length) {
    const a = left[leftPosition] ?? Infinity;
    const b = right[rightPosition] ?? Infinity;
    if (a === b) common.push(a);
    if (a <= b) leftPosition++;
    if (b <= a) rightPosition++;
  }
  return common;
}

/** The documents that hold every token, ascending; none when a token is unknown or none is given. */
export function documentsWithAll(index: SearchIndex, tokens: readonly string[]): number[] {
  const postings = [...new Set(tokens)].map((token) => index.postings.get(token) ?? []);
  postings.sort((a, b) => a.length - b.length);
  const [rarest, ...others] = postings;
  return others.reduce<number[]>((common, posting) => intersect(common, posting), [
    ...(rarest ?? []),
  ]);
}

function isIn(sorted: readonly number[], wanted: number): boolean {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] ?? Infinity;
    if (value === wanted) return true;
    if (value < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/**
 * The documents that hold at least `minShare` (0–1) of the query's weight, with the share they hold as
 * score. A token nobody has weighs most, so one misspelt word of two is already too much.
 *
 * Rare tokens go first: once the tokens left could not lift a new document to `minShare`, only documents
 * already met are looked up, which spares the long lists of frequent words.
 */
export function documentsWithMost(
  index: SearchIndex,
  tokens: readonly string[],
  options: { minShare: number },
): Hit[] {
  const terms = [...new Set(tokens)]
    .map((token) => ({
      posting: index.postings.get(token) ?? [],
      weight: tokenWeight(index, token),
    }))
    .sort((a, b) => a.posting.length - b.posting.length);
  const total = terms.reduce((sum, { weight }) => sum + weight, 0);
  const least = options.minShare * total;
  const weights = new Map<number, number>();
  let weightLeft = total;
  for (const { posting, weight } of terms) {
    const met = weightLeft >= least
      ? posting
      : [...weights.keys()].filter((document) => isIn(posting, document));
    for (const document of met) weights.set(document, (weights.get(document) ?? 0) + weight);
    weightLeft -= weight;
  }
  return [...weights]
    .filter(([, weight]) => weight >= least)
    .map(([document, weight]) => ({ document, score: weight / total }));
}
