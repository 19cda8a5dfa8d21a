import { removeBareAuthors, unlinkAuthors } from "../database/catalogue/authors.ts";
import {
  findIdenticalWorks,
  mergeWorks,
  readWorkNames,
  renameWorks,
  type WorkNames,
} from "../database/catalogue/works.ts";
import type { Transaction } from "../database/connection/connection.ts";
import { keysOfBook, type StoredBook } from "../domain/catalogue/confirmed_book.ts";
import { linkBookAuthors } from "./link_book_authors.ts";

/** A stored work, and what its records call it now. */
export interface NamedWork {
  readonly work_id: number;
  readonly book: StoredBook;
}

/**
 * Gives stored works the names their records have for them now, with the keys and authors of these, where
 * anything is stored otherwise. Another work that bears such a name is the same book and becomes
 * part of it, unless it is one of `kept`.
 *
 * To be called under the locks of these books.
 */
export async function renameStoredWorks(
  tx: Transaction,
  { works, kept, at }: { works: readonly NamedWork[]; kept: readonly number[]; at: Date | null },
): Promise<void> {
  const stored = new Map(
    (await readWorkNames(tx, works.map(({ work_id }) => work_id)))
      .map((names) => [names.work_id, names]),
  );
  const changed = works.filter(({ work_id, book }) => {
    const names = stored.get(work_id);
    return names !== undefined && !isNamedSo(names, book);
  });
  if (changed.length === 0) return;
  const renamed = changed.map(({ work_id, book }) => {
    const { authors: _, ...title } = book;
    const { author_keys: __, ...keys } = keysOfBook(book);
    return { work_id, ...title, ...keys };
  });
  const merges = (await findIdenticalWorks(tx, renamed))
    .filter(({ work_id }) => !kept.includes(work_id))
    .map(({ work_id, like }) => ({ work_id, into: like }));
  const before = await unlinkAuthors(tx, [
    ...renamed.map(({ work_id }) => work_id),
    ...merges.map(({ work_id }) => work_id),
  ]);
  await mergeWorks(tx, merges);
  await renameWorks(tx, { works: renamed, at });
  await linkBookAuthors(
    tx,
    changed.map(({ work_id, book }) => ({ work_id, authors: book.authors })),
  );
  await removeBareAuthors(tx, before);
}

function isNamedSo(names: WorkNames, book: StoredBook): boolean {
  const { title, subtitle, series, series_place } = names;
  const stored = [title, subtitle, series, series_place, ...names.credits];
  const wanted = [
    book.title,
    book.subtitle,
    book.series,
    book.series_place,
    ...book.authors.map(({ name }) => name),
  ];
  return stored.length === wanted.length && stored.every((text, index) => text === wanted[index]);
}
