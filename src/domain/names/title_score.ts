import { romanised } from "../text/native_script.ts";
import type { TitleParts } from "./normalise_title.ts";
import {
  hasOtherPlace,
  hasOtherSeriesPlace,
  isNamedAfterSeries,
  isSet,
  numberedPlaces,
  placesIn,
  seriesNumbers,
} from "./title_place.ts";
import {
  contentWordCount,
  isSameText,
  nearScore,
  unpairedNumbers,
  wordOverlap,
} from "./title_spelling.ts";

/**
 * How two titles agree. `full`: everything said is the same. `main`: the same up to a subtitle that
 * only one side has. `stem`: the record bears no more than what stands before the subtitle asked for, which
 * may be the name of a series. `segment`: one side carries a series name in front. `near`: the same but for a
 * slip of the keys. `partial`: words in common, not enough. `conflict`: a number or subtitle says
 * these are different books, whatever else agrees.
 */
export type TitleAgreement =
  | "full"
  | "main"
  | "stem"
  | "segment"
  | "near"
  | "partial"
  | "conflict";

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
const STEM: TitleMatch = { score: 0.96, agreement: "stem", reason: null };
const SEGMENT: TitleMatch = { score: 0.95, agreement: "segment", reason: null };
const ROMANISED: TitleMatch = { score: 0.95, agreement: "full", reason: null };
const REWORDED: TitleMatch = { score: 0.94, agreement: "main", reason: null };
const LOOSELY_REWORDED: TitleMatch = { score: 0.87, agreement: "main", reason: null };
const SERIES_NAME: TitleMatch = { score: 0.88, agreement: "partial", reason: null };
const WHOLE_SERIES: TitleMatch = { score: 0.9, agreement: "partial", reason: null };
const WITHOUT_SERIES: TitleMatch = { score: 0.8, agreement: "partial", reason: null };

function conflict(reason: string): TitleMatch {
  return { score: 0.5, agreement: "conflict", reason };
}

/** Two subtitles of one main title: cut short, reworded, misspelt, or naming another part. */
function compareSubtitles(query: string, candidate: string): TitleMatch {
  const isCut = `${query} `.startsWith(`${candidate} `) || `${candidate} `.startsWith(`${query} `);
  const { left, right } = unpairedNumbers(query, candidate);
  if (left.length > 0 && right.length > 0) return conflict("another number in the subtitle");
  if (isCut || isSameText(query, candidate) || nearScore(query, candidate) > 0) return MAIN;
  const overlap = wordOverlap(query, candidate);
  if (overlap >= 0.75) return REWORDED;
  // One word changed of two is another part ("Fall 1152", "Winter 1152"); of more, another wording.
  const isLong = Math.min(contentWordCount(query), contentWordCount(candidate)) >= 3;
  return overlap >= 0.5 && isLong ? LOOSELY_REWORDED : conflict("another subtitle");
}

/** Explicit volume numbers and sets on both sides must be the same ones. */
function volumeObjection(query: TitleParts, candidate: TitleParts): TitleMatch | null {
  if (hasOtherPlace(query.volumes, candidate.volumes)) return conflict("another volume");
  if (!isSet(query) || !isSet(candidate)) return null;
  const isSameSet = seriesNumbers(query).join() === seriesNumbers(candidate).join();
  return isSameSet ? null : conflict("another set");
}

/** Both have a subtitle behind the same main title. */
function compareWithSubtitles(query: TitleParts, candidate: TitleParts): TitleMatch {
  const match = compareSubtitles(query.subtitle ?? "", candidate.subtitle ?? "");
  if (match.agreement === "conflict") return match;
  if (match.score < MAIN.score && hasOtherSeriesPlace(query, candidate)) {
    return conflict("another volume");
  }
  const [asked, given] = [new Set(query.volumes), new Set(candidate.volumes)];
  if (asked.size === given.size) return match;
  const [number] = [...asked, ...given];
  return number === "1" ? WITHOUT_SERIES : conflict("another volume");
}

/** Main titles are the same; subtitles and places in the series decide. */
function compareWithinMain(query: TitleParts, candidate: TitleParts): TitleMatch {
  if (query.subtitle !== null && candidate.subtitle !== null) {
    return compareWithSubtitles(query, candidate);
  }
  if (query.subtitle === null && candidate.subtitle === null) {
    return seriesObjection(query, candidate) ?? MAIN;
  }
  const isOtherPart = hasOtherSeriesPlace(query, candidate) ||
    hasOtherPlace(numberedPlaces(query), numberedPlaces(candidate));
  if (isOtherPart) return conflict("another volume");
  const objection = compareWithSeriesName(query, candidate) ?? seriesObjection(query, candidate);
  if (objection) return objection;
  if (query.subtitle === null || isSurelySubtitle(query)) return MAIN;
  // One word is little to go by when the rest of what was asked for is not on the record.
  return contentWordCount(query.main) < 2 ? { ...STEM, score: 0.9 } : STEM;
}

/** Content words from which what stands behind a colon explains a title and is none itself. */
const EXPLAINING_WORDS = 4;

/**
 * Whether the title stands in front of the colon and not behind it: a place in a series is on either side
 * ("61 Hours: Jack Reacher, Book 14"), or what follows is as long as only subtitles are.
 */
function isSurelySubtitle(query: TitleParts): boolean {
  return query.volumes.length > 0 || / \d+$/.test(query.main) ||
    contentWordCount(query.subtitle ?? "") >= EXPLAINING_WORDS;
}

/**
 * A bare series name against that name and a title: "The Hunger Games: Catching Fire" is not the book called
 * "The Hunger Games (The Hunger Games, #1)", unless both are the same part.
 */
