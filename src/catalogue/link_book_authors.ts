import {
  linkAuthors,
  lockAuthors,
  mergeAuthors,
  nameAuthors,
  showAuthors,
  storeAuthors,
} from "../database/catalogue/authors.ts";
import type { Transaction } from "../database/connection/connection.ts";
import type { BookAuthor } from "../domain/catalogue/confirmed_authors.ts";
import { settleAuthors } from "../domain/catalogue/settle_authors.ts";

/** A work that has no authors yet, and who they are. */
export interface WorkWithAuthors {
  readonly work_id: number;
  readonly authors: readonly BookAuthor[];
}

/**
 * Links works with their authors in the order given. Those who are stored are found under any name that their
 * records bear; several who turn out to be one become one, with all their works.
 *
 * To be called in the transaction that stores the works, under the locks of these books.
 */
export async function linkBookAuthors(
  tx: Transaction,
  works: readonly WorkWithAuthors[],
): Promise<void> {
  const credited = works.flatMap(({ work_id, authors }) =>
    authors.map((author, position) => ({ work_id, author, position }))
  );
  if (credited.length === 0) return;
  const persons = credited.map(({ author }) => author);
  const names = [...new Set(persons.flatMap(({ name_keys }) => name_keys))];
  const { authors, of } = settleAuthors(persons, await lockAuthors(tx, names));
  const fresh = authors.filter(({ author_id }) => author_id === null);
  const freshIds = new Map(
    (await storeAuthors(tx, fresh)).map((id, index) => [fresh[index]!, id]),
  );
  const stored = authors.map((author) => ({
    ...author,
    author_id: author.author_id ?? freshIds.get(author)!,
  }));
  const ids = stored.map(({ author_id }) => author_id);
  // Sent together and carried out in this order: each needs what those before it did.
  await Promise.all([
    mergeAuthors(
      tx,
      stored.flatMap(({ author_id: into, merged }) =>
        merged.map((author_id) => ({ author_id, into }))
      ),
    ),
    nameAuthors(
      tx,
      stored.map(({ author_id, name_key, name_keys }) => ({ author_id, name_key, name_keys })),
    ),
    linkAuthors(
      tx,
      credited.map(({ work_id, author, position }, index) => ({
        work_id,
        author_id: ids[of[index]!]!,
        position,
        credited_as: author.name,
      })),
    ),
    showAuthors(tx, ids),
  ]);
}
