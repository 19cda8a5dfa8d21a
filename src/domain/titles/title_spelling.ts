import { editDistance } from "../text/edit_distance.ts";
import { isKeySlip } from "../text/key_slip.ts";
import { isNumberWord, romanValue } from "../text/number_words.ts";

const FILLERS = new Set(["the", "a", "an", "and"]);

/** The words of a folded text without English articles and "and". */
export function contentWords(text: string): string[] {
  return text.split(" ").filter((word) => !FILLERS.has(word));
}

/** A folded text without its spaces. */
export function compact(text: string): string {
  return text.replaceAll(" ", "");
}

/** Equal but for spacing ("D. N. Angel", "DN Angel"), articles inside and a missing "and". */
export function isSameText(a: string, b: string): boolean {
  if (a === "" || b === "") return false;
  if (a === b || compact(a) === compact(b)) return true;
  const left = contentWords(a).join("");
  return left !== "" && left === contentWords(b).join("");
}

/**
 * How much a text identifies: its content words, where a script that puts no spaces between words
 * counts two letters as one word.
 */
export function contentWordCount(text: string): number {
  return contentWords(text).reduce((count, word) => {
    const isUnspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
      .test(word);
    return count + (isUnspaced ? Math.max(1, Math.floor([...word].length / 2)) : 1);
  }, 0);
}

/** The words that contain a digit, sorted. */
function numbersIn(text: string): string[] {
  return text.split(" ").filter((word) => /\d/.test(word)).sort();
}

/** Numbers on each side that have no partner on the other. */
export function unpairedNumbers(a: string, b: string): { left: string[]; right: string[] } {
  const right = numbersIn(b);
  const left = numbersIn(a).filter((number) => {
    const index = right.indexOf(number);
    if (index === -1) return true;
    right.splice(index, 1);
    return false;
  });
  return { left, right };
}

/** The share of content words two texts have in common, 0–1 (Dice coefficient). */
export function wordOverlap(a: string, b: string): number {
  const left = new Set(contentWords(a));
  const right = new Set(contentWords(b));
  if (left.size === 0 || right.size === 0) return 0;
  const shared = [...left].filter((word) => right.has(word)).length;
  return (2 * shared) / (left.size + right.size);
}

/** Distance allowed between spellings of this many letters; 0 below five. */
function slipLimit(length: number): number {
  return length < 5 ? 0 : length < 7 ? 1 : length < 24 ? 2 : 3;
}

/**
 * A slip of the keys: one edit from five letters on, two from seven, three from 24. Number words must
 * agree: "Fifth" against "Sixth" is another book, "Fifth" against "Fifht" a slip. The score falls with
 * the share of letters changed; 0 when this is no slip.
 */
export function nearScore(query: string, candidate: string): number {
  const length = Math.max(compact(bare(query)).length, compact(bare(candidate)).length);
  const limit = slipLimit(length);
  if (limit === 0) return 0;
  const distance = Math.min(
    editDistance(query, candidate, limit),
    editDistance(compact(query), compact(candidate), limit),
    editDistance(bare(query), bare(candidate), limit),
  );
  if (distance > limit || hasOtherNumbers(query, candidate)) return 0;
  return hasOtherWord(query, candidate) ? 0 : 0.99 - 0.35 * (distance / length);
}

/** Whether every word that differs is one of the other side with letters swapped or struck twice. */
export function areKeySlips(query: string, candidate: string): boolean {
  const [left, right] = [query.split(" "), candidate.split(" ")];
  return left.length === right.length &&
    left.every((word, index) => word === right[index] || isKeySlip(word, right[index]!));
}

function bare(spelling: string): string {
  return spelling.replace(/^(?:the|an?) (?=.)/, "");
}

/**
 * A word of up to six letters with two of them changed is another word: "My Soul to Take" is not "My
 * Soul to Save". A single letter is never a slip for another: it tells the volumes of an alphabet
 * series apart. Where the words don't pair up, only a lost or added space explains it.
 */
function hasOtherWord(query: string, candidate: string): boolean {
  // With its article when only that pairs the words up: "Teh Night Strangers".
  const [left, right] = [[bare(query), bare(candidate)], [query, candidate]]
    .map(([a, b]) => [a!.split(" "), b!.split(" ")] as const)
    .find(([a, b]) => a.length === b.length) ?? [];
  if (!left || !right) return editDistance(compact(query), compact(candidate), 1) > 1;
  return left.some((word, index) => {
    const other = right[index]!;
    if (word.length === 1 && other.length === 1) return word !== other;
    const limit = Math.max(word.length, other.length) <= 6 ? 1 : 2;
    return editDistance(word, other, limit) > limit;
  });
}

function hasOtherNumbers(query: string, candidate: string): boolean {
  const words = candidate.split(" ").filter(isNumeric);
  const unpaired = query.split(" ").filter(isNumeric).filter((word) => {
    const index = words.indexOf(word);
    if (index !== -1) words.splice(index, 1);
    return index === -1;
  });
  const isDigit = (word: string) => /\d/.test(word);
  return (unpaired.length > 0 && words.length > 0) || [...unpaired, ...words].some(isDigit);
}

function isNumeric(word: string): boolean {
  return isNumberWord(word) || romanValue(word) !== null;
}
