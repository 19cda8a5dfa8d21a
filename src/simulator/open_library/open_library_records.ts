import {
  firstPublishYear,
  type KeyedEdition,
  type KeyedWork,
  marcLanguage,
  mixedIsbns,
  physicalFormat,
  publishDateText,
  publishYear,
} from "./open_library_keys.ts";
import { listedIsbns } from "../books/isbn_forms.ts";
import { stableShare } from "../faults/random.ts";

/** Empty fields are absent from every Open Library answer. */
function withoutEmpty(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)
    ),
  );
}

function listOf<T>(value: T | null): readonly T[] {
  return value === null ? [] : [value];
}

function distinct<T>(values: readonly (T | null)[]): T[] {
  return [...new Set(values)].filter((value) => value !== null);
}

/** The record behind `/books/OL…M.json`. */
export function editionRecord(work: KeyedWork, { key, edition }: KeyedEdition) {
  const { isbn13, isbn10 } = listedIsbns(edition);
  const language = marcLanguage(edition.language);
  return withoutEmpty({
    key: `/books/${key}`,
    type: { key: "/type/edition" },
    revision: 1,
    latest_revision: 1,
    title: edition.title,
    subtitle: edition.subtitle,
    authors: work.authorKeys.map((author) => ({ key: `/authors/${author}` })),
    works: [{ key: `/works/${work.key}` }],
    publishers: listOf(edition.publisher),
    publish_date: publishDateText(edition),
    isbn_13: [...listOf(isbn13), ...(edition.strayIsbn13s ?? [])],
    isbn_10: listOf(isbn10),
    languages: listOf(language).map((code) => ({ key: `/languages/${code}` })),
    physical_format: physicalFormat(edition.format),
    number_of_pages: edition.pages,
  });
}

/** The record behind `/works/OL…W.json`. */
export function workRecord({ key, work, authorKeys }: KeyedWork) {
  return withoutEmpty({
    key: `/works/${key}`,
    type: { key: "/type/work" },
    title: work.title,
    subtitle: work.subtitle,
    authors: authorKeys.map((author) => ({
      type: { key: "/type/author_role" },
      author: { key: `/authors/${author}` },
    })),
    first_publish_date: work.firstPublished?.slice(0, 4),
    revision: 1,
    latest_revision: 1,
  });
}

/** The record behind `/authors/OL…A.json`. */
export function authorRecord(key: string, name: string) {
  return { key: `/authors/${key}`, type: { key: "/type/author" }, name, revision: 1 };
}

/** One page of `/works/OL…W/editions.json`, with links to its neighbours. */
export function editionsPage(
  work: KeyedWork,
  { limit, offset }: { limit: number; offset: number },
) {
  const self = `/works/${work.key}/editions.json`;
  const size = work.editions.length;
  const at = (start: number): string => `${self}?limit=${limit}&offset=${Math.max(0, start)}`;
  return {
    links: {
      self: offset === 0 ? self : at(offset),
      work: `/works/${work.key}`,
      ...(offset > 0 ? { prev: at(offset - limit) } : {}),
      ...(offset + limit < size ? { next: at(offset + limit) } : {}),
    },
    size,
    entries: work.editions.slice(offset, offset + limit).map((edition) =>
      editionRecord(work, edition)
    ),
  };
}

/** Fields a search returns when none are asked for; `isbn` has not been among them since 2025. */
const DEFAULT_FIELDS: readonly string[] = [
  "author_key",
  "author_name",
  "ebook_access",
  "edition_count",
  "first_publish_year",
  "has_fulltext",
  "key",
  "language",
  "public_scan_b",
  "subtitle",
  "title",
];

