import type postgres from "postgres";
import type { Transaction } from "../database/connection/connection.ts";
import { isRefusedRecord } from "../database/catalogue/refused_record.ts";
import type { Log } from "../log.ts";
import type { VerifiedCandidate } from "../domain/matching/candidate.ts";

/** A book the database refused. */
export interface RefusedBook {
  readonly title: string;
  /** What the database said. */
  readonly reason: string;
}

/** Books that can be stored together, and those that were kept apart for it. */
export interface SortedBooks {
  readonly candidates: readonly VerifiedCandidate[];
  readonly refused: readonly RefusedBook[];
}

/** Stores books in the transaction it is given. */
export type StoreBooks<T> = (tx: Transaction, books: SortedBooks) => Promise<T>;

/**
 * Stores books in one transaction. When the database refuses one of them for what it says, that book is
 * kept apart and the others are stored: as if nobody could confirm it, or not at all where even its name
 * is refused. Which one it is shows when each is stored alone and rolled back.
 *
 * Throws what `store` throws otherwise, and what is no single book's fault.
 */
export async function storeApart<T>(
  sql: postgres.Sql,
  { candidates, store, log }: {
    candidates: readonly VerifiedCandidate[];
    store: StoreBooks<T>;
    log: Log;
  },
): Promise<T> {
  try {
    return await sql.begin((tx) => store(tx, { candidates, refused: [] })) as T;
  } catch (error) {
    if (!isRefusedRecord(error)) throw error;
    const books = await sortOut(sql, { candidates, store });
    if (books.refused.length === 0) throw error;
    for (const book of books.refused) log.error("book_not_stored", { ...book });
    return await sql.begin((tx) => store(tx, books)) as T;
  }
}

async function sortOut<T>(
  sql: postgres.Sql,
  { candidates, store }: { candidates: readonly VerifiedCandidate[]; store: StoreBooks<T> },
): Promise<SortedBooks> {
  const kept: VerifiedCandidate[] = [];
  const refused: RefusedBook[] = [];
  for (const candidate of candidates) {
    const reason = await refusalOf(sql, { candidate, store });
    if (reason === null) {
      kept.push(candidate);
      continue;
    }
    refused.push({ title: candidate.title, reason });
    const bare = withoutDecision(candidate, reason);
    if (await refusalOf(sql, { candidate: bare, store }) === null) kept.push(bare);
  }
  return { candidates: kept, refused };
}

/** Undoes a transaction whose outcome is all that was wanted. */
class Undone extends Error {}

async function refusalOf<T>(
  sql: postgres.Sql,
  { candidate, store }: { candidate: VerifiedCandidate; store: StoreBooks<T> },
): Promise<string | null> {
  try {
    await sql.begin(async (tx) => {
      await store(tx, { candidates: [candidate], refused: [] });
      throw new Undone();
    });
  } catch (error) {
    if (isRefusedRecord(error)) return error.message;
    if (!(error instanceof Undone)) throw error;
  }
  return null;
}

function withoutDecision(candidate: VerifiedCandidate, reason: string): VerifiedCandidate {
  return {
    ...candidate,
    decision: { kind: "ambiguous", reason: `It cannot be stored: ${reason}`, considered: [] },
    check_state: "not_needed",
    first_published: null,
    month_fit: "unknown",
    records: [],
  };
}
