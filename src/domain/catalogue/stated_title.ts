import { parseCredits } from "../names/author_name.ts";
import { boundedLine, MAX_TITLE_LENGTH } from "../text/bounded_line.ts";
import { foldWords } from "../text/fold_text.ts";
import { numbersAsDigits } from "../text/number_words.ts";
import { listedSeriesReadings } from "../titles/listed_series.ts";
import { parseSubtitle, parseTitle } from "../titles/parse_title.ts";
import { withoutCredit } from "../titles/title_credit.ts";
import { isSameText } from "../titles/title_spelling.ts";

/** A series that a record states with a title. */
export interface RecordSeries {
  readonly name: string;
  /** As stated: "3", "4.5", or several, "1-3"; null when only the series is named. */
  readonly place: string | null;
}

/** A title as a record has it, taken apart; letters and signs as they are there. */
export interface StatedTitle {
  readonly title: string;
  readonly subtitle: string | null;
  readonly series: readonly RecordSeries[];
}

const NUMBER = "\\d+(?:\\.\\d+)?";
const NUMBER_WORD = `(?:${NUMBER}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)`;

/** "Kay Scarpetta, #21", "Ledgers Book 2", "Ledgers, #1-3". */
const NUMBERED = new RegExp(
  `^(.*?\\p{L}.*?)[\\s,:;–-]*(?:#\\s*|\\b(?:books?|bks?|vols?|volumes?|no|number|parts?)\\b\\.?\\s*#?)` +
    `(${NUMBER}(?:\\s*(?:[-–&,]|to|and)\\s*#?${NUMBER})*)$`,
  "iu",
);

/** "Book 2 of the Ledgers Trilogy". */
const PLACE_FIRST = new RegExp(
  `^(?:book|volume|vol\\.?|number|no\\.?)\\s+#?(${NUMBER_WORD})\\s+(?:of|in)\\s+(?:the\\s+)?(.+)$`,
  "iu",
);

/** "Ledgers, Book Two" as a subtitle. */
const PLACE_LAST = new RegExp(
  `^(.*?\\p{L}.*?),?\\s+(?:book|bk\\.?|#)\\s*#?(${NUMBER_WORD})$`,
  "iu",
);

const BRACKET = /^(.*\S)\s*[([]([^()[\]]*)[)\]]$/u;

/**
 * Takes a record's title apart: a series in brackets, behind a comma or in the place of the subtitle, and who
 * wrote the book, are no part of it. What stands in brackets and is no name ("The Last Summer (of You and
 * Me)") stays, and so does a place without which the title would be that of the whole series.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(readStatedTitle({ title: "Dust (Kay Scarpetta, #21)", subtitle: null, authors: [] }), {
 *   title: "Dust",
 *   subtitle: null,
 *   series: [{ name: "Kay Scarpetta", place: "21" }],
 * });
 * ```
 */
export function readStatedTitle(
  { title, subtitle, authors }: {
    readonly title: string;
    readonly subtitle: string | null;
    readonly authors: readonly string[];
  },
): StatedTitle {
  const line = boundedLine(title, MAX_TITLE_LENGTH).trim();
  const bare = withoutCredit(line, parseCredits(authors));
  // A brand in front may be part of the title; only what follows the title surely is not.
  const uncredited = bare !== "" && line.startsWith(bare) ? bare : line;
  const own = withoutBrackets(listedSeriesReadings(uncredited)[0]);
  if (subtitle === null) return { title: own.text, subtitle: null, series: own.series };
  const below = withoutBrackets(boundedLine(subtitle, MAX_TITLE_LENGTH).trim());
  const place = seriesAsSubtitle(below.text);
  const series = [...own.series, ...below.series, ...(place === null ? [] : [place])];
  const rest = place === null && below.text !== "" ? below.text : null;
  return { title: own.text, subtitle: rest, series };
}

function withoutBrackets(text: string): { text: string; series: RecordSeries[] } {
  const [, before, inside] = BRACKET.exec(text) ?? [];
  if (before === undefined || inside === undefined) return { text, series: [] };
  const series = inside.split(/;|(?<=\d),\s+(?=\p{L})/u).flatMap((piece) =>
    seriesInBracket(piece.trim())
  );
  const isKept = series.length === 0
    ? !saysOnlyWhichEdition(inside)
    : series.some(({ name, place }) => place !== null && isSetOf(before, { name, place }));
  if (isKept) return { text, series: [] };
  const rest = withoutBrackets(before);
  return { text: rest.text, series: [...rest.series, ...series] };
}

/** Whether what is left would be the name of the series, for several of its volumes. */
function isSetOf(before: string, { name, place }: { name: string; place: string }): boolean {
  return /[-–&]|to|and/.test(place) && isSameText(parseTitle(before).main, parseTitle(name).main);
}

function seriesInBracket(text: string): RecordSeries[] {
  const [, name, place] = NUMBERED.exec(text) ?? [];
  if (name !== undefined && place !== undefined) {
    return [{ name: seriesName(name), place: place.replaceAll("#", "").replace(/\s+/g, " ") }];
  }
  if (saysOnlyWhichEdition(text)) return [];
  // A name begins with a capital, and so do its words of more than three letters.
  const words = text.split(" ").filter((word) => word.length > 3 || word === text.split(" ")[0]);
  const isName = /\p{L}/u.test(text) && !/\d/.test(text) &&
    words.every((word) => !/^\p{Ll}/u.test(word));
  return isName ? [{ name: seriesName(text), place: null }] : [];
}

/** "Revised", "A Novel", "Large Print Edition". */
function saysOnlyWhichEdition(text: string): boolean {
  const { subtitle, series } = parseSubtitle(text);
  return (subtitle === null && series.length === 0) ||
    /\b(?:edition|print|paperback|hardcover|kindle|ebook|audio(?:book)?|reissue|classics?)\b/i.test(
      text,
    );
}

function seriesAsSubtitle(text: string): RecordSeries | null {
  const [, first, of] = PLACE_FIRST.exec(text) ?? [];
  if (first !== undefined && of !== undefined) {
    return { name: seriesName(of), place: digits(first) };
  }
  const [, name, last] = PLACE_LAST.exec(text) ?? [];
  if (name === undefined || last === undefined || /[:–—]/.test(name)) return null;
  return { name: seriesName(name), place: digits(last) };
}

function digits(number: string): string {
  return /^\d/.test(number) ? number : numbersAsDigits(foldWords(number)).join(" ");
}

function seriesName(text: string): string {
  return text.replace(/[\s,:;–-]+$/u, "").replace(/\s+series$/iu, "")
    .trim();
}