function everyWorkField({ key, work, authorKeys, editions }: KeyedWork): Record<string, unknown> {
  const all = editions.map(({ edition }) => edition);
  return {
    key: `/works/${key}`,
    type: "work",
    title: work.title,
    subtitle: work.subtitle,
    alternative_title: distinct(all.map((edition) => edition.title)),
    author_key: authorKeys,
    author_name: work.authors,
    first_publish_year: firstPublishYear(work),
    publish_year: distinct(all.map(publishYear)),
    publish_date: distinct(all.map(publishDateText)),
    publisher: distinct(all.map((edition) => edition.publisher)),
    language: distinct(all.map((edition) => marcLanguage(edition.language))),
    format: distinct(all.map((edition) => physicalFormat(edition.format))),
    isbn: mixedIsbns(all),
    edition_key: editions.map((edition) => edition.key),
    edition_count: editions.length,
    readinglog_count: work.notability,
    ebook_access: "no_ebook",
    has_fulltext: false,
    public_scan_b: false,
  };
}

function everyEditionField({ key, edition }: KeyedEdition): Record<string, unknown> {
  return {
    key: `/books/${key}`,
    type: "edition",
    title: edition.title,
    subtitle: edition.subtitle,
    isbn: mixedIsbns([edition]),
    language: listOf(marcLanguage(edition.language)),
    publish_date: listOf(publishDateText(edition)),
    publish_year: listOf(publishYear(edition)),
    publisher: listOf(edition.publisher),
    format: listOf(physicalFormat(edition.format)),
    number_of_pages: edition.pages,
    ebook_access: "no_ebook",
  };
}

/** Which fields a search was asked for. */
export interface AskedFields {
  readonly work: readonly string[] | "all";
  /** Null when no `editions` sub-document is wanted. */
  readonly edition: readonly string[] | "default" | "all" | null;
}

/** Reads the `fields` parameter: a comma list in which `*` stands for all and `editions.x` for a part. */
export function readFields(parameter: string | undefined): AskedFields {
  const names = (parameter ?? "").split(",").map((name) => name.trim()).filter((name) =>
    name !== ""
  );
  if (names.length === 0) return { work: DEFAULT_FIELDS, edition: null };
  const below = names.filter((name) => name.startsWith("editions.")).map((name) => name.slice(9));
  const wantsEditions = below.length > 0 || names.includes("editions");
  const edition = below.includes("*") ? "all" : below.length > 0 ? below : "default";
  return {
    work: names.includes("*") ? "all" : names,
    edition: wantsEditions ? edition : null,
  };
}

function pick(
  all: Record<string, unknown>,
  asked: readonly string[] | "all",
): Record<string, unknown> {
  if (asked === "all") return withoutEmpty(all);
  return withoutEmpty(Object.fromEntries(
    asked.filter((name) => name in all).map((name) => [name, all[name]]),
  ));
}

/** Fields of an edition sub-document when `editions` is asked for without naming any. */
const DEFAULT_EDITION_FIELDS: readonly string[] = ["key", "title", "subtitle", "ebook_access"];

/** Share of the filed works whose editions a search does not show: their index is behind. */
const UNSHOWN_SHARE = 0.01;

function isUnshown({ key, editions }: KeyedWork): boolean {
  const isFiled = editions.some(({ edition }) => edition.isbnListing !== undefined);
  return isFiled && stableShare(`unshown:${key}`) < UNSHOWN_SHARE;
}

/** A found work as `search.json` shows it, with the one edition that was chosen for it. */
export function searchDocument(
  keyed: KeyedWork,
  options: { fields: AskedFields; edition: KeyedEdition | null; matchingEditions: number },
): Record<string, unknown> {
  const { fields, edition, matchingEditions } = options;
  const document = pick(everyWorkField(keyed), fields.work);
  if (fields.edition === null) return document;
  const asked = fields.edition === "default" ? DEFAULT_EDITION_FIELDS : fields.edition;
  if (isUnshown(keyed)) return { ...document, editions: { numFound: 0 } };
  return {
    ...document,
    editions: {
      numFound: matchingEditions,
      start: 0,
      numFoundExact: true,
      docs: edition ? [pick(everyEditionField(edition), asked)] : [],
    },
  };
}
