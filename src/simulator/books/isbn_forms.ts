import { hyphenate } from "isbn3";

/** The check digit that makes twelve digits an ISBN-13 (weights 1 and 3, ISO 2108). */
function checkDigit13(first12: string): string {
  let sum = 0;
  for (let index = 0; index < 12; index++) {
    sum += Number(first12[index]) * (index % 2 === 0 ? 1 : 3);
  }
  return String((10 - (sum % 10)) % 10);
}

/** The check character that makes nine digits an ISBN-10 (weights 10 to 2, modulus 11, X for ten). */
function checkDigit10(first9: string): string {
  let sum = 0;
  for (let index = 0; index < 9; index++) sum += Number(first9[index]) * (10 - index);
  const rest = (11 - (sum % 11)) % 11;
  return rest === 10 ? "X" : String(rest);
}

/** Twelve digits and the one that makes them an ISBN-13. */
export function withCheckDigit(first12: string): string {
  return first12 + checkDigit13(first12);
}

/** True for thirteen plain digits with a book prefix and the right check digit. */
export function isIsbn13(text: string): boolean {
  return /^97[89]\d{10}$/.test(text) && checkDigit13(text.slice(0, 12)) === text[12];
}

/** The ISBN-10 of an ISBN-13, or null where none exists (prefix 979). */
export function isbn10Of(isbn13: string): string | null {
  if (!isbn13.startsWith("978")) return null;
  const first9 = isbn13.slice(3, 12);
  return first9 + checkDigit10(first9);
}

/** Reads an ISBN of either length, hyphens and spaces allowed, as ISBN-13; null when it is none. */
export function readIsbn(text: string): string | null {
  const plain = text.replace(/[\s-]/g, "").toUpperCase();
  if (isIsbn13(plain)) return plain;
  if (!/^\d{9}[\dX]$/.test(plain) || checkDigit10(plain.slice(0, 9)) !== plain[9]) return null;
  const first12 = `978${plain.slice(0, 9)}`;
  return first12 + checkDigit13(first12);
}

/** How a record writes the ISBN of its edition; plainly in both lengths unless said otherwise. */
export type IsbnListing = "plain" | "hyphenated" | "isbn10_only" | "isbn13_only" | "none";

/** The ISBNs of a record as they are written in it; null where a length is missing. */
export interface ListedIsbns {
  readonly isbn13: string | null;
  readonly isbn10: string | null;
}

/** With the hyphens of the international range table; as it is where the table has no range for it. */
export function hyphenated(isbn: string): string {
  return hyphenate(isbn) || isbn;
}

/** Writes an edition's ISBN as its record lists it. An ISBN-13 without a short form is never left out. */
export function listedIsbns(
  { isbn13, isbnListing = "plain" }: { isbn13: string; isbnListing?: IsbnListing },
): ListedIsbns {
  const isbn10 = isbn10Of(isbn13);
  switch (isbnListing) {
    case "plain":
      return { isbn13, isbn10 };
    case "hyphenated":
      return { isbn13: hyphenated(isbn13), isbn10: isbn10 && hyphenated(isbn10) };
    case "isbn10_only":
      return isbn10 === null ? { isbn13, isbn10 } : { isbn13: null, isbn10 };
    case "isbn13_only":
      return { isbn13, isbn10: null };
    case "none":
      return { isbn13: null, isbn10: null };
  }
}
