import type { Transaction } from "../database/connection/connection.ts";
import {
  findSimilarWorks,
  findWorksByIsbn,
  type KnownWork,
  lockBooks,
} from "../database/catalogue/works.ts";
import {
  keysOfBook,
  namedBook,
  nameOfBook,
  type StoredBook,
  storedBook,
} from "../domain/catalogue/confirmed_book.ts";
import type { VerifiedCandidate } from "../domain/matching/candidate.ts";
import {
  type BookName,
  isSameReadBook,
  type ReadBook,
  readBook,
} from "../domain/matching/same_book.ts";
import { authorKeys } from "../domain/names/author_name.ts";
import type { WorkKeys } from "../domain/names/work_keys.ts";
import { titleWithSeries } from "../domain/series/title_with_series.ts";

/**
 * Where a candidate belongs: with a stored work, with another candidate of this month (by its
 * index; that one is never a duplicate), or in a work of its own.
 */
export type Placing =
  | {
    readonly kind: "stored";
    readonly work_id: number;
    readonly is_synthetic: boolean;
    /** Whether the work is named by the records that this candidate has. */
    readonly is_named_by: boolean;
    /** Synthetic works that turned out to be this book too, under other spellings. */
    readonly twins: readonly number[];
  }
  | { readonly kind: "duplicate"; readonly of: number }
  | { readonly kind: "new" };

export interface PlacedCandidate extends VerifiedCandidate, WorkKeys {
  /** What is stored of it: what its records call it, however it was asked for. */
  readonly book: StoredBook;
  readonly placing: Placing;
}

/**
 * Stage 5: finds for each candidate whether the book is already there, in the database or in
 * the month: the same ISBN, one of its sibling editions, the same normalised title and author, or a
 * similar title that the match code says is the same book. A confirmed one is looked for under the name it
 * was asked for too, under which another month may have kept it unconfirmed. From then on, until the caller's
 * transaction ends, no other month can store one of these books.
 */
export async function dedupeCandidates(
  tx: Transaction,
  candidates: readonly VerifiedCandidate[],
): Promise<PlacedCandidate[]> {
  const keyed = candidates.map((candidate): Keyed => {
    const book = storedBook(candidate);
    return {
      ...candidate,
      ...keysOfBook(book),
      book,
      isbns: isbnsOf(candidate),
      read: readBook(candidate.decision?.kind === "found" ? nameOfBook(book) : asNamed(candidate)),
    };
  });
  const asked = candidates.map((candidate) => {
    const book = namedBook(candidate);
    return { keys: keysOfBook(book), read: readBook(asNamed(candidate)) };
  });
  const isbns = keyed.flatMap((candidate) => candidate.isbns);
  // Sent together and carried out in order: what is found is found under the locks.
  const [, sameIsbn, alike] = await Promise.all([
    lockBooks(tx, [...isbns, ...keyed.flatMap(lookupKeys)]),
    findWorksByIsbn(tx, isbns),
    findSimilarWorks(tx, [...keyed, ...asked.map(({ keys }) => keys)]),
  ]);
  const byIsbn = new Map(sameIsbn.map((row) => [row.isbn13, row]));
  const similar = Map.groupBy(alike, ({ index }) => index);
  const placings = new Map<number, Placing>();
  for (const index of confirmedFirst(candidates)) {
    const candidate = keyed[index]!;
    const isFound = candidate.decision?.kind === "found";
    const named = similar.get(index)?.filter((work) =>
      work.is_identical || isSameReadBook(readBook(work), candidate.read)
    ) ?? [];
    const unconfirmed = isFound ? similar.get(candidates.length + index) ?? [] : [];
    const same = [
      ...named,
      ...unconfirmed.filter((work) =>
        work.is_synthetic && !named.some(({ work_id }) =>
          work_id === work.work_id
        ) &&
        (work.is_identical || isSameReadBook(readBook(work), asked[index]!.read))
      ),
    ];
    const stored = candidate.isbns.map((isbn) => byIsbn.get(isbn)).find((row) => row) ?? same[0];
    const [twin] = [...placings].find(([placedIndex, { kind }]) =>
      kind !== "duplicate" && isSameInMonth(candidate, keyed[placedIndex]!)
    ) ?? [];
    if (twin !== undefined) {
      placings.set(index, { kind: "duplicate", of: twin });
    } else if (stored) {
      const { work_id, is_synthetic } = stored;
      const twins = isFound ? twinsOf(work_id, same) : [];
      const is_named_by = isFound && stored.named_by === candidate.resolution_key;
      placings.set(index, { kind: "stored", work_id, is_synthetic, is_named_by, twins });
    } else placings.set(index, { kind: "new" });
  }
  return keyed.map(({ isbns: _, read: __, ...candidate }, index) => ({
    ...candidate,
    placing: placings.get(index)!,
  }));
}

/** The book as it was asked for, with the series that was said of it. */
function asNamed(candidate: VerifiedCandidate): BookName {
  return { title: titleWithSeries(candidate), author: candidate.author };
}

function twinsOf(workId: number, same: readonly KnownWork[]): number[] {
  return same.filter(({ work_id, is_synthetic }) => is_synthetic && work_id !== workId)
    .map(({ work_id }) => work_id);
}

// A confirmed book must not become the duplicate of an unconfirmed one: its work would be synthetic.
function confirmedFirst(candidates: readonly VerifiedCandidate[]): number[] {
  const isFound = (index: number): boolean => candidates[index]!.decision?.kind === "found";
  const indexes = [...candidates.keys()];
  return [...indexes.filter(isFound), ...indexes.filter((index) => !isFound(index))];
}

interface Keyed extends VerifiedCandidate, WorkKeys {
  readonly book: StoredBook;
  readonly isbns: readonly string[];
  readonly read: ReadBook;
}

function isSameInMonth(a: Keyed, b: Keyed): boolean {
  return a.identity_key === b.identity_key ||
    a.isbns.some((isbn) => b.isbns.includes(isbn)) ||
    isSameReadBook(a.read, b.read);
}

/** Where the book or one of its authors may be stored, under every name that is known of them. */
function lookupKeys({ author, author_keys, book }: Keyed): string[] {
  const names = book.authors.flatMap(({ name_keys }) => name_keys);
  return [...author_keys, ...[author, ...names].flatMap(authorKeys)];
}

function isbnsOf({ decision }: VerifiedCandidate): string[] {
  if (decision?.kind !== "found") return [];
  const siblings = decision.work.editions.flatMap(({ isbn13 }) => isbn13 ? [isbn13] : []);
  return [...new Set([decision.isbn13, ...siblings])];
}
