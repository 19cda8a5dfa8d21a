import { editDistance } from "./edit_distance.ts";
import type { TitleParts } from "./normalise_title.ts";

/**
 * How two titles agree. `full`: everything said is the same. `main`: the same up to a subtitle that
 * only one side has. `segment`: one side carries a series name in front. `near`: the same but for a
 * slip of the keys. `partial`: words in common, not enough. `conflict`: a number or subtitle says
 * these are different books, whatever else agrees.
 */
export type TitleAgreement = "full" | "main" | "segment" | "near" | "partial" | "conflict";

export interface TitleMatch {
  /** 0–1; at least {@linkcode SAME_TITLE} when the titles may name one work. */
  readonly score: number;
  readonly agreement: TitleAgreement;
  /** For `conflict`: what differs. */
  readonly reason: string | null;
}

/** From here on two titles are taken for titles of one work. */
export const SAME_TITLE = 0.85;

const FULL: TitleMatch = { score: 1, agreement: "full", reason: null };
const MAIN: TitleMatch = { score: 0.97, agreement: "main", reason: null };
const SEGMENT: TitleMatch = { score: 0.95, agreement: "segment", reason: null };

function conflict(reason: string): TitleMatch {
  return { score: 0.5, agreement: "conflict", reason };
}

const FILLERS = new Set(["the", "a", "an", "and"]);

function contentWords(text: string): string[] {
  return text.split(" ").filter((word) => !FILLERS.has(word));
}

function compact(text: string): string {
  return text.replaceAll(" ", "");
}

