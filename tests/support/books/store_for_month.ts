import type { Database } from "../../../src/database/connection/connection.ts";
import { type MonthCounts, seedMonths } from "../../../src/database/months/months.ts";
import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import type { MatchDecision } from "../../../src/domain/matching/decide_match.ts";
import type { CheckState } from "../../../src/domain/isbns/isbn_check.ts";
import type { EditionCandidate, WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { dedupeCandidates } from "../../../src/catalogue/dedupe_candidates.ts";
import type { ResolvedCandidate } from "../../../src/domain/matching/candidate.ts";
import { storeCandidates } from "../../../src/catalogue/store_candidates.ts";
import { verifyCandidates } from "../../../src/resolution/verify_candidates.ts";
import * as records from "./match_records.ts";

/** A book as a month names it, and what the evidence says. */
export interface NamedForMonth {
  readonly title: string;
  readonly author?: string;
  /** ISBNs of the work's editions, the confirmed one first; none when nobody could confirm it. */
  readonly isbns?: readonly string[];
  /** What the confirmed record says otherwise than the month. */
  readonly work?: Partial<WorkCandidate>;
  readonly edition?: Partial<EditionCandidate>;
  /** Of its ISBN; checked by default. */
  readonly check_state?: CheckState;
}

/** The candidate that a month has of the book when it is looked up. */
export function candidate(book: NamedForMonth): ResolvedCandidate {
  const { title, author = "Mara Quill", isbns = [] } = book;
  const named = { title, author, ...NO_SERIES, month: 3, named_by: ["gemini" as const] };
  const rest = {
    resolution_key: `key of ${title}`,
    unavailable: [],
    check_state: book.check_state ?? "checked" as const,
  };
  const [isbn13] = isbns;
  const decision = isbn13 === undefined ? notFound() : found({ ...book, author, isbns });
  return { ...named, ...rest, decision };
}

function notFound(): MatchDecision {
  return { kind: "not_found", considered: [] };
}

function found(
  { title, author, isbns, work: said, edition }: NamedForMonth & {
    readonly author: string;
    readonly isbns: readonly string[];
  },
): MatchDecision {
  const published = { year: 2012, month: 3, day: 6 };
  const editions = isbns.map((isbn13) =>
    records.edition({ isbn13, title, published, ...records.PRINTED, ...edition })
  );
  return records.found(records.work({ title, authors: [author], editions, ...said }));
}

/** Stores books for the given month (1–12 of 2012), as the month job does. */
export async function storeFor(
  { sql }: Database,
  { month, books }: { month: number; books: readonly NamedForMonth[] },
): Promise<MonthCounts> {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  const [row] = await sql<{ id: number }[]>`SELECT id FROM backfill_log WHERE month = ${month}`;
  return await sql.begin(async (tx) => {
    const named = { year: 2012, month };
    const verified = await verifyCandidates(tx, { month: named, candidates: books.map(candidate) });
    const candidates = await dedupeCandidates(tx, verified);
    return await storeCandidates(tx, { monthId: row!.id, month: named, candidates, at: null });
  });
}

/** What is stored, in the order it was. */
export async function shelf({ sql }: Database): Promise<unknown[]> {
  const rows = await sql`
    SELECT w.title, w.is_synthetic, w.completeness,
      array(SELECT isbn13 FROM edition e WHERE e.work_id = w.id ORDER BY isbn13) AS isbns
    FROM work w ORDER BY w.id`;
  return rows.map((row) => ({ ...row }));
}
