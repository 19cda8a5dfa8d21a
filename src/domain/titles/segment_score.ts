import type { TitleParts } from "./parse_title.ts";
import { explainsTitle } from "./subtitle_score.ts";
import { MAIN, SEGMENT, type TitleMatch, WEAK_SEGMENT } from "./title_match.ts";
import { contentWordCount, isSameText } from "./title_spelling.ts";

/** The segment without a place in a series at its end and without what only says that it is one. */
function withoutPlace(segment: string): string {
  return segment.replace(/ (?:novel|story|series|saga|trilogy)(?= \d+$|$)/u, "")
    .replace(/ \d+(?: \d+)?$/, "") || segment;
}

/** The segments that can be the title behind a series: the last, or one that only explanations follow. */
function titleSegments(segments: readonly string[]): string[] {
  return segments.filter((_, index) => segments.slice(index + 1).every(explainsTitle));
}

function isNamed(name: string, names: readonly string[]): boolean {
  return names.some((other) => isSameText(withoutPlace(other), withoutPlace(name)));
}

/** "Dark Disciple: Star Wars" for "Star Wars: Dark Disciple": the same segments in another order. */
function isReordered(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 1 && a.length === b.length && a.every((segment) => isNamed(segment, b)) &&
    b.every((segment) => isNamed(segment, a));
}

/** One title behind a series name: who names the series too is as good as the whole title. */
function behindSeries(
  title: string,
  { series, names }: { series: readonly string[]; names: readonly string[] },
): TitleMatch {
  if (series.some((name) => isNamed(name, names))) return MAIN;
  // "John Corey 1": the number leaves no doubt which half is the series.
  const isNumbered = series.some((name) => withoutPlace(name) !== name);
  if (isNumbered && contentWordCount(title) >= 2) return SEGMENT;
  return contentWordCount(title) >= 2 ? { ...SEGMENT, needs: "near_year" } : WEAK_SEGMENT;
}

/**
 * Compares titles of which one or both carry a series name in front of or behind the title, as in "Alex
 * Rider: Stormbreaker". Null when neither's title is the other's. `isJoint` titles, of several works in
 * one book, are no such thing.
 */
export function compareSegments(query: TitleParts, candidate: TitleParts): TitleMatch | null {
  if (query.isJoint || candidate.isJoint) return null;
  if (isReordered(query.segments, candidate.segments)) return SEGMENT;
  for (const [long, short] of [[query, candidate], [candidate, query]] as const) {
    if (long.segments.length < 2) continue;
    const names = short.series.map(({ name }) => name).filter((name) => name !== "");
    // "Stormbreaker: Alex Rider" for "Stormbreaker (Alex Rider, #1)".
    const isInFront = isSameText(long.main, short.main) && short.segments.length === 1;
    if (isInFront && isNamed(long.segments.at(-1)!, names)) return MAIN;
    const title = titleSegments(long.segments).find((segment) => isTitled(short, segment));
    if (title === undefined || title === long.segments[0]) continue;
    const series = long.segments.slice(0, long.segments.indexOf(title));
    return behindSeries(title, { series, names: [...names, ...seriesSegments(short, title)] });
  }
  return null;
}

/** Whether this segment is the title of the shorter one: alone, before explanations or behind a series. */
function isTitled(short: TitleParts, segment: string): boolean {
  // An article is only known in front: the "die" of "Die Again" is none.
  const isSpelt = short.segments.length === 1 && short.spelling.main.endsWith(` ${short.main}`) &&
    isSameText(segment, short.spelling.main);
  const behindSeries = explainsTitle(segment) ? [] : titleSegments(short.segments);
  return isSpelt || [short.main, ...behindSeries].some((own) => isSameText(segment, own));
}

function seriesSegments(parts: TitleParts, title: string): string[] {
  return parts.segments.filter((segment) => !isSameText(segment, title));
}
