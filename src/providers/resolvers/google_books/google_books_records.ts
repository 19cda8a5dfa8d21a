import { z } from "zod";
import { toIsbn13 } from "../../../domain/isbns/isbn.ts";
import { parsePartialDate } from "../../../domain/months/partial_date.ts";
import type { WorkCandidate } from "../../../domain/matching/resolver.ts";
import { toLanguageCode } from "../language_code.ts";
import {
  looseCount,
  looseList,
  looseText,
  looseTexts,
  recordList,
  requiredText,
} from "../loose_fields.ts";

/** The most one request returns. */
export const MAX_RESULTS = 40;

/** Identifiers read of one volume, which has an ISBN in two forms and a few libraries' numbers. */
const MAX_IDENTIFIERS = 50;

/** What is read of a volume, as the API's `fields` parameter wants it. */
export const VOLUME_FIELDS =
  "id,volumeInfo(title,subtitle,authors,publisher,publishedDate,industryIdentifiers,pageCount," +
  "printType,language),saleInfo(isEbook)";

const identifierSchema = z.object({ type: z.string(), identifier: looseText });

const NO_SALE = { isEbook: false } as const;

/** One volume, of a search or by itself. */
export const volumeSchema = z.object({
  // Becomes part of a request's path.
  id: z.string().regex(/^[\w-]{1,40}$/),
  volumeInfo: z.object({
    title: requiredText,
    subtitle: looseText,
    authors: looseTexts,
    publisher: looseText,
    publishedDate: looseText,
    industryIdentifiers: looseList(identifierSchema, MAX_IDENTIFIERS).catch([]),
    pageCount: looseCount,
    printType: looseText,
    language: looseText,
  }),
  saleInfo: z.object({ isEbook: z.boolean().catch(false) }).catch(NO_SALE),
});

/**
 * A search answer. `items` is absent when nothing was found; an answer that does not even count what it
 * found is not one, and parsing fails.
 */
export const volumesSchema = z.object({
  items: recordList(volumeSchema, MAX_RESULTS).nullish(),
  totalItems: z.unknown().optional(),
}).refine(({ items, totalItems }) => Boolean(items) || typeof totalItems === "number", {
  path: ["totalItems"],
  message: "is no count, and nothing was listed",
}).transform(({ items }) => items ?? []);

type Volume = z.infer<typeof volumeSchema>;

/** A volume, which is one edition, as a work of its own; null for a magazine. */
export function toWork({ id, volumeInfo: info, saleInfo }: Volume): WorkCandidate | null {
  if (info.printType === "MAGAZINE") return null;
  return {
    provider: "google_books",
    provider_key: id,
    title: info.title,
    subtitle: info.subtitle,
    authors: [...new Set(info.authors)],
    first_published: null,
    popularity: null,
    editions: [{
      isbn13: soleIsbn(info.industryIdentifiers),
      title: info.title,
      subtitle: info.subtitle,
      published: info.publishedDate === null ? null : parsePartialDate(info.publishedDate),
      language: info.language === null ? null : toLanguageCode(info.language),
      binding: saleInfo.isEbook ? "ebook" : null,
      publisher: info.publisher,
      pages: info.pageCount === 0 ? null : info.pageCount,
    }],
  };
}

/** A volume has one ISBN in up to two forms; two different ones contradict each other. */
function soleIsbn(identifiers: Volume["volumeInfo"]["industryIdentifiers"]): string | null {
  const isbns = new Set(
    identifiers
      .filter(({ type }) => type === "ISBN_13" || type === "ISBN_10")
      .map(({ identifier }) => identifier === null ? null : toIsbn13(identifier))
      .filter((isbn) => isbn !== null),
  );
  const [isbn, ...others] = isbns;
  return isbn === undefined || others.length > 0 ? null : isbn;
}
