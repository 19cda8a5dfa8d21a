import { decodeHTMLStrict } from "entities";
import { cleanText } from "../text/clean_text.ts";
import { foldWords } from "../text/fold_text.ts";
import { numbersAsDigits, romanValue } from "../text/number_words.ts";

/** What is said of a book's series apart from its title. */
export interface StatedSeries {
  /** The name of the series; several are separated by semicolons. Null when none is named. */
  readonly series: string | null;
  /** The place in it in digits ("3", "4.5"), else as it was said ("1-3", "prequel"); null without a series. */
  readonly number: string | null;
}

/** No series is named, and no place in one. */
export const NO_SERIES: StatedSeries = { series: null, number: null };

const MAX_SERIES_LENGTH = 300;
const MAX_NUMBER_LENGTH = 40;

/** What models write in a field that should be null. */
const NOTHING =
  /^(?:none|null|nil|n\/?a|no|nothing|false|undefined|unknown|not? (?:applicable|known|(?:a |in a |part of (?:a|any) )?series)|(?:a )?stand[- ]?alone(?: (?:novel|book|work|title))?|[-–—…?]*)\.*$/i;

const PLACE_WORD = "(?:books?|bk|vols?|volumes?|parts?|pt|no|nr|number|entry|tome|tomo|band)";

/** A place behind the name of a series: "Divergent #2", "Divergent, Book Two", "Divergent (Vol. 2)". */
const PLACE_BEHIND = new RegExp(
  `^(.*?[^\\s,:;(\\[–—-])[\\s,:;(\\[–—-]*(?:#\\s*|\\b${PLACE_WORD}\\b\\.?\\s*#?\\s*)` +
    "([\\p{L}\\d][\\p{L}\\d.]*)\\s*[)\\]]?$",
  "iu",
);

/** A place without what it is called: "#3", "Book 3", "3rd in the series", "3 of 7". */
const CALLED = new RegExp(
  `^(?:the\\s+)?(?:(?:#|${PLACE_WORD}\\b\\.?)\\s*#?\\s*)?(?=[\\p{L}\\d])`,
  "iu",
);
const COUNTED =
  /\s*(?:\bof\s+(?:the\s+)?[\p{L}\d\s]+|\/\s*\d+|\b(?:book|volume|novel|in\s+(?:the\s+)?series))$/iu;

/** "3", "03", "3.0", "Three", "third" and "III" as "3"; null for what is no single number. */
function numberIn(text: string): string | null {
  const digits = /^0*(\d+?)(?:\.0+|(\.\d*[1-9])0*)?(?:st|nd|rd|th)?$/i.exec(text);
  if (digits) return `${digits[1]}${digits[2] ?? ""}`;
  const [word = "", ...others] = numbersAsDigits(foldWords(text));
  if (others.length > 0) return null;
  const roman = { i: 1, v: 5, x: 10 }[word] ?? romanValue(word);
  return /^(\d+)(?:st|nd|rd|th)?$/.exec(word)?.[1] ?? (roman === null ? null : String(roman));
}

function said(field: unknown, maxLength: number): string | null {
  if (typeof field !== "string" && typeof field !== "number") return null;
  const text = cleanText(decodeHTMLStrict(String(field))).replace(/\s+/g, " ").trim();
  return NOTHING.test(text) || text.length > maxLength ? null : text;
}

function readNumber(field: unknown): string | null {
  if (Array.isArray(field)) return readNumber(field[0]);
  const text = said(field, MAX_NUMBER_LENGTH);
  if (text === null) return null;
  return numberIn(text.replace(CALLED, "").replace(COUNTED, "").trim()) ?? text;
}

function first(item: object, names: readonly string[]): unknown {
  const fields = new Map<string, unknown>(Object.entries(item));
  return fields.get(names.find((name) => fields.has(name)) ?? "");
}

/**
 * Reads what a model says in the fields for series and number, however it says it: an empty text, "none"
 * or "standalone" for null, a place in words or behind the name, the fields within an object, several
 * series in a list. What cannot be read is null, and never a reason to drop the book.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(readSeriesFields("Divergent, Book Two", null), { series: "Divergent", number: "2" });
 * assertEquals(readSeriesFields("Divergent", "#3"), { series: "Divergent", number: "3" });
 * assertEquals(readSeriesFields("None", 0), { series: null, number: null });
 * ```
 */
export function readSeriesFields(series: unknown, number: unknown): StatedSeries {
  if (Array.isArray(series)) return joinSeries(series.map((one) => readSeriesFields(one, number)));
  if (typeof series === "object" && series !== null) {
    const place = first(series, ["number", "position", "volume", "index"]) ?? number;
    return readSeriesFields(first(series, ["name", "title", "series"]), place);
  }
  const text = said(series, MAX_SERIES_LENGTH);
  const place = readNumber(number);
  // Without a series it is most likely the place in the list.
  if (text === null) return NO_SERIES;
  const [, name, behind = ""] = PLACE_BEHIND.exec(text) ?? [];
  const own = name === undefined ? null : numberIn(behind);
  return name === undefined || own === null
    ? { series: text, number: place }
    : { series: name, number: place ?? own };
}

/** Of several series the first that has one gives the place. */
function joinSeries(all: readonly StatedSeries[]): StatedSeries {
  const named = all.filter(({ series }) => series !== null);
  if (named.length === 0) return NO_SERIES;
  return {
    series: [...new Set(named.map(({ series }) => series))].join("; "),
    number: named.find(({ number }) => number !== null)?.number ?? null,
  };
}
