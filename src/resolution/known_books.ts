import type { Queryable } from "../database/connection/connection.ts";
import { findDecisionsOfWorks } from "../database/resolution/resolutions.ts";
import { findSimilarWorks } from "../database/catalogue/works.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import type { CheckState } from "../domain/isbns/isbn_check.ts";
import { type BookName, isSameReadBook, readBook } from "../domain/matching/same_book.ts";
import type { StatedSeries } from "../domain/series/series_fields.ts";
import { titleWithSeries } from "../domain/series/title_with_series.ts";
import { workKeys } from "../domain/names/work_keys.ts";

/** A decision from before, and the key it is remembered under. */
export interface KnownBook {
  readonly key: string;
  readonly decision: MatchDecision;
  readonly check_state: CheckState;
}

/**
 * Which of the books the database already holds with an ISBN: the catalogues need not be asked about
 * those, even when they were named for another year. Answers by the book's index.
 */
export async function findKnownBooks(
  sql: Queryable,
  named: readonly (BookName & StatedSeries)[],
): Promise<Map<number, KnownBook>> {
  if (named.length === 0) return new Map();
  const books = named.map((book) => ({ title: titleWithSeries(book), author: book.author }));
  const similar = await findSimilarWorks(sql, books.map(workKeys));
  const workIds = new Map<number, number>();
  for (const work of similar) {
    if (work.is_synthetic || workIds.has(work.index)) continue;
    if (isSameReadBook(readBook(work), readBook(books[work.index]!))) {
      workIds.set(work.index, work.work_id);
    }
  }
  const decisions = new Map(
    (await findDecisionsOfWorks<MatchDecision>(sql, [...workIds.values()]))
      .map(({ work_id, key, decision, check_state }) => [work_id, { key, decision, check_state }]),
  );
  return new Map(
    [...workIds].flatMap(([index, workId]) => {
      const known = decisions.get(workId);
      return known === undefined ? [] : [[index, known]];
    }),
  );
}
