import type { ListedBook } from "../answers/book_items.ts";
import type { Candidate } from "../matching/candidate.ts";
import { isSameReadBook, type ReadBook, readBook } from "../matching/same_book.ts";
import type { StatedSeries } from "../series/series_fields.ts";
import { statedSeriesNames, titleWithPlace, titleWithSeries } from "../series/title_with_series.ts";
import type { GeneratorName } from "./generator.ts";

/** A book of a generator's list. */
export interface NamedBook extends ListedBook {
  readonly named_by: GeneratorName;
}

/**
 * Stage 2: the same book from several generators becomes one candidate; order is kept. Where one says the
 * series in the title, another apart from it and a third not at all, it is one book. Pure.
 */
export function mergeBooks(books: readonly NamedBook[]): Candidate[] {
  const candidates: Candidate[] = [];
  const read: ReadBook[] = [];
  for (const book of books) {
    const reading = readBook({ title: titleWithSeries(book), author: book.author });
    const index = read.findIndex((candidate) => isSameReadBook(candidate, reading));
    const known = candidates[index];
    if (known === undefined) {
      const { title, author, month, series, number } = book;
      candidates.push({ title, author, month, series, number, named_by: [book.named_by] });
      read.push(reading);
    } else {
      candidates[index] = {
        ...known,
        ...mergeSeries(known, book),
        month: known.month ?? book.month,
        named_by: [...new Set([...known.named_by, book.named_by])],
      };
    }
  }
  return candidates.map((candidate) => ({ ...candidate, title: titleWithPlace(candidate) }));
}

/** The first series that is named counts, with the first number that is given for it. */
function mergeSeries(known: StatedSeries, other: StatedSeries): StatedSeries {
  const { series, number } = known.series === null ? other : known;
  const isSame = statedSeriesNames(known).some((name) => statedSeriesNames(other).includes(name));
  return { series, number: number ?? (isSame ? other.number : null) };
}
