import type { MonthFit } from "../domain/month_fit.ts";
import type { Queryable } from "./connection.ts";
import type { MonthCounts } from "./months.ts";

export type CandidateVerdict = "found" | "ambiguous" | "not_found" | "unavailable";

export type Placement = "new" | "known" | "duplicate" | "synthetic";

export interface CandidateRow {
  readonly position: number;
  readonly title: string;
  readonly author: string;
  readonly named_by: readonly string[];
  readonly resolution_key: string;
  readonly verdict: CandidateVerdict;
  readonly isbn13: string | null;
  readonly work_id: number | null;
  readonly placement: Placement;
  readonly month_fit: MonthFit;
}

/** Puts the candidates of a month in the place of those of an earlier run. */
export async function replaceCandidates(
  sql: Queryable,
  { monthId, candidates }: { monthId: number; candidates: readonly CandidateRow[] },
): Promise<void> {
  const deleted = sql`DELETE FROM candidate WHERE month_id = ${monthId}`;
  const inserted = sql`
    INSERT INTO candidate (month_id, position, title, author, named_by, resolution_key, verdict,
      isbn13, work_id, placement, month_fit)
    SELECT ${monthId}, position, title, author,
      ARRAY(SELECT jsonb_array_elements_text(named_by)), resolution_key, verdict, isbn13, work_id,
      placement, month_fit
    FROM jsonb_to_recordset(${sql.json(candidates as never)}::jsonb) AS given (
      position int, title text, author text, named_by jsonb, resolution_key text, verdict text,
      isbn13 text, work_id int, placement text, month_fit text)`;
  await Promise.all([deleted, inserted]);
}

/** The month's numbers, counted from its candidates and from what it queued. */
export async function countCandidates(sql: Queryable, monthId: number): Promise<MonthCounts> {
  const [row] = await sql<MonthCounts[]>`
    SELECT count(*)::int AS books_generated,
      count(*) FILTER (WHERE verdict = 'found')::int AS isbns_resolved,
      count(DISTINCT q.isbn13)::int AS isbns_queued
    FROM candidate c
    LEFT JOIN enrichment_queue q ON q.isbn13 = c.isbn13 AND q.month_id = c.month_id
    WHERE c.month_id = ${monthId}`;
  return row!;
}
