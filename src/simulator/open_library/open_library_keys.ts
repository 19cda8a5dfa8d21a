import { MONTH_NAMES } from "../../domain/months/month.ts";
import type { Catalogue, SimulatedEdition, SimulatedWork } from "../books/catalogue.ts";
import { listedIsbns } from "../books/isbn_forms.ts";
import { stableChoice, stableHash } from "../faults/random.ts";

/** A work with the keys Open Library would file it under. */
export interface KeyedWork {
  readonly key: string;
  readonly work: SimulatedWork;
  readonly authorKeys: readonly string[];
  readonly editions: readonly KeyedEdition[];
}

/** An edition with its key. */
export interface KeyedEdition {
  readonly key: string;
  readonly edition: SimulatedEdition;
}

/** The whole catalogue under Open Library keys (`OL123W`, `OL123M`, `OL123A`, without a path). */
export interface KeyedCatalogue {
  /** In the order of the catalogue's works. */
  readonly works: readonly KeyedWork[];
  readonly workByKey: ReadonlyMap<string, KeyedWork>;
  readonly editionByKey: ReadonlyMap<string, { work: KeyedWork; edition: KeyedEdition }>;
  /** ISBN-13 to positions in `works` and in the editions of the work. */
  readonly isbns: Catalogue["isbns"];
  readonly authorByKey: ReadonlyMap<string, string>;
}

/** Real keys have up to eight digits; a taken number moves to the next free one. */
function keyMaker(letter: "W" | "M" | "A"): (id: string) => string {
  const taken = new Set<number>();
  return (id) => {
    let number = 10_000_000 + (stableHash(id) % 90_000_000);
    while (taken.has(number)) number++;
    taken.add(number);
    return `OL${number}${letter}`;
  };
}

/** The keys of a catalogue's works and editions; other services link to Open Library by them. */
export interface OpenLibraryKeys {
  /** By the work's identifier in the data. */
  readonly works: ReadonlyMap<string, string>;
  /** By ISBN-13. */
  readonly editions: ReadonlyMap<string, string>;
}

/** Gives every work and edition a key that depends on nothing but the data's identifiers. */
export function openLibraryKeys(catalogue: Catalogue): OpenLibraryKeys {
  const known = keysOf.get(catalogue) ?? makeKeys(catalogue);
  keysOf.set(catalogue, known);
  return known;
}

/** Several services ask for the same ones, and making them takes long. */
const keysOf = new WeakMap<Catalogue, OpenLibraryKeys>();

function makeKeys({ works }: Catalogue): OpenLibraryKeys {
  const workKey = keyMaker("W");
  const editionKey = keyMaker("M");
  const isbns = works.flatMap(({ editions }) => editions.map(({ isbn13 }) => isbn13));
  return {
    works: new Map(works.map(({ id }) => [id, workKey(id)])),
    editions: new Map(isbns.map((isbn13) => [isbn13, editionKey(isbn13)])),
  };
}

/** Puts works under their keys, which must be those of a catalogue that holds at least these works. */
export function keyCatalogue({ works, isbns }: Catalogue, keys: OpenLibraryKeys): KeyedCatalogue {
  const authorKey = keyMaker("A");
  const keyByAuthor = new Map<string, string>();
  const keyOfAuthor = (name: string): string => {
    const key = keyByAuthor.get(name) ?? authorKey(name);
    keyByAuthor.set(name, key);
    return key;
  };
  const keyed = works.map((work): KeyedWork => ({
    key: keys.works.get(work.id) ?? "",
    work,
    authorKeys: work.authors.map(keyOfAuthor),
    editions: work.editions.map((edition) => ({
      key: keys.editions.get(edition.isbn13) ?? "",
      edition,
    })),
  }));
  const pairs = keyed.flatMap((work) => work.editions.map((edition) => ({ work, edition })));
  return {
    works: keyed,
    workByKey: new Map(keyed.map((work) => [work.key, work])),
    editionByKey: new Map(pairs.map((pair) => [pair.edition.key, pair])),
    isbns,
    authorByKey: new Map([...keyByAuthor].map(([name, key]) => [key, name])),
  };
}

/** The edition with this ISBN-13, or null. */
export function editionOfIsbn(
  { works, isbns }: KeyedCatalogue,
  isbn13: string,
): KeyedEdition | null {
  const place = isbns.get(isbn13);
  return place ? works[place.work]?.editions[place.edition] ?? null : null;
}

/** ISO 639-1 to the MARC codes Open Library uses (Library of Congress code list). */
const MARC_LANGUAGES: Readonly<Record<string, string>> = {
  ar: "ara",
  ca: "cat",
  cs: "cze",
  da: "dan",
  de: "ger",
  el: "gre",
  en: "eng",
  es: "spa",
  fa: "per",
  fi: "fin",
  fr: "fre",
  he: "heb",
  hi: "hin",
  hu: "hun",
  id: "ind",
  it: "ita",
  ja: "jpn",
  ko: "kor",
  nl: "dut",
  no: "nor",
  pl: "pol",
  pt: "por",
  ro: "rum",
  ru: "rus",
  sv: "swe",
  tr: "tur",
  uk: "ukr",
  vi: "vie",
  zh: "chi",
};

/** The three-letter code of a language, or null when it has none here. */
export function marcLanguage(language: string | null): string | null {
  if (language === null) return null;
  return language.length === 3 ? language : MARC_LANGUAGES[language] ?? null;
}

/** The free text contributors typed for a date: always the same for the same edition. */
export function publishDateText({ published, isbn13 }: SimulatedEdition): string | null {
  if (published === null) return null;
  const [year = "", month, day] = published.split("-");
  if (month === undefined) return stableChoice(isbn13, [year, year, year, `c${year}`]);
  const name = MONTH_NAMES[Number(month) - 1] ?? "";
  if (day === undefined) {
    return stableChoice(isbn13, [`${name} ${year}`, `${name.slice(0, 3)} ${year}`, published]);
  }
  const plainDay = String(Number(day));
  return stableChoice(isbn13, [
    `${name.slice(0, 3)} ${day}, ${year}`,
    `${name} ${plainDay}, ${year}`,
    published,
  ]);
}

/** What stores call a form, in Open Library's words; null where the data's word says no binding. */
export function physicalFormat(format: string | null): string | null {
  switch (format) {
    case "Digital":
      return "E-book";
    case "Hardback":
    case "Hardcover":
      return "Hardcover";
    case "Audio":
    case "Audiobook":
      return "Audiobook";
    case "Physical":
      return null;
    default:
      return format;
  }
}

/** Year of an edition, or null when the data does not know it. */
export function publishYear({ published }: SimulatedEdition): number | null {
  return published === null ? null : Number(published.slice(0, 4));
}

/**
 * The earliest year among the editions, as Open Library computes it, which may hold one more than are
 * known here; null for undated works.
 */
export function firstPublishYear(work: SimulatedWork): number | null {
  if (work.firstYear !== undefined) return work.firstYear;
  const years = work.editions.map(publishYear).filter((year) => year !== null);
  return years.length === 0 ? null : Math.min(...years);
}

/** Every ISBN of the editions without hyphens, in no useful order but always in the same one. */
export function mixedIsbns(editions: readonly SimulatedEdition[]): string[] {
  const isbns = editions.flatMap((edition) => {
    const { isbn13, isbn10 } = listedIsbns(edition);
    return [isbn13, isbn10, ...(edition.strayIsbn13s ?? [])].filter((isbn) => isbn !== null)
      .map((isbn) => isbn.replace(/-/g, ""));
  });
  return isbns.sort((a, b) => stableHash(a) - stableHash(b));
}
