import type { TitleParts } from "./parse_title.ts";
import { isSameText } from "./title_spelling.ts";

/** The places in series that stand in brackets. */
export function seriesNumbers(parts: TitleParts): string[] {
  return parts.series.flatMap((mark) => mark.numbers);
}

/** Whether the main title is only the name of the series, so that the number alone tells parts apart. */
export function isNamedAfterSeries(parts: TitleParts): boolean {
  const bare = parts.main.replace(/ \d+$/, "");
  return parts.series.some((mark) => mark.name !== "" && isSameText(mark.name, bare));
}

/** The numbers called a place in a series: in brackets or behind "Vol.". */
export function numberedPlaces(parts: TitleParts): string[] {
  return [...seriesNumbers(parts), ...parts.volumes];
}

/** Every number that says which part this is: in brackets, behind "Vol.", or bare at the end. */
export function placesIn(parts: TitleParts): string[] {
  const last = parts.spelling.main.split(" ").at(-1) ?? "";
  return [...numberedPlaces(parts), ...(/^\d+$/.test(last) ? [last] : [])];
}

/** Whether brackets say that several volumes are bound together, as in "(#1-3)". */
export function isSet(parts: TitleParts): boolean {
  return parts.series.some((mark) => mark.isRange);
}

/** Whether both sides name places and none of them is the same. */
export function hasOtherPlace(asked: readonly string[], given: readonly string[]): boolean {
  return asked.length > 0 && given.length > 0 && !asked.some((place) => given.includes(place));
}

/** Whether what stands in brackets makes these different parts, or one of them a set. */
export function hasOtherSeriesPlace(a: TitleParts, b: TitleParts): boolean {
  const left = seriesNumbers(a);
  const right = seriesNumbers(b);
  if (left.length === 0 || right.length === 0) return false;
  return isSet(a) !== isSet(b) || hasOtherPlace(left, right);
}
