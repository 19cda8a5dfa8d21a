import type { Catalogue, SimulatedEdition, SimulatedWork } from "../books/catalogue.ts";
import { volumeIdOf } from "../google_books/google_books_volumes.ts";
import { hyphenated, listedIsbns } from "../books/isbn_forms.ts";
import type { OpenLibraryKeys } from "../open_library/open_library_keys.ts";
import { stableChoice, stableHash, stableShare } from "../faults/random.ts";
import { joinTitle } from "../books/title_parts.ts";
import {
  links,
  statement,
  texts,
  type WikidataItem,
  type WikidataStatement,
} from "./wikidata_statements.ts";

const EDITION = "Q3331189";
const WORK_CLASSES = ["Q7725634", "Q47461344", "Q571"] as const;

/** Items of languages, by their ISO 639-1 codes (property P218 of the items). */
const LANGUAGES: Readonly<Record<string, readonly [id: string, name: string]>> = {
  ar: ["Q13955", "Arabic"],
  da: ["Q9035", "Danish"],
  de: ["Q188", "German"],
  en: ["Q1860", "English"],
  es: ["Q1321", "Spanish"],
  fa: ["Q9168", "Persian"],
  fr: ["Q150", "French"],
  id: ["Q9240", "Indonesian"],
  it: ["Q652", "Italian"],
  ja: ["Q5287", "Japanese"],
  nl: ["Q7411", "Dutch"],
  pl: ["Q809", "Polish"],
  pt: ["Q5146", "Portuguese"],
};

/** Chances (0–1) of the ways in which items about books differ. */
const SHARES = {
  /** The ISBN stands on the work, where it does not belong, instead of on an edition. */
  isbnOnWork: 0.45,
  /** A work that has editions does not say which. */
  missingBackLink: 0.2,
  plainIsbn: 0.08,
  yearOnly: 0.35,
  unknownDate: 0.02,
  nameAsText: 0.3,
  /** Several authors without items stand in one name. */
  namesInOne: 0.2,
  labelForAll: 0.15,
  wrongIsbnDeprecated: 0.03,
} as const;

interface Making {
  readonly keys: OpenLibraryKeys;
  idOf(key: string): string;
  /** The item of a name, made when it is first needed. */
  named(kind: "person" | "publisher", name: string): string;
  readonly isRealistic: boolean;
}

/** Real identifiers of recent items have nine digits; a taken number moves to the next free one. */
function idMaker(): (key: string) => string {
  const idByKey = new Map<string, string>();
  const taken = new Set<number>();
  return (key) => {
    const known = idByKey.get(key);
    if (known !== undefined) return known;
    let number = 100_000_000 + stableHash(key) % 38_000_000;
    while (taken.has(number)) number++;
    taken.add(number);
    idByKey.set(key, `Q${number}`);
    return `Q${number}`;
  };
}

/** P212 and P957: with hyphens, as the property wants it, but for a minority. */
function isbnStatements(edition: SimulatedEdition, { isRealistic }: Making): WikidataStatement[] {
  const { isbn13, isbn10 } = listedIsbns(edition);
  const isPlain = isRealistic && stableShare(`plain:${edition.isbn13}`) < SHARES.plainIsbn;
  const write = (isbn: string | null): string[] =>
    isbn === null ? [] : [isPlain ? isbn : hyphenated(isbn)];
  // Short numbers are kept for books of the time before ISBN-13, that is until 2007.
  const isOld = edition.published !== null && edition.published < "2007";
  return [
    ...texts("P212", [isbn13, ...(edition.strayIsbn13s ?? [])].flatMap(write)),
    ...(isOld || isbn13 === null ? texts("P957", write(isbn10)) : []),
  ];
}

/** An ISBN of another edition that somebody marked as wrong; readers must not take it. */
function deprecatedIsbn(
  work: SimulatedWork,
  held: SimulatedEdition,
  { isRealistic }: Making,
): WikidataStatement[] {
  const other = work.editions.find(({ isbn13 }) => isbn13 !== held.isbn13);
  const chance = stableShare(`deprecated:${work.id}`);
  if (!isRealistic || !other || chance >= SHARES.wrongIsbnDeprecated) return [];
  const value = { kind: "string", text: hyphenated(other.isbn13) } as const;
  return [{ property: "P212", value, rank: "deprecated" }];
}

function authorStatements(work: SimulatedWork, making: Making): WikidataStatement[] {
  const { id, authors } = work;
  const isJoined = authors.length > 1 && making.isRealistic &&
    stableShare(`names in one:${id}`) < SHARES.namesInOne;
  if (isJoined) return texts("P2093", [authors.join(" and ")]);
  return authors.flatMap((name) =>
    stableShare(`name:${id}:${name}`) < SHARES.nameAsText
      ? texts("P2093", [name])
      : links("P50", [making.named("person", name)])
  );
}

function dateStatements(
  date: string | null,
  { key, isRealistic }: { key: string; isRealistic: boolean },
): WikidataStatement[] {
  if (date === null) return [];
  const chance = isRealistic ? stableShare(`date:${key}`) : 1;
  if (chance < SHARES.unknownDate) return [statement("P577", { kind: "somevalue" })];
  const known = chance < SHARES.unknownDate + SHARES.yearOnly ? date.slice(0, 4) : date;
  return [statement("P577", { kind: "date", date: known })];
}

