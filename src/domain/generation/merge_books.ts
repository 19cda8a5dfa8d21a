import type { ListedBook } from "../answers/book_items.ts";
import type { Candidate } from "../matching/candidate.ts";
import { isSameReadBook, type ReadBook, readBook } from "../matching/same_book.ts";
import type { GeneratorName } from "./generator.ts";

/** A book of a generator's list. */
export interface NamedBook extends ListedBook {
  readonly named_by: GeneratorName;
}

/** Stage 2: the same book from several generators becomes one candidate; order is kept. Pure. */
export function mergeBooks(books: readonly NamedBook[]): Candidate[] {
  const candidates: Candidate[] = [];
  const read: ReadBook[] = [];
  for (const book of books) {
    const reading = readBook(book);
    const index = read.findIndex((candidate) => isSameReadBook(candidate, reading));
    const known = candidates[index];
    if (known === undefined) {
      const { title, author, month } = book;
      candidates.push({ title, author, month, named_by: [book.named_by] });
      read.push(reading);
    } else {
      candidates[index] = {
        ...known,
        month: known.month ?? book.month,
        named_by: [...new Set([...known.named_by, book.named_by])],
      };
    }
  }
  return candidates;
}
