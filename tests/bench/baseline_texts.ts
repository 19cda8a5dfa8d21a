/** Lower case without accents, letters and digits of every script, one space between words. */
export function plainText(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** Insertions, deletions and substitutions between two texts (Levenshtein, two rows). */
export function levenshteinDistance(a: string, b: string): number {
  if (a === b) return 0;
  let previous = Uint16Array.from({ length: b.length + 1 }, (_, index) => index);
  let current = new Uint16Array(b.length + 1);
  for (let row = 1; row <= a.length; row++) {
    current[0] = row;
    const letter = a.charCodeAt(row - 1);
    for (let column = 1; column <= b.length; column++) {
      const substituted = previous[column - 1]! + (letter === b.charCodeAt(column - 1) ? 0 : 1);
      current[column] = Math.min(previous[column]! + 1, current[column - 1]! + 1, substituted);
    }
    [previous, current] = [current, previous];
  }
  return previous[b.length]!;
}

/** 1 for equal texts, 0 for texts with nothing in common: one less the distance by the longer text. */
export function levenshteinRatio(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  return length === 0 ? 1 : 1 - levenshteinDistance(a, b) / length;
}

/** Letters of a title that Open Library compares as its short form. */
const SHORT_TITLE_LENGTH = 25;
/** Titles below this length must be the same to count at all. */
const MIN_TITLE_LENGTH = 9;

/** Open Library's normalised title: no bracket at the end, no article at the start. */
function importerTitle(title: string): string {
  return title.normalize("NFC").replace(/&/g, " and ").replace(/\s*\([^)]*\)\s*$/, "")
    .toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim().replace(/^(?:the|a) (?=.)/, "");
}

/** The share of the words of the shorter list that the other has, and whether in the same order. */
function keywordOverlap(a: readonly string[], b: readonly string[]) {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const shared = short.filter((word) => long.includes(word));
  const order = long.filter((word) => shared.includes(word));
  return {
    share: short.length === 0 ? 0 : shared.length / long.length,
    isInOrder: shared.join(" ") === order.join(" "),
  };
}

/**
 * Open Library's points for two titles: 450 for the same short title, and 600 for
 * the same title, 350 for one inside the other, up to 450 (and 50 in order) by words in common, −600
 * for none.
 */
export function importerTitlePoints(asked: string, given: string): number {
  const [a, b] = [importerTitle(asked), importerTitle(given)];
  const short = a.slice(0, SHORT_TITLE_LENGTH) === b.slice(0, SHORT_TITLE_LENGTH) ? 450 : 0;
  if (a === b) return short + 600;
  if (Math.min(a.length, b.length) < MIN_TITLE_LENGTH) return short - 600;
  if (a.includes(b) || b.includes(a)) return short + 350;
  const { share, isInOrder } = keywordOverlap(a.split(" "), b.split(" "));
  if (share === 0) return short - 600;
  return short + Math.round(450 * share) + (isInOrder ? 50 : 0);
}

/**
 * Open Library's points for the authors: 125 when a name is the same, 80 times
 * the share of words in common when more than half are (and 10 in order), −25 when one side names
 * nobody, −200 for other people.
 */
export function importerAuthorPoints(asked: string, given: readonly string[]): number {
  if (asked.trim() === "" && given.length === 0) return 75;
  if (asked.trim() === "" || given.length === 0) return -25;
  const wanted = plainText(asked);
  const points = given.map((name) => {
    const found = plainText(name);
    if (found === wanted) return 125;
    const { share, isInOrder } = keywordOverlap(wanted.split(" "), found.split(" "));
    return share > 0.5 ? Math.round(80 * share) + (isInOrder ? 10 : 0) : -200;
  });
  return Math.max(...points);
}

/**
 * The forms Readarr tries of a title: whole, before ":" or "(", without series
 * and number, without "Author: " in front.
 */
export function titleVariants(
  { title, author }: { readonly title: string; readonly author: string },
): string[] {
  const prefix = `${author.toLowerCase()}: `;
  const bare = title.toLowerCase().startsWith(prefix) ? title.slice(prefix.length) : title;
  const main = cutSubtitle(bare);
  const unnumbered = bare.replace(/[\s,]*(?:#|vol(?:ume)?\.?|book)?\s*\d+\s*$/iu, "");
  const unbracketed = bare.replace(/\([^)]*\)/g, " ");
  return distinct([title, bare, main, unnumbered, unbracketed].map(plainText));
}

/** The names in a credit, as written and turned round at the comma. */
export function authorVariants(credit: string): string[] {
  const names = credit.split(/\s*(?:;|\/|&|\band\b)\s*/iu);
  const flipped = names.map((name) => name.split(",").map((part) => part.trim()).reverse());
  return distinct([...names, ...flipped.map((parts) => parts.join(" "))].map(plainText));
}

/** 1 less the best Levenshtein ratio between any two variants; 1 when a side has none. */
export function lowestDistance(a: readonly string[], b: readonly string[]): number {
  const ratios = a.flatMap((left) => b.map((right) => levenshteinRatio(left, right)));
  return 1 - Math.max(0, ...ratios);
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== "");
}

/** A title up to the first bracket, colon, slash, semicolon or backslash. */
export function cutSubtitle(title: string): string {
  const [main = ""] = title.split(/[([{:/;\\]/);
  return main.trim() === "" ? title : main;
}

const EDITION_BRACKET =
  /[([{][^)\]}]*\b(?:hardcover|paperback|omnibus|edition|anthology|\d{4})\b[^)\]}]*[)\]}]/giu;
const JOINERS = new Set(["a", "and", "the"]);
const PARTICLES = new Set(["von", "van"]);
const MIN_TOKEN_LENGTH = 3;

/** The words calibre wants to see again in a result: of the title and the first author. */
export function calibreTokens(title: string, author: string): string[] {
  const titleWords = plainText(title.replace(EDITION_BRACKET, " ")).split(" ");
  const [first = ""] = author.split(/\s*(?:;|&|\band\b)\s*/iu);
  const authorWords = plainText(first.split(",").reverse().join(" ")).split(" ");
  return [
    ...titleWords.filter((word) => !JOINERS.has(word)),
    ...authorWords.filter((word) => !PARTICLES.has(word)),
  ].filter((word) => word.length >= MIN_TOKEN_LENGTH);
}

/** Whether every word occurs in a text; false when there is no word to look for. */
export function containsAll(text: string, words: readonly string[]): boolean {
  const found = new Set(plainText(text).split(" "));
  return words.length > 0 && words.every((word) => found.has(word));
}
