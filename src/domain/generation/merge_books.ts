import { isSameReadBook, type ReadBook, readBook } from "../matching/same_book.ts";
import type { GeneratorName } from "./generator.ts";
import type { NamedBook } from "../../generation/ask_generator.ts";

/** A book proposed for the month, with everybody who named it. */
export interface Candidate {
  readonly title: string;
  readonly author: string;
  /** 1–12, as the first generator that gave one says. */
  readonly month: number | null;
  readonly named_by: readonly GeneratorName[];
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