function languageStatements({ language }: SimulatedEdition): WikidataStatement[] {
  const known = language === null ? undefined : LANGUAGES[language];
  return known ? links("P407", [known[0]]) : [];
}

function editionItem(
  { work, edition }: { work: SimulatedWork; edition: SimulatedEdition },
  making: Making,
): WikidataItem {
  const language = edition.language ?? "en";
  const { isbn13, publisher, pages } = edition;
  const openLibrary = making.keys.editions.get(isbn13);
  return {
    id: making.idOf(`edition:${isbn13}`),
    labels: { [language]: edition.title },
    aliases: {},
    descriptions: { en: "edition of a book" },
    sitelinks: 0,
    statements: [
      ...links("P31", [EDITION]),
      statement("P1476", { kind: "title", text: edition.title, language }),
      ...(edition.subtitle === null
        ? []
        : [statement("P1680", { kind: "title", text: edition.subtitle, language })]),
      ...links("P629", [making.idOf(`work:${work.id}`)]),
      ...isbnStatements(edition, making),
      ...authorStatements(work, making),
      ...dateStatements(edition.published, { key: isbn13, isRealistic: making.isRealistic }),
      ...languageStatements(edition),
      ...(publisher === null ? [] : links("P123", [making.named("publisher", publisher)])),
      ...(pages === null ? [] : [statement("P1104", { kind: "amount", amount: pages })]),
      ...(openLibrary === undefined ? [] : texts("P648", [openLibrary])),
      ...(stableShare(`google:${isbn13}`) < 0.4 ? texts("P675", [volumeIdOf(isbn13)]) : []),
    ],
  };
}

function firstDate({ firstPublished, firstYear, editions }: SimulatedWork): string | null {
  if (firstPublished === null && firstYear !== undefined) return String(firstYear);
  const dates = editions.map(({ published }) => published).filter((date) => date !== null);
  return firstPublished ?? dates.toSorted()[0] ?? null;
}

function itemsOfWork(work: SimulatedWork, making: Making): WikidataItem[] {
  const [first] = work.editions;
  if (!first) return [];
  const { id, notability, title } = work;
  const language = first.language ?? "en";
  const isBare = stableShare(`on work:${id}`) < SHARES.isbnOnWork;
  const editions = isBare
    ? []
    : work.editions.map((edition) => editionItem({ work, edition }, making));
  const knowsEditions = stableShare(`back:${id}`) >= SHARES.missingBackLink;
  const whole = joinTitle(work);
  const openLibrary = making.keys.works.get(id);
  const [author] = work.authors;
  const item: WikidataItem = {
    id: making.idOf(`work:${id}`),
    labels: { [language]: title },
    aliases: whole === title ? {} : { [language]: [whole] },
    descriptions: { en: author === undefined ? "book" : `book by ${author}` },
    sitelinks: notability === null ? 0 : Math.round(Math.log2(1 + notability)),
    statements: [
      ...links("P31", [stableChoice(`class:${id}`, WORK_CLASSES)]),
      statement("P1476", { kind: "title", text: title, language }),
      ...authorStatements(work, making),
      ...dateStatements(firstDate(work), { key: id, isRealistic: making.isRealistic }),
      ...languageStatements(first),
      ...(isBare ? work.editions.flatMap((edition) => isbnStatements(edition, making)) : []),
      ...(isBare ? deprecatedIsbn(work, first, making) : []),
      ...(knowsEditions ? links("P747", editions.map((edition) => edition.id)) : []),
      ...(openLibrary === undefined ? [] : texts("P648", [openLibrary])),
    ],
  };
  return [item, ...editions];
}

function namedItem(kind: "person" | "publisher", name: string, id: string): WikidataItem {
  const language = stableShare(`mul:${name}`) < SHARES.labelForAll ? "mul" : "en";
  return {
    id,
    labels: { [language]: name },
    aliases: {},
    descriptions: { en: kind === "person" ? "writer" : "publisher" },
    sitelinks: kind === "person" ? 3 : 1,
    statements: links("P31", [kind === "person" ? "Q5" : "Q2085381"]),
  };
}

/** Languages, and the one class whose place below another clients ask for. */
const FIXED_ITEMS: readonly WikidataItem[] = [
  ...Object.values(LANGUAGES).map(([id, name]): WikidataItem => ({
    id,
    labels: { en: name },
    aliases: {},
    descriptions: { en: "language" },
    sitelinks: 150,
    statements: links("P31", ["Q34770"]),
  })),
  {
    id: "Q7725634",
    labels: { en: "literary work" },
    aliases: {},
    descriptions: { en: "written work read for enjoyment or edification" },
    sitelinks: 60,
    statements: links("P279", ["Q47461344"]),
  },
];

/** The items Wikidata has about a catalogue's books, their people, publishers and languages. */
export function wikidataItems(
  { works }: Catalogue,
  { keys, isRealistic }: { keys: OpenLibraryKeys; isRealistic: boolean },
): readonly WikidataItem[] {
  const idOf = idMaker();
  const namedItems = new Map<string, WikidataItem>();
  const making: Making = {
    keys,
    idOf,
    isRealistic,
    named(kind, name) {
      const key = `${kind}:${name}`;
      const id = idOf(key);
      if (!namedItems.has(key)) namedItems.set(key, namedItem(kind, name, id));
      return id;
    },
  };
  const books = works.flatMap((work) => itemsOfWork(work, making));
  return [...FIXED_ITEMS, ...books, ...namedItems.values()];
}
