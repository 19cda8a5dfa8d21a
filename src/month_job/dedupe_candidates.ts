import type { Queryable } from "../database/connection.ts";
import { findSimilarWorks, findWorksByIsbn } from "../database/works.ts";
import { authorKey } from "../domain/author_name.ts";
import { titleKey } from "../domain/normalise_title.ts";
import { sameBook } from "../domain/same_book.ts";
import type { VerifiedCandidate } from "./verify_candidates.ts";

/**
 * Where a candidate belongs: with a stored work, with another candidate of this month (by its
 * index; that one is never a duplicate), or in a work of its own.
 */
export type Placing =
  | { readonly kind: "stored"; readonly work_id: number; readonly is_synthetic: boolean }
  | { readonly kind: "duplicate"; readonly of: number }
  | { readonly kind: "new" };

export interface PlacedCandidate extends VerifiedCandidate {
  readonly title_key: string;
  readonly author_key: string;
  readonly placing: Placing;
}

/**
 * Stage 5: finds for each candidate whether the book is already there, in the database or in
 * the month: the same ISBN, one of its sibling editions, the same normalised title and author, or a
 * similar title that the match code says is the same book.
 *
 * To be called in the storing transaction, under the catalogue lock.
 */
export async function dedupeCandidates(
  sql: Queryable,
  candidates: readonly VerifiedCandidate[],
): Promise<PlacedCandidate[]> {
  const keyed = candidates.map((candidate) => ({
    ...candidate,
    ...bookKeys(candidate),
    isbns: isbnsOf(candidate),
  }));
  const byIsbn = new Map(
    (await findWorksByIsbn(sql, keyed.flatMap(({ isbns }) => isbns)))
      .map((row) => [row.isbn13, row]),
  );
  const similar = Map.groupBy(await findSimilarWorks(sql, keyed), ({ index }) => index);
  const placings = new Map<number, Placing>();
  for (const index of confirmedFirst(candidates)) {
    const candidate = keyed[index]!;
    const stored = candidate.isbns.map((isbn) => byIsbn.get(isbn)).find((row) => row) ??
      similar.get(index)?.find((work) => work.is_exact || sameBook(work, confirmed(candidate)));
    const [twin] = [...placings].find(([placedIndex, { kind }]) =>
      kind !== "duplicate" && isSameInMonth(candidate, keyed[placedIndex]!)
    ) ?? [];
    if (twin !== undefined) {
      placings.set(index, { kind: "duplicate", of: twin });
    } else if (stored) {
      const { work_id, is_synthetic } = stored;
      placings.set(index, { kind: "stored", work_id, is_synthetic });
    } else placings.set(index, { kind: "new" });
  }
  return keyed.map(({ isbns: _, ...candidate }, index) => ({
    ...candidate,
    placing: placings.get(index)!,
  }));
}

// A confirmed book must not become the duplicate of an unconfirmed one: its work would be synthetic.
function confirmedFirst(candidates: readonly VerifiedCandidate[]): number[] {
  const isFound = (index: number): boolean => candidates[index]!.decision?.kind === "found";
  const indexes = [...candidates.keys()];
  return [...indexes.filter(isFound), ...indexes.filter((index) => !isFound(index))];
}

interface Keyed extends VerifiedCandidate {
  readonly title_key: string;
  readonly author_key: string;
  readonly isbns: readonly string[];
}

function isSameInMonth(a: Keyed, b: Keyed): boolean {
  return a.title_key === b.title_key && a.author_key === b.author_key ||
    a.isbns.some((isbn) => b.isbns.includes(isbn)) ||
    sameBook(confirmed(a), confirmed(b));
}

/** The title and author a work is stored under: the confirmed record's, else as proposed. */
export function confirmed(
  { title, author, decision }: Pick<VerifiedCandidate, "title" | "author" | "decision">,
): { title: string; author: string } {
  if (decision?.kind !== "found") return { title, author };
  return { title: decision.work.title, author: decision.work.authors.join(" & ") || author };
}

// Both keys come from the same place as the stored title and author, or a later month naming the
// book differently would not find it.
function bookKeys(candidate: VerifiedCandidate): { title_key: string; author_key: string } {
  const { title, author } = confirmed(candidate);
  return { title_key: titleKey(title), author_key: authorKey(author) };
}

function isbnsOf({ decision }: VerifiedCandidate): string[] {
  if (decision?.kind !== "found") return [];
  const siblings = decision.work.editions.flatMap(({ isbn13 }) => isbn13 ? [isbn13] : []);
  return [...new Set([decision.isbn13, ...siblings])];
}
