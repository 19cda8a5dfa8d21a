import type { VerifiedCandidate } from "../matching/candidate.ts";
import { type WorkKeys, workKeys } from "../names/work_keys.ts";
import { foldText } from "../text/fold_text.ts";
import { isSameText } from "../titles/title_spelling.ts";
import { wholeTitle } from "../titles/whole_title.ts";
import { type BookAuthor, confirmedAuthors, namedAuthors } from "./confirmed_authors.ts";
import { type BookTitle, confirmedTitle } from "./confirmed_title.ts";

/** A book as it is stored. */
export interface StoredBook extends BookTitle {
  readonly authors: readonly BookAuthor[];
}

/**
 * The book as it is stored: by the records that the decision took for it, however it was asked for. One that
 * nobody could confirm is what it was named.
 */
export function storedBook(
  { title, author, series, decision, records }: Pick<
    VerifiedCandidate,
    "title" | "author" | "series" | "decision" | "records"
  >,
): StoredBook {
  if (decision?.kind !== "found") return namedBook({ title, author });
  const taken = records.length > 0 ? records : [decision.work];
  const authors = confirmedAuthors(taken);
  return {
    ...confirmedTitle({ records: taken, edition: decision.edition, asked: title, series }),
    authors: authors.length > 0 ? authors : namedAuthors(author),
  };
}

/** A book that nobody could confirm, as somebody named it. */
export function namedBook({ title, author }: { title: string; author: string }): StoredBook {
  return {
    title,
    subtitle: null,
    series: null,
    series_place: null,
    authors: namedAuthors(author),
  };
}

/** The names a book is compared by: its whole title, with its place in a series behind it, and its authors. */
export function nameOfBook(book: StoredBook): { title: string; author: string } {
  const { series, series_place: place } = book;
  const mark = series === null || place === null ? "" : ` (${series}, #${place})`;
  return {
    title: `${wholeTitle(book)}${mark}`,
    author: book.authors.map(({ name }) => name).join(" & "),
  };
}

/**
 * The keys a book is stored and found under, made of what is stored and nothing else, or a later month naming
 * the book differently would not find it. The place in the series is among them only where the title is the
 * name of the series, which all its volumes have.
 */
export function keysOfBook(book: StoredBook): WorkKeys {
  const { title, author } = nameOfBook(book);
  const isSeries = book.series !== null && isSameText(foldText(book.title), foldText(book.series));
  return workKeys({ title: isSeries ? title : wholeTitle(book), author });
}
