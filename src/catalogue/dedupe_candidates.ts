import type { Transaction } from "../database/connection/connection.ts";
import {
  findSimilarWorks,
  findWorksByIsbn,
  type KnownWork,
  lockBooks,
} from "../database/catalogue/works.ts";
import {
  type BookName,
  isSameReadBook,
  type ReadBook,
  readBook,
} from "../domain/matching/same_book.ts";
import { wholeTitle } from "../domain/names/whole_title.ts";
import type { VerifiedCandidate } from "../domain/matching/candidate.ts";
import { type WorkKeys, workKeys } from "../domain/names/work_keys.ts";

/**
 * Where a candidate belongs: with a stored work, with another candidate of this month (by its
 * index; that one is never a duplicate), or in a work of its own.
 */
export type Placing =
  | {
    readonly kind: "stored";
    readonly work_id: number;
    readonly is_synthetic: boolean;
    /** Synthetic works that turned out to be this book too, under other spellings. */
    readonly twins: readonly number[];
  }
  | { readonly kind: "duplicate"; readonly of: number }
  | { readonly kind: "new" };

export interface PlacedCandidate extends VerifiedCandidate, WorkKeys {
  readonly placing: Placing;
}

/**
 * Stage 5: finds for each candidate whether the book is already there, in the database or in
 * the month: the same ISBN, one of its sibling editions, the same normalised title and author, or a
 * similar title that the match code says is the same book. From then on, until the caller's
 * transaction ends, no other month can store one of these books.
 */
export async function dedupeCandidates(
  tx: Transaction,
  candidates: readonly VerifiedCandidate[],
): Promise<PlacedCandidate[]> {
  const keyed = candidates.map((candidate) => ({
    ...candidate,
    ...workKeys(confirmed(candidate)),
    isbns: isbnsOf(candidate),
    read: readBook(confirmed(candidate)),
  }));
  const isbns = keyed.flatMap((candidate) => candidate.isbns);
  // Sent together and carried out in order: what is found is found under the locks.
  const [, sameIsbn, alike] = await Promise.all([
    lockBooks(tx, [...isbns, ...keyed.flatMap(({ author_keys }) => author_keys)]),
    findWorksByIsbn(tx, isbns),
    findSimilarWorks(tx, keyed),
  ]);
  const byIsbn = new Map(sameIsbn.map((row) => [row.isbn13, row]));
  const similar = Map.groupBy(alike, ({ index }) => index);
  const placings = new Map<number, Placing>();
  for (const index of confirmedFirst(candidates)) {
    const candidate = keyed[index]!;
    const same = similar.get(index)?.filter((work) =>
      work.is_identical || isSameReadBook(readBook(work), candidate.read)
    ) ?? [];
    const stored = candidate.isbns.map((isbn) =>
      byIsbn.get(isbn)
    ).find((row) => row) ?? same[0];
    const [twin] = [...placings].find(([placedIndex, { kind }]) =>
      kind !== "duplicate" && isSameInMonth(candidate, keyed[placedIndex]!)
    ) ?? [];
    if (twin !== undefined) {
      placings.set(index, { kind: "duplicate", of: twin });
    } else if (stored) {
      const { work_id, is_synthetic } = stored;
      const twins = candidate.decision?.kind === "found" ? twinsOf(work_id, same) : [];
      placings.set(index, { kind: "stored", work_id, is_synthetic, twins });
    } else placings.set(index, { kind: "new" });
  }
  return keyed.map(({ isbns: _, read: __, ...candidate }, index) => ({
    ...candidate,
    placing: placings.get(index)!,
  }));
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
  readonly isbns: readonly string[];
  readonly read: ReadBook;
}

function isSameInMonth(a: Keyed, b: Keyed): boolean {
  return a.identity_key === b.identity_key ||
    a.isbns.some((isbn) => b.isbns.includes(isbn)) ||
    isSameReadBook(a.read, b.read);
}

/**
 * The whole title and the authors a work is stored under: the confirmed record's, else as proposed.
 * Keys are made of these and nothing else, or a later month naming the book differently would not
 * find it.
 */
export function confirmed(
  { title, author, decision }: Pick<VerifiedCandidate, "title" | "author" | "decision">,
): BookName {
  if (decision?.kind !== "found") return { title, author };
  const { work } = decision;
  return {
    title: wholeTitle(work),
    author: work.authors.join(" & ") || author,
  };
}

function isbnsOf({ decision }: VerifiedCandidate): string[] {
  if (decision?.kind !== "found") return [];
  const siblings = decision.work.editions.flatMap(({ isbn13 }) => isbn13 ? [isbn13] : []);
  return [...new Set([decision.isbn13, ...siblings])];
}
