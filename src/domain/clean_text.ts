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
    "|(?![\\u200c\\u200d])\\p{Cf}|[\\u115f\\u1160\\u2800\\u3164\\uffa0]",
  "gu",
);

/**
 * Text from outside as it is kept: on one line, without what steers a terminal, reverses what follows or
 * is not seen at all. Control characters, line breaks and halves of surrogate pairs become a blank.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(cleanText("Harrow\u001b[31m & Pike\nlevel=error\u202e"), "Harrow & Pike level=error");
 * ```
 */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text).replace(INVISIBLE, "").replace(/[\s\p{Cc}\p{Cs}]+/gu, " ")
    .trim();
}

/** The value with every text in it, however deep, made {@linkcode cleanText}; names stay as they are. */
export function cleanTexts<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, cleaned(each)]));
}

/** What a terminal, or a person who reads a log, must not be given as it is; a line break is no part. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

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