/** Equal but for spacing ("D. N. Angel", "DN Angel"), articles inside and a missing "and". */
function isSameText(a: string, b: string): boolean {
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

function numbersIn(text: string): string[] {
  return text.split(" ").filter((word) => /\d/.test(word)).sort();
}

/** Numbers on each side that have no partner on the other. */
function unpairedNumbers(a: string, b: string): { left: string[]; right: string[] } {
  const right = numbersIn(b);
  const left = numbersIn(a).filter((number) => {
    const index = right.indexOf(number);
    if (index === -1) return true;
    right.splice(index, 1);
    return false;
  });
  return { left, right };
}

/**
 * A slip of the keys: one edit from five letters on, two from seven, three from 24. Numbers must
 * agree. Single letters must too: they tell the volumes of an alphabet series apart.
 */
function nearScore(query: string, candidate: string): number {
  const length = Math.min(compact(query).length, compact(candidate).length);
  const limit = length < 5 ? 0 : length < 7 ? 1 : length < 24 ? 2 : 3;
  if (limit === 0) return 0;
  const distance = Math.min(
    editDistance(query, candidate, limit),
    editDistance(compact(query), compact(candidate), limit),
  );
  if (distance > limit) return 0;
  const { left, right } = unpairedNumbers(query, candidate);
  if (left.length > 0 || right.length > 0) return 0;
  if (differsInInitialLetter(query, candidate)) return 0;
  return 0.98 - 0.6 * (distance / length);
}

function differsInInitialLetter(a: string, b: string): boolean {
  const [left] = a.split(" ");
  const [right] = b.split(" ");
  return left !== right && left?.length === 1 && right?.length === 1;
}

function wordOverlap(a: string, b: string): number {
  const left = new Set(contentWords(a));
  const right = new Set(contentWords(b));
  if (left.size === 0 || right.size === 0) return 0;
  const shared = [...left].filter((word) => right.has(word)).length;
  return (2 * shared) / (left.size + right.size);
}

/** Two subtitles of one main title: cut short, reworded, misspelt, or naming another part. */
function compareSubtitles(query: string, candidate: string): TitleMatch {
  const isCut = `${query} `.startsWith(`${candidate} `) || `${candidate} `.startsWith(`${query} `);
  const { left, right } = unpairedNumbers(query, candidate);
  if (left.length > 0 && right.length > 0) return conflict("another number in the subtitle");
  if (isCut || isSameText(query, candidate) || nearScore(query, candidate) > 0) return MAIN;
  const overlap = wordOverlap(query, candidate);
  if (overlap >= 0.6) return { ...MAIN, score: 0.94 };
  return conflict("another subtitle");
}

function seriesNumbers(parts: TitleParts): string[] {
  return parts.series.flatMap((mark) => mark.numbers);
}

/** Whether the main title is only the name of the series, so that the number alone tells parts apart. */
function isNamedAfterSeries(parts: TitleParts): boolean {
  const bare = parts.main.replace(/ \d+$/, "");
  return parts.series.some((mark) => mark.name !== "" && isSameText(mark.name, bare));
}

/** What the places in a series say when the main titles agree; null when they have no objection. */
function seriesObjection(query: TitleParts, candidate: TitleParts): TitleMatch | null {
  if (query.subtitle !== null && candidate.subtitle !== null) return null;
  const asked = seriesNumbers(query);
  const given = seriesNumbers(candidate);
  const isSeriesName = isNamedAfterSeries(query) || isNamedAfterSeries(candidate);
  if (!isSeriesName) return null;
  if (asked.length === 0 && candidate.series.some((mark) => mark.isRange)) {
    return conflict("a set of several volumes");
  }
  if (asked.length > 0 && given.length > 0) {
    return asked.some((number) => given.includes(number)) ? null : conflict("another volume");
  }
  const written = query.volume?.number;
  if (given.length === 0 || given.includes(written ?? "1")) return null;
  return numbersIn(query.main).some((number) => given.includes(number))
    ? null
    : conflict("another volume");
}

/** Main titles that differ only by a number at the end of one of them. */
function compareNumbered(query: TitleParts, candidate: TitleParts): TitleMatch | null {
  const { left, right } = unpairedNumbers(query.main, candidate.main);
  if (left.length + right.length !== 1) return null;
  const [numbered, plain] = left.length === 1 ? [query, candidate] : [candidate, query];
  const number = left[0] ?? right[0]!;
  if (!numbered.main.endsWith(` ${number}`)) return null;
  if (!isSameText(numbered.main.slice(0, -number.length - 1), plain.main)) return null;
  if (seriesNumbers(plain).includes(number)) return MAIN;
  if (number === "1" && seriesNumbers(plain).length === 0) {
    return { score: 0.8, agreement: "partial", reason: null };
  }
  return conflict("another volume");
}

/** A part of one title that is the whole of the other, as in "Alex Rider: Stormbreaker". */
function compareSegments(query: TitleParts, candidate: TitleParts): TitleMatch | null {
  for (const [long, short] of [[query, candidate], [candidate, query]] as const) {
    if (short.subtitle !== null) continue;
    const inSeries = short.series.some((mark) =>
      isSameText(long.full, `${mark.name} ${short.main}`) ||
      isSameText(long.full, `${short.main} ${mark.name}`)
    );
    if (inSeries) return MAIN;
    if (long.subtitle === null || !isSameText(long.subtitle, short.main)) continue;
    if (contentWordCount(short.main) >= 2) return SEGMENT;
    return { score: 0.8, agreement: "partial", reason: null };
  }
  return null;
}

/** A separator lost on one side: its words run on past the other's main title. */
function isRunOn(query: TitleParts, candidate: TitleParts): boolean {
  return [[query, candidate], [candidate, query]].some(([flat, split]) =>
    flat!.subtitle === null && split!.subtitle !== null &&
    contentWordCount(flat!.main) >= 3 && flat!.main.length > split!.main.length &&
    split!.full.startsWith(`${flat!.main} `)
  );
}

function compareSpelling(query: TitleParts, candidate: TitleParts): number {
  const pairs: [string, string][] = [[query.spelling.full, candidate.spelling.full]];
  if (query.subtitle === null || candidate.subtitle === null) {
    pairs.push([query.spelling.main, candidate.spelling.main]);
  }
  if (unpairedWordNumbers(query, candidate)) return 0;
  return Math.max(...pairs.map(([left, right]) => nearScore(left, right)));
}

/** "Fifth" against "Sixth" is another book; "Fifth" against "Fifht" is a slip. */
function unpairedWordNumbers(query: TitleParts, candidate: TitleParts): boolean {
  const { left, right } = unpairedNumbers(query.main, candidate.main);
  return left.length > 0 && right.length > 0;
}

/**
 * Compares the title asked for with the title on a record. Symmetric, apart from which side is
 * called what. The scale follows providers.md §12.3: 1 for the same full title, 0.97 for the same
 * main title, less the further a reader would have to stretch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTitle } from "./normalise_title.ts";
 * const asked = parseTitle("Alex Rider: Stormbreaker");
 * const match = compareTitles(asked, parseTitle("Stormbreaker (Alex Rider, #1)"));
 * assertEquals(match, { score: 0.97, agreement: "main", reason: null });
 * ```
 */
export function compareTitles(query: TitleParts, candidate: TitleParts): TitleMatch {
  if (isSameText(query.full, candidate.full)) return seriesObjection(query, candidate) ?? FULL;
  if (isSameText(query.main, candidate.main)) {
    if (query.subtitle !== null && candidate.subtitle !== null) {
      return compareSubtitles(query.subtitle, candidate.subtitle);
    }
    return seriesObjection(query, candidate) ?? MAIN;
  }
  const numbered = compareNumbered(query, candidate);
  if (numbered) return numbered;
  const segment = compareSegments(query, candidate);
  if (segment) return segment;
  if (isRunOn(query, candidate)) return SEGMENT;
  const near = compareSpelling(query, candidate);
  if (near > 0) return { score: near, agreement: "near", reason: null };
  const { left, right } = unpairedNumbers(query.full, candidate.full);
  const overlap = wordOverlap(query.full, candidate.full);
  if (left.length > 0 && right.length > 0 && overlap > 0.5) return conflict("another number");
  return { score: Math.min(0.75, 0.75 * overlap), agreement: "partial", reason: null };
}
