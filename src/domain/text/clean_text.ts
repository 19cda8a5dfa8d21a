import { stripVTControlCharacters } from "node:util";

/** Scripts whose words may need a joiner, or its opposite, between two letters. */
const JOINING =
  "\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}" +
  "\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}" +
  "\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}" +
  "\\p{M}\\p{Extended_Pictographic}";

/**
 * Characters that are not seen but change what is: format characters (bidi controls, zero-width ones,
 * soft hyphens, tags), among them joiners where no script needs them, and fillers that look like nothing.
 */
const INVISIBLE = new RegExp(
  `(?<![${JOINING}])[\\u200c\\u200d]|[\\u200c\\u200d](?![${JOINING}])` +
    "|\\p{Cs}|(?![\\u200c\\u200d])\\p{Cf}|[\\u115f\\u1160\\u2800\\u3164\\uffa0]",
  "gu",
);

const BREAKS = /(?:[\p{Cc}\p{Zl}\p{Zp}]\s*)+/gu;

/**
 * Text from outside as it is kept: on one line, without what steers a terminal, reverses what follows or
 * is not seen at all. Control characters and line breaks become a blank.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(cleanText("Harrow\u001b[31m & Pike\nlevel=error\u202e"), "Harrow & Pike level=error");
 * ```
 */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text).replace(INVISIBLE, "").replace(BREAKS, " ").trim();
}

/**
 * Text from outside that is kept as a whole, a model's answer: as {@linkcode cleanText}, but with its
 * blanks and line breaks, with nothing in the place of what is taken out, and U+FFFD for halves of
 * surrogate pairs.
 */
export function withoutControls(text: string): string {
  return stripVTControlCharacters(text.toWellFormed()).replace(INVISIBLE, "")
    .replace(/(?![\t\n\r])\p{Cc}/gu, "");
}

/** The value with every text in it, however deep, made {@linkcode cleanText}. */
export function cleanTexts<T>(value: T): T {
  return mapTexts(value, cleanText) as T;
}

/** The value with every text and name in it, however deep, changed. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [change(name), mapTexts(each, change)]),
  );
}

/** What a terminal, or a person who reads a log, must not be given as it is; a line break is no part. */
const UNPRINTABLE = new RegExp(`(?!\\n)[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]|${INVISIBLE.source}`, "gu");

/**
 * The text with every character that is not seen written as JSON escapes it, so that it stays JSON where
 * it was. Line breaks stay.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(escapeUnprintable("a\u001b[2Jb"), "a\\u001b[2Jb");
 * ```
 */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (char) =>
    Array.from(
      { length: char.length },
      (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""));
}