function compareWithSeriesName(query: TitleParts, candidate: TitleParts): TitleMatch | null {
  const [bare, named] = query.subtitle === null ? [query, candidate] : [candidate, query];
  if (!isNamedAfterSeries(bare)) return null;
  const isSamePart = placesIn(named).some((place) => placesIn(bare).includes(place));
  if (isSamePart && !isSet(bare)) return null;
  return conflict("the series or its first part, not the part asked for");
}

/** What the places in a series say when the main titles agree; null when they have no objection. */
function seriesObjection(query: TitleParts, candidate: TitleParts): TitleMatch | null {
  if (query.subtitle !== null && candidate.subtitle !== null) return null;
  if (!isNamedAfterSeries(query) && !isNamedAfterSeries(candidate)) return null;
  const asked = placesIn(query);
  const given = placesIn(candidate);
  if (asked.length > 0 && given.length > 0) {
    const isOther = isSet(query) !== isSet(candidate) || hasOtherPlace(asked, given);
    return isOther ? conflict("another volume") : null;
  }
  // A bare series name is its first part, all of it in one book, or the part it was named after;
  // the last two need the year or a second provider to be believed.
  if (isSet(query) || isSet(candidate)) return WHOLE_SERIES;
  return [...asked, ...given].every((place) => place === "1") ? null : SERIES_NAME;
}

/** Main titles that differ only by a number at the end of one of them. */
function compareNumbered(query: TitleParts, candidate: TitleParts): TitleMatch | null {
  const { left, right } = unpairedNumbers(query.main, candidate.main);
  if (left.length + right.length !== 1) return null;
  const [numbered, plain] = left.length === 1 ? [query, candidate] : [candidate, query];
  const number = left[0] ?? right[0]!;
  if (!numbered.main.endsWith(` ${number}`)) return null;
  if (!isSameText(numbered.main.slice(0, -number.length - 1), plain.main)) return null;
  // "Part 1" of a novel is a piece of it, even when the novel is the first of its series.
  const isPiece = numbered.volumeKind === "part" && !isNamedAfterSeries(plain);
  if (seriesNumbers(plain).includes(number) && !isSet(plain) && !isPiece) return MAIN;
  const isFirst = number === "1" && (isPiece || seriesNumbers(plain).length === 0);
  return isFirst ? WITHOUT_SERIES : conflict("another volume");
}

/** A part of one title that is the whole of the other, as in "Alex Rider: Stormbreaker". */
function compareSegments(query: TitleParts, candidate: TitleParts): TitleMatch | null {
  for (const [long, short] of [[query, candidate], [candidate, query]] as const) {
    if (short.subtitle !== null || long.subtitle === null) continue;
    const prefix = long.main.replace(/ \d+$/, "");
    // An article is only known in front: the "die" of "Die Again" is none.
    const hasArticle = short.spelling.main.endsWith(` ${short.main}`);
    const isPrefixed = isSameText(long.subtitle, short.main) ||
      hasArticle && isSameText(long.subtitle, short.spelling.main);
    const isSuffixed = isSameText(long.main, short.main);
    const inSeries = short.series.some(({ name }) =>
      name !== "" && (isPrefixed ? isSameText(name, prefix) : isSuffixed && name === long.subtitle)
    );
    if (inSeries) return MAIN;
    if (!isPrefixed) continue;
    if (contentWordCount(long.subtitle) >= 2) return SEGMENT;
    return prefix === long.main ? WITHOUT_SERIES : { ...SEGMENT, score: 0.9 };
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

/** One title in Cyrillic or Greek letters, the other in Latin ones. */
function isSameRomanised(query: TitleParts, candidate: TitleParts): boolean {
  const [left, right] = [romanised(query.full), romanised(candidate.full)];
  if ((left === null) === (right === null)) return false;
  return isSameText(left ?? query.full, right ?? candidate.full);
}

function compareSpelling(query: TitleParts, candidate: TitleParts): number {
  if (hasOtherPlace(placesIn(query), placesIn(candidate))) return 0;
  const pairs: [string, string][] = [[query.spelling.full, candidate.spelling.full]];
  const isOneSided = query.subtitle === null || candidate.subtitle === null;
  // One misspelt word with a subtitle nobody asked for is too little.
  if (isOneSided && contentWordCount(query.main) >= 2) {
    pairs.push([query.spelling.main, candidate.spelling.main]);
  }
  return Math.max(...pairs.map(([left, right]) => nearScore(left, right)));
}

/**
 * Compares the title asked for with the title on a record. Not quite symmetric: a subtitle
 * that was asked for and is missing weighs more than one that was not asked for. 1 for the same full
 * title, 0.97 for the same main title, less the further a reader would have to stretch.
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
  const volumes = volumeObjection(query, candidate);
  if (volumes) return volumes;
  if (isSameText(query.full, candidate.full)) return seriesObjection(query, candidate) ?? FULL;
  if (isSameText(query.main, candidate.main)) return compareWithinMain(query, candidate);
  const numbered = compareNumbered(query, candidate);
  if (numbered) return numbered;
  const segment = compareSegments(query, candidate);
  if (segment) return segment;
  if (isRunOn(query, candidate)) return SEGMENT;
  if (isSameRomanised(query, candidate)) return ROMANISED;
  const near = compareSpelling(query, candidate);
  if (near > 0) return { score: near, agreement: "near", reason: null };
  const { left, right } = unpairedNumbers(query.full, candidate.full);
  const overlap = wordOverlap(query.full, candidate.full);
  if (left.length > 0 && right.length > 0 && overlap > 0.5) return conflict("another number");
  return { score: Math.min(0.75, 0.75 * overlap), agreement: "partial", reason: null };
}
