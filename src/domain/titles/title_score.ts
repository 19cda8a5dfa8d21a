import { romanised } from "../text/native_script.ts";
import type { TitleParts } from "./parse_title.ts";
import {
  hasOtherPlace,
  hasOtherSeriesPlace,
  isNamedAfterSeries,
  isSet,
  numberedPlaces,
  placesIn,
  seriesNumbers,
} from "./title_place.ts";
import { compareSegments } from "./segment_score.ts";
import {
  compareSubtitles,
  explainsTitle,
  namesItsKind,
  surelyExplainsTitle,
} from "./subtitle_score.ts";
import {
  ADDED,
  conflict,
  EXPLAINED_STEM,
  FULL,
  MAIN,
  orConflict,
  PLACED,
  ROMANISED,
  SEGMENT,
  SERIES_NAME,
  STEM,
  type TitleMatch,
  WHOLE_SERIES,
  WITHOUT_SERIES,
} from "./title_match.ts";
import {
  areKeySlips,
  contentWordCount,
  isSameText,
  nearScore,
  unpairedNumbers,
  wordOverlap,
} from "./title_spelling.ts";

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
  // Of several works in one book the first is not the book.
  if (candidate.isJoint && !query.isJoint) return conflict("several works in one book");
  const [asked, given] = [new Set(query.volumes), new Set(candidate.volumes)];
  if (asked.size === given.size) return match;
  const [number] = [...asked, ...given];
  return number === "1" ? WITHOUT_SERIES : conflict("another volume");
}

/** Main titles are the same; subtitles and places in the series decide. */
function compareWithinMain(query: TitleParts, candidate: TitleParts): TitleMatch {
  if (query.subtitle !== null && candidate.subtitle !== null) {
    return isSeriesOf(query, candidate) ? STEM : compareWithSubtitles(query, candidate);
  }
  if (query.subtitle === null && candidate.subtitle === null) {
    return seriesObjection(query, candidate) ?? MAIN;
  }
  if (candidate.isJoint && !query.isJoint) return conflict("several works in one book");
  // A book with a title of its own may be numbered in two series; "Vol. 14" is never "Vol. 16".
  const isNumbered = [query, candidate].some((parts) =>
    isNamedAfterSeries(parts) || parts.volumeKind === "part"
  );
  const isOtherPart = isNumbered && (hasOtherSeriesPlace(query, candidate) ||
    hasOtherPlace(numberedPlaces(query), numberedPlaces(candidate)));
  if (isOtherPart) return conflict("another volume");
  const objection = compareWithSeriesName(query, candidate) ?? seriesObjection(query, candidate);
  if (objection) return objection;
  const segment = compareSegments(query, candidate);
  if (segment?.agreement === "main") return segment;
  const [bare, named] = query.subtitle === null ? [query, candidate] : [candidate, query];
  if (isNamedWithPlace(named) || surelyExplainsTitle(named.subtitle ?? "")) return MAIN;
  if (bare === query) return explainsTitle(named.subtitle ?? "") ? MAIN : ADDED;
  return namesItsKind(named.subtitle ?? "") ? EXPLAINED_STEM : STEM;
}

/** "Forgotten Realms: Paths of Darkness" for one of its volumes: all but the last segment, which is a title. */
function isSeriesOf({ segments }: TitleParts, series: TitleParts): boolean {
  return series.segments.length < segments.length &&
    series.segments.every((segment, index) => isSameText(segment, segments[index]!)) &&
    !explainsTitle(segments.at(-1)!);
}

/** A place in a series on either side of the colon says that the title stands in front: "61 Hours: Jack Reacher 14". */
function isNamedWithPlace(parts: TitleParts): boolean {
  return parts.volumes.length > 0 || / \d+$/.test(parts.main);
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
  // "Mockingjay - Book 3" places a book in a series that it does not name; "Saga, Vol. 3" divides one.
  const isPlaced = numbered.volumeKind === "book" && numbered.subtitle === null;
  if (isPlaced && seriesNumbers(plain).length === 0) {
    return orConflict(PLACED, "another volume");
  }
  return isFirst ? WITHOUT_SERIES : conflict("another volume");
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

/** Content words up to which another title by the same author may be only a letter away. */
const SHORT_TITLE_WORDS = 3;

function compareSpelling(query: TitleParts, candidate: TitleParts): number {
  if (hasOtherPlace(placesIn(query), placesIn(candidate))) return 0;
  const pairs: [string, string][] = [[query.spelling.full, candidate.spelling.full]];
  // One misspelt word with a subtitle nobody asked for is too little, and a bare series name is no volume.
  const isOneSided = query.subtitle === null || candidate.subtitle === null;
  const isExplained = query.subtitle === null || explainsTitle(query.subtitle);
  if (isOneSided && isExplained && contentWordCount(query.main) >= 2) {
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
 * import { parseTitle } from "./parse_title.ts";
 * const asked = parseTitle("Alex Rider: Stormbreaker");
 * const match = compareTitles(asked, parseTitle("Stormbreaker (Alex Rider, #1)"));
 * assertEquals(match, { score: 0.97, agreement: "main", reason: null, needs: null });
 * ```
 */
export function compareTitles(query: TitleParts, candidate: TitleParts): TitleMatch {
  const match = compareWholeTitles(query, candidate);
  const kinds = [query.volumeKind, candidate.volumeKind];
  const isOfOneKind = kinds.includes(null) || kinds[0] === kinds[1];
  if (isOfOneKind || match.needs !== null || match.agreement === "conflict") return match;
  // Of comics "Book One" binds several of what "Vol. 1" names.
  return orConflict({ ...match, needs: "exact_year" }, "a collected edition");
}

function compareWholeTitles(query: TitleParts, candidate: TitleParts): TitleMatch {
  const volumes = volumeObjection(query, candidate);
  if (volumes) return volumes;
  if (isSameText(query.full, candidate.full)) return seriesObjection(query, candidate) ?? FULL;
  if (isSameText(query.main, candidate.main)) return compareWithinMain(query, candidate);
  // "NYPD Red: NYPD Red 2": the number belongs to the title behind the series.
  if (query.subtitle !== null && isSameText(query.segments.at(-1)!, candidate.main)) {
    const behind = compareSegments(query, candidate);
    if (behind) return behind;
  }
  const numbered = compareNumbered(query, candidate);
  if (numbered) return numbered;
  const segment = compareSegments(query, candidate);
  const near = compareSpelling(query, candidate);
  if (segment !== null && segment.score >= near) return segment;
  if (isRunOn(query, candidate)) return SEGMENT;
  if (isSameRomanised(query, candidate)) return ROMANISED;
  // Of a short title a letter makes another: "Dark Tide" and "Dark Time".
  const isShort = contentWordCount(query.main) <= SHORT_TITLE_WORDS;
  const isSure = !isShort || areKeySlips(query.spelling.main, candidate.spelling.main);
  const needs = isSure ? null : "no_other_year";
  if (near > 0) return { score: near, agreement: "near", reason: null, needs };
  const { left, right } = unpairedNumbers(query.full, candidate.full);
  const overlap = wordOverlap(query.full, candidate.full);
  if (left.length > 0 && right.length > 0 && overlap > 0.5) return conflict("another number");
  return { score: Math.min(0.75, 0.75 * overlap), agreement: "partial", reason: null, needs: null };
}
