import { listedSeriesReadings } from "../titles/listed_series.ts";
import {
  parseSubtitle,
  parseTitle,
  type SeriesMark,
  type TitleParts,
} from "../titles/parse_title.ts";
import { placesIn } from "../titles/title_place.ts";
import { explainsTitle, surelyExplainsTitle } from "../titles/subtitle_score.ts";
import { isSameText } from "../titles/title_spelling.ts";
import type { StatedSeries } from "./series_fields.ts";

/** A title with what is said of its series apart from it. */
export interface StatedTitle extends StatedSeries {
  readonly title: string;
}

/** A number that brackets can hold: one place, or the two ends of a range. */
const PLACE = /^\d+(?:\.\d+)?(?:\s*[-–—]\s*\d+(?:\.\d+)?)?$/;

/** What divides a title from the name of its series; a bracket stays with what it stands behind. */
const DIVIDER = /\s*:\s+|\s+[-–—]\s+|\s*—\s*|\s*;\s+/u;

/** The stated series as it stands in brackets; empty when none is stated. The place is the first one's. */
function bracketOf({ series, number }: StatedSeries): string {
  const [first = "", ...others] = (series ?? "").replace(/[()[\]]/g, " ").split(";")
    .map((name) => name.replace(/\s+/g, " ").trim()).filter((name) => name !== "");
  if (first === "") return "";
  const place = number !== null && PLACE.test(number) ? `, #${number}` : "";
  return ` (${[`${first}${place}`, ...others].join("; ")})`;
}

function marksOf(stated: StatedSeries): readonly SeriesMark[] {
  return parseTitle(`x${bracketOf(stated)}`).series.filter(({ name }) => name !== "");
}

/** The stated series as names to compare with: folded, without article and "series"; empty without one. */
export function statedSeriesNames({ series }: Pick<StatedSeries, "series">): readonly string[] {
  return marksOf({ series, number: null }).map(({ name }) => name);
}

/** Words that may stand behind the name of a series: "A Divergent Novel". */
const KIND =
  / (?:novels?|novellas?|books?|stor(?:y|ies)|series|saga|trilogy|cycle|quartet|duology|mystery|thriller)$/u;

/** Whether a piece of a title is nothing but the name of one of the series, with or without a place. */
function isSeriesName(piece: string, names: readonly string[]): boolean {
  const { full, main, subtitle } = parseTitle(piece);
  const bare = main.replace(/ \d+(?:\.\d+)?$/u, "");
  const forms = subtitle === null ? [full, bare, bare.replace(KIND, "")] : [full];
  return names.some((name) => forms.some((form) => isSameText(form, name)));
}

/**
 * Whether a piece behind the name of a series is the title, and no mere place, tail or explanation. The first
 * book is often called like its series, or is the only one and was given a series by mistake.
 */
function isVolumeTitle(piece: string, number: string | null): boolean {
  const { subtitle } = parseSubtitle(piece);
  const isExplanation = number === "1" ? explainsTitle : surelyExplainsTitle;
  return subtitle !== null && !isExplanation(subtitle);
}

/** A title divided from the stated series; as it was where it has none in it. */
interface Divided {
  readonly volume: string;
  /** The place that stood behind the name that was left out; null without one. */
  readonly place: string | null;
}

/** The place behind the name of a series: 2 in "Divergent #2", none in "Area 51" of that name. */
function placeBehind(piece: string, names: readonly string[]): string | null {
  const parts = parseTitle(piece);
  const isName = names.some((name) => isSameText(parts.full, name));
  return isName ? null : placesIn(parts)[0] ?? null;
}

function divide({ title, series, number }: StatedTitle): Divided {
  const names = statedSeriesNames({ series });
  const pieces = names.length === 0 ? [] : title.split(DIVIDER);
  for (const index of pieces.keys()) {
    const [piece, before] = [pieces[index]!, pieces.slice(0, index + 1).join(": ")];
    const name = [piece, before].find((one) => isSeriesName(one, names));
    if (name === undefined) continue;
    const place = placeBehind(name, names);
    const rest = pieces.slice(index + 1).join(": ");
    if (isVolumeTitle(rest, number)) return { volume: rest, place };
    // "Insurgent: Divergent"; a title without one in front is the name of the series itself.
    const front = pieces.slice(0, index).join(": ");
    return front === "" ? { volume: title, place: null } : { volume: front, place };
  }
  return { volume: title, place: null };
}

