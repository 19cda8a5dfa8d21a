import type { SimulatedEdition, SimulatedWork } from "../books/catalogue.ts";
import { surnameFirst } from "../books/imperfections.ts";
import { listedIsbns } from "../books/isbn_forms.ts";
import { stableChoice, stableShare } from "../faults/random.ts";
import { joinTitle } from "../books/title_parts.ts";

/** ISBNdb's records come from many sources: some write the surname first. */
function nameAsFiled(name: string, isbn13: string): string {
  return stableChoice(`author:${isbn13}`, [name, name, surnameFirst(name)]);
}

/** The share of records (0–1) with several authors that have all of them in one name. */
const JOINED_SHARE = 0.1;

function authorsAsFiled({ authors, isbn13 }: SimulatedEdition): string[] | null {
  if (authors.length === 0) return null;
  if (authors.length > 1 && stableShare(`joined:${isbn13}`) < JOINED_SHARE) {
    return [authors.join(stableChoice(`joint:${isbn13}`, [", ", " and ", "; "]))];
  }
  return authors.map((name) => nameAsFiled(name, isbn13));
}

const FULL_NAMES: Readonly<Record<string, string>> = {
  de: "German",
  en: "English",
  es: "Spanish",
  fr: "French",
  it: "Italian",
  ja: "Japanese",
};

function languageAsFiled({ language, isbn13 }: SimulatedEdition): string | null {
  if (language === null) return null;
  const word = FULL_NAMES[language] ?? language;
  return language === "en"
    ? stableChoice(`language:${isbn13}`, ["en", "en", "en_US", word])
    : stableChoice(`language:${isbn13}`, [language, word]);
}

/** Dates to the day come as a date or, in older records, as a timestamp. */
function dateAsFiled({ published, isbn13 }: SimulatedEdition): string | null {
  if (published === null || published.length < 10) return published;
  const timestamp = `${published}T00:00:00.000Z`;
  return stableChoice(`date:${isbn13}`, [published, published, published, timestamp]);
}

function bindingAsFiled({ format }: SimulatedEdition): string | null {
  switch (format) {
    case "Digital":
      return "Kindle Edition";
    case "Hardback":
      return "Hardcover";
    case "Audio":
    case "Audiobook":
      return "Audiobook";
    case "Physical":
      return "Unknown Binding";
    default:
      return format;
  }
}

/** Nobody knows the price of most; older records have it as text. */
function priceAsFiled({ isbn13 }: SimulatedEdition): { msrp?: string | number } {
  return stableChoice<{ msrp?: string | number }>(`price:${isbn13}`, [
    {},
    { msrp: "0.00" },
    { msrp: 9.99 },
  ]);
}

/**
 * A book as ISBNdb sends it. What the data does not know is missing, except for arrays, which come as
 * null; `isbn` repeats the ISBN-13, as the current specification has it, or in older records the ISBN-10.
 */
export function isbndbRecord(work: SimulatedWork, edition: SimulatedEdition) {
  const { isbn13, isbn10 } = listedIsbns(edition);
  const binding = bindingAsFiled(edition);
  const siblings = [
    ...work.editions.filter((other) => other !== edition).map((other) => ({
      isbn: other.isbn13,
      ...(bindingAsFiled(other) === null ? {} : { binding: bindingAsFiled(other) }),
    })),
    ...(edition.strayIsbn13s ?? []).map((isbn) => ({ isbn })),
  ];
  const known = {
    publisher: edition.publisher,
    language: languageAsFiled(edition),
    date_published: dateAsFiled(edition),
    binding,
    pages: edition.pages,
  };
  return {
    title: edition.rawTitle,
    title_long: joinTitle(edition),
    isbn: stableChoice(`isbn:${edition.isbn13}`, [isbn13, isbn13, isbn10 ?? isbn13]),
    isbn13,
    isbn10,
    authors: authorsAsFiled(edition),
    ...priceAsFiled(edition),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)),
    subjects: null,
    dimensions_structured: [],
    ...(siblings.length === 0 ? {} : { other_isbns: siblings }),
  };
}

/** A book on the wire. */
export type IsbndbRecord = ReturnType<typeof isbndbRecord>;
