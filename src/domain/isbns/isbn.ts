import { hyphenate } from "isbn3";

/** The sum ISBN-13 and EAN-13 share: digits weighted 1, 3, 1, 3 … over the first twelve. */
function checkDigit13(first12: string): number {
  let sum = 0;
  for (let index = 0; index < 12; index++) {
    sum += Number(first12[index]) * (index % 2 === 0 ? 1 : 3);
  }
  return (10 - (sum % 10)) % 10;
}

/** The sum of ISBN-10: digits weighted 10 … 1, `X` standing for ten in the last place. */
function hasValidCheck10(isbn10: string): boolean {
  let sum = 0;
  for (let index = 0; index < 10; index++) {
    const sign = isbn10[index]!;
    sum += (10 - index) * (sign === "X" ? 10 : Number(sign));
  }
  return sum % 11 === 0;
}

/**
 * Numbers that pass the checksum but are typed in to fill a mandatory field: 978000000000x, nine
 * equal digits after the prefix, and the counting sequence 123456789.
 */
function isPlaceholder(isbn13: string): boolean {
  const middle = isbn13.slice(3, 12);
  return /^(\d)\1{8}$/.test(middle) || middle === "123456789";
}

/**
 * Whether `text` is the ISBN-13 of a book in plain digits: prefix 978 or 979, a right check digit,
 * and neither a placeholder nor printed music (979-0 belongs to the ISMN).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(isIsbn13("9781402894626"), true);
 * assertEquals(isIsbn13("978-1-4028-9462-6"), false);
 * assertEquals(isIsbn13("9790060115615"), false);
 * ```
 */
export function isIsbn13(text: string): boolean {
  if (!/^97[89]\d{10}$/.test(text) || text.startsWith("9790")) return false;
  return checkDigit13(text) === Number(text[12]) && !isPlaceholder(text);
}

function isbn13FromCompact(compact: string): string | null {
  if (/^\d{9}[\dX]$/.test(compact)) {
    if (!hasValidCheck10(compact)) return null;
    const first12 = `978${compact.slice(0, 9)}`;
    const isbn13 = `${first12}${checkDigit13(first12)}`;
    return isIsbn13(isbn13) ? isbn13 : null;
  }
  return isIsbn13(compact) ? compact : null;
}

/** Digits and a final X of one written ISBN; null when other letters or digits are mixed in. */
function compactForm(chunk: string): string | null {
  const bare = chunk.trim().replace(/^(?:urn:)?isbn(?:-?1[03])?\s*[:=]?\s*/i, "")
    .replace(/[\s\-\u2010-\u2015\u2212]/g, "").replace(/^[^\dA-Za-z]+|[^\dA-Za-z]+$/g, "");
  return /^\d{9}(?:\d{3})?[\dXx]$/.test(bare) ? bare.toUpperCase() : null;
}

/** Longer than an ISBN with all that is written beside it. */
const MAX_LINE_LENGTH = 300;

/**
 * The first ISBN written in `text`, as the plain digits of its ISBN-13; null when there is none that
 * is valid. Understands ISBN-10, hyphens and spaces, `urn:isbn:` and `ISBN-13:` prefixes, and
 * qualifiers such as "(pbk.)".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(toIsbn13("1-4028-9462-7 (pbk.)"), "9781402894626");
 * assertEquals(toIsbn13("urn:isbn:978 1 4028 9462 6"), "9781402894626");
 * assertEquals(toIsbn13("9781402894627"), null);
 * ```
 */
export function toIsbn13(text: string): string | null {
  const line = text.slice(0, MAX_LINE_LENGTH);
  const unqualified = line.replace(/\([^)]*\)|\[[^\]]*\]/g, " ");
  const chunks = unqualified.split(/[,;|/]+/);
  for (const chunk of [...chunks, ...unqualified.split(/[\s,;|/]+/), line]) {
    const compact = compactForm(chunk);
    const isbn13 = compact === null ? null : isbn13FromCompact(compact);
    if (isbn13 !== null) return isbn13;
  }
  return null;
}

/**
 * The ISBN with the hyphens of the international range table, which is how Wikidata stores it; null
 * when the number lies in a range nobody has been given yet, so has no hyphenated form.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(hyphenateIsbn13("9781402894626"), "978-1-4028-9462-6");
 * ```
 */
export function hyphenateIsbn13(isbn13: string): string | null {
  return isIsbn13(isbn13) ? hyphenate(isbn13) : null;
}
