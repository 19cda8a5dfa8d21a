import { z } from "zod";
import { toIsbn13 } from "../../../domain/isbns/isbn.ts";
import { parsePartialDate } from "../../../domain/months/partial_date.ts";
import type { EditionCandidate, WorkCandidate } from "../../../domain/matching/resolver.ts";
import { readAnswer } from "../../http/bad_answer.ts";
import type { HttpReply } from "../../http/http_exchange.ts";
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

/** Sibling ISBNs read of one record. */
const MAX_SIBLINGS = 100;

const siblingSchema = z.object({ isbn: looseText, binding: looseText });

const bookSchema = z.object({
  title: requiredText,
  title_long: looseText,
  isbn13: looseText,
  isbn: looseText,
  isbn10: looseText,
  authors: looseTexts,
  date_published: looseText,
  publisher: looseText,
  binding: looseText,
  language: looseText,
  pages: looseCount,
  other_isbns: looseList(siblingSchema, MAX_SIBLINGS).catch([]),
}).refine(({ isbn13, isbn, isbn10 }) => isbn13 !== null || isbn !== null || isbn10 !== null);

type IsbndbBook = z.infer<typeof bookSchema>;

/**
 * A list answer of any age: the list is called `data` since version 2.7 of the API and `books` before.
 * A body with neither is not one, and parsing fails.
 */
function bookListSchema(limit: number) {
  return z.object({ data: z.unknown().optional(), books: z.unknown().optional() })
    .transform(({ data, books }) => Array.isArray(data) ? data : books)
    .pipe(recordList(bookSchema, limit));
}

/**
 * The works of a list answer, at most as many as were asked for; 404 is how a search that found nothing is answered.
 * Throws `AppError` PROVIDER_BAD_ANSWER when the body holds no list.
 */
export function readBooks(reply: HttpReply, limit: number): readonly WorkCandidate[] {
  if (reply.status === 404) return [];
  const otherwise = "a body without a list of books";
  return readAnswer("isbndb", { reply, schema: bookListSchema(limit), otherwise })
    .map(toWork).filter((work) => work !== null);
}

/** A record, which describes one edition, as a work of its own with its sibling ISBNs. */
function toWork(book: IsbndbBook): WorkCandidate | null {
  // `isbn` holds an ISBN-10 in old answers and an ISBN-13 in new ones; any of the three may be null.
  const isbn13 = [book.isbn13, book.isbn, book.isbn10]
    .map((isbn) => isbn === null ? null : toIsbn13(isbn)).find((isbn) => isbn !== null);
  if (isbn13 === undefined) return null;
  const subtitle = subtitleOf(book);
  const edition: EditionCandidate = {
    isbn13,
    title: book.title,
    subtitle,
    published: book.date_published === null ? null : parsePartialDate(book.date_published),
    language: book.language === null ? null : toLanguageCode(book.language),
    binding: toBinding(book.binding),
    publisher: book.publisher,
    pages: book.pages,
  };
  return {
    provider: "isbndb",
    provider_key: isbn13,
    title: book.title,
    subtitle,
    authors: [...new Set(book.authors)],
    first_published: null,
    popularity: null,
    editions: [edition, ...siblings(book, edition)],
  };
}

/** `title_long` repeats the title before the subtitle. */
function subtitleOf({ title, title_long }: IsbndbBook): string | null {
  if (title_long === null || !title_long.toLowerCase().startsWith(title.toLowerCase())) return null;
  const rest = title_long.slice(title.length).replace(/^[\s:;,.–—-]+/, "").trim();
  return rest === "" ? null : rest;
}

/** Of a sibling only ISBN and binding are known; its date and its language are not this one's. */
function siblings(book: IsbndbBook, edition: EditionCandidate): EditionCandidate[] {
  const seen = new Set([edition.isbn13]);
  return book.other_isbns.flatMap(({ isbn, binding }) => {
    const isbn13 = isbn === null ? null : toIsbn13(isbn);
    if (isbn13 === null || seen.has(isbn13)) return [];
    seen.add(isbn13);
    const unknown = { published: null, language: null, publisher: null, pages: null };
    return [{
      isbn13,
      title: edition.title,
      subtitle: edition.subtitle,
      binding: toBinding(binding),
      ...unknown,
    }];
  });
}
