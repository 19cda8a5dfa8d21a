import { z } from "zod";
import { toIsbn13 } from "../../../domain/isbns/isbn.ts";
import { parsePartialDate } from "../../../domain/months/partial_date.ts";
import type { EditionCandidate, WorkCandidate } from "../../../domain/matching/resolver.ts";
import { toBinding } from "../binding.ts";
import { toLanguageCode } from "../language_code.ts";
import {
  looseCount,
  looseList,
  looseText,
  looseTexts,
  recordList,
  requiredText,
} from "../loose_fields.ts";

/** Works asked of one search: ranking is poor enough that the right one may stand at place 12. */
export const SEARCH_LIMIT = 20;

/** Editions asked of a work, one request's worth. */
export const EDITIONS_LIMIT = 200;

/** Editions read of each work of a search, which shows one unless it is asked for more. */
const MAX_SHOWN_EDITIONS = 10;

/** Languages of one edition. */
const MAX_LANGUAGES = 20;

/**
 * ISBNs taken from one edition's record. A record of a set, or of editions thrown together, lists those
 * of several books; each becomes an edition of its own here.
 */
const MAX_ISBNS = 20;

/** What a search is asked for; `isbn` and `editions` only come when named. */
export const SEARCH_FIELDS = [
  "key",
  "title",
  "subtitle",
  "author_name",
  "first_publish_year",
  "edition_count",
  "editions",
  ...["key", "title", "subtitle", "isbn", "language", "publish_date", "publisher", "format"]
    .map((field) => `editions.${field}`),
].join(",");

const searchEditionSchema = z.object({
  title: looseText,
  subtitle: looseText,
  isbn: looseTexts,
  language: looseTexts,
  publish_date: looseTexts,
  publisher: looseText,
  format: looseText,
});

const searchWorkSchema = z.object({
  // Becomes part of a request's path.
  key: z.string().regex(/^\/works\/OL\d+W$/),
  title: requiredText,
  subtitle: looseText,
  author_name: looseTexts,
  first_publish_year: looseCount,
  edition_count: looseCount,
  editions: z.object({ docs: looseList(searchEditionSchema, MAX_SHOWN_EDITIONS) })
    .catch({ docs: [] }),
});

/** A search answer; a body without `docs` is not one, and parsing fails. */
export const searchSchema = z.object({
  docs: recordList(searchWorkSchema, SEARCH_LIMIT),
});

const editionRecordSchema = z.object({
  title: looseText,
  subtitle: looseText,
  isbn_13: looseTexts,
  isbn_10: looseTexts,
  languages: looseList(z.object({ key: z.string() }), MAX_LANGUAGES).catch([]),
  publish_date: looseText,
  publishers: looseText,
  physical_format: looseText,
  number_of_pages: looseCount,
}).refine(({ title, isbn_13, isbn_10 }) => title !== null || isbn_13.length + isbn_10.length > 0);

/** An answer of `/works/{id}/editions.json`; a body without `entries` is not one. */
export const editionsSchema = z.object({
  entries: recordList(editionRecordSchema, EDITIONS_LIMIT),
});

type SearchWork = z.infer<typeof searchWorkSchema>;
type SearchEdition = z.infer<typeof searchEditionSchema>;
type EditionRecord = z.infer<typeof editionRecordSchema>;

/** A work of a search answer, with the one edition the search shows of it. */
export function toWork(work: SearchWork): WorkCandidate {
  return {
    provider: "open_library",
    provider_key: work.key,
    title: work.title,
    subtitle: work.subtitle,
    authors: work.author_name,
    first_published: work.first_publish_year === null
      ? null
      : parsePartialDate(work.first_publish_year),
    popularity: work.edition_count,
    editions: work.editions.docs.flatMap((edition) => fromSearch(edition, work)),
  };
}

function fromSearch(edition: SearchEdition, work: SearchWork): EditionCandidate[] {
  // `publish_date` is a set; only its single member is known to be this edition's.
  const published = edition.publish_date.length === 1
    ? parsePartialDate(edition.publish_date[0] ?? "")
    : null;
  return perIsbn(edition.isbn, {
    title: edition.title ?? work.title,
    subtitle: edition.subtitle,
    published,
    language: soleLanguage(edition.language),
    binding: toBinding(edition.format),
    publisher: edition.publisher,
    pages: null,
  });
}

/** An edition record in full; one without a title of its own bears its work's. */
export function toEditions(record: EditionRecord, work: WorkCandidate): EditionCandidate[] {
  return perIsbn([...record.isbn_13, ...record.isbn_10], {
    title: record.title ?? work.title,
    subtitle: record.subtitle,
    published: record.publish_date === null ? null : parsePartialDate(record.publish_date),
    language: soleLanguage(record.languages.map((language) => language.key)),
    binding: toBinding(record.physical_format),
    publisher: record.publishers,
    pages: record.number_of_pages,
  });
}

/** Each ISBN is listed in both its forms, in no order; a record of several books lists several. */
function perIsbn(
  isbns: readonly string[],
  edition: Omit<EditionCandidate, "isbn13">,
): EditionCandidate[] {
  const valid = new Set(isbns.map(toIsbn13).filter((isbn) => isbn !== null));
  if (valid.size === 0) return [{ isbn13: null, ...edition }];
  return [...valid].toSorted().slice(0, MAX_ISBNS).map((isbn13) => ({ isbn13, ...edition }));
}

/** A bilingual edition is in no single language. */
function soleLanguage(codes: readonly string[]): string | null {
  const [first, ...others] = codes;
  return first === undefined || others.length > 0 ? null : toLanguageCode(first);
}