/** The title without the stated series in front of it or behind it; brackets stay. */
export function volumeTitle(book: StatedTitle): string {
  return divide(book).volume;
}

/** The title in the reading that names the stated series, when one does. */
function listedReading(title: string, names: readonly string[]): string {
  const readings = listedSeriesReadings(title);
  return readings.find((one) =>
    parseTitle(one).series.some((mark) => names.some((name) => isSameText(mark.name, name)))
  ) ?? readings[0];
}

function withBracket(volume: string, stated: StatedSeries): string {
  const marks = marksOf(stated);
  if (marks.length === 0) return volume;
  const title = listedReading(volume, marks.map(({ name }) => name));
  const own = parseTitle(title).series;
  const isSaid = marks.every(({ name, numbers }) =>
    own.some((mark) =>
      isSameText(mark.name, name) && numbers.every((place) => mark.numbers.includes(place))
    )
  );
  return isSaid ? title : `${title}${bracketOf(stated)}`;
}

/**
 * The title as records write it that know the series: the volume's own title, with series and place in
 * brackets. What stands in the title and what is stated apart from it come to the same.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const stated = { series: "Divergent", number: "2" };
 * for (const title of ["Insurgent", "Divergent: Insurgent", "Insurgent (Divergent, #2)"]) {
 *   assertEquals(titleWithSeries({ title, ...stated }), "Insurgent (Divergent, #2)");
 * }
 * ```
 */
export function titleWithSeries(book: StatedTitle): string {
  const { volume, place } = divide(book);
  return withBracket(volume, { ...book, number: book.number ?? place });
}

/**
 * The ways to read the title beside what is stated of its series, the likeliest first. One book may have
 * several numbers, by publication and by story: where the title is more than the name of the series, a reading
 * without the place keeps another number from speaking against it.
 */
export function titleReadings(book: StatedTitle): readonly [string, ...string[]] {
  if (marksOf(book).length === 0) return listedSeriesReadings(book.title);
  const { volume, place } = divide(book);
  const isNamedAfter = isSeriesName(volume, statedSeriesNames(book));
  const unplaced = withBracket(volume, { ...book, number: null });
  // Of "Maisie Dobbs: An Incomplete Revenge" in another series "#1" would be taken for the place in the first half.
  const isHalved = !isNamedAfter && parseTitle(volume).subtitle !== null;
  const whole = isHalved ? unplaced : titleWithSeries(book);
  const others = [
    ...(isNamedAfter ? [] : [unplaced]),
    // "Saga, Vol. 3: Dreams" may be known as "Saga, Vol. 3".
    ...(place === null ? [] : [book.title]),
  ];
  return [whole, ...new Set(others.filter((one) => one !== whole))];
}

/** Whether the place alone says which book it is: the title is only the name of the series. */
function isOnlySeriesName(book: StatedTitle): boolean {
  const parts: TitleParts = parseTitle(book.title);
  return parts.subtitle === null && placesIn(parts).length === 0 &&
    isSeriesName(book.title, statedSeriesNames(book));
}

/**
 * The title under which a book is looked up, stored and told from others: as it was named. Where that is
 * only the name of its series, the place stands behind it, without which all volumes would be one book; the
 * first is the one that a bare name means.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const title = "Naruto";
 * assertEquals(titleWithPlace({ title, series: "Naruto", number: "3" }), "Naruto (Naruto, #3)");
 * assertEquals(titleWithPlace({ title, series: "Naruto", number: "1" }), "Naruto");
 * ```
 */
export function titleWithPlace(book: StatedTitle): string {
  const { number } = book;
  const isTold = number !== null && number !== "1" && PLACE.test(number) && isOnlySeriesName(book);
  return isTold ? withBracket(book.title, book) : book.title;
}
