import type { MonthFit } from "../../domain/months/month_fit.ts";
import type { StatedSeries } from "../../domain/series/series_fields.ts";
import { momentParameter, type Queryable, type Transaction } from "../connection/connection.ts";
import type { MonthCounts } from "../months/months.ts";

export type CandidateVerdict = "found" | "ambiguous" | "not_found" | "unavailable";

export type Placement = "new" | "known" | "duplicate" | "synthetic";

export interface CandidateRow extends StatedSeries {
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
  /** Providers that could not answer about it. */
  readonly unheard: readonly string[];
}

/**
 * Puts the candidates of a month in the place of those of an earlier run. To be called in a transaction:
 * on connections of their own its statements could be carried out in another order.
 */
export async function replaceCandidates(
  tx: Transaction,
  { monthId, candidates }: { monthId: number; candidates: readonly CandidateRow[] },
): Promise<void> {
  const deleted = tx`DELETE FROM candidate WHERE month_id = ${monthId}`;
  const inserted = tx`
    INSERT INTO candidate (month_id, position, title, author, series, number, named_by,
      resolution_key, verdict, isbn13, work_id, placement, month_fit, unheard)
    SELECT ${monthId}, position, title, author, series, number,
      ARRAY(SELECT jsonb_array_elements_text(named_by)), resolution_key, verdict, isbn13, work_id,
      placement, month_fit, ARRAY(SELECT jsonb_array_elements_text(unheard))
    FROM jsonb_to_recordset(${tx.json(candidates as never)}::jsonb) AS given (
      position int, title text, author text, series text, number text, named_by jsonb,
      resolution_key text, verdict text, isbn13 text, work_id int, placement text, month_fit text, unheard jsonb)`;
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

/**
 * Completed months with books some provider could not be asked about, all of those providers
 * answering again, locked until the caller's transaction ends. A month that has been taken up for
 * this before waits twice as long each time, from `firstWaitSeconds`.
 */
export async function lockMonthsToAskAgain(
  tx: Transaction,
  { firstWaitSeconds, limit, at }: { firstWaitSeconds: number; limit: number; at: Date | null },
): Promise<number[]> {
  const now = tx`coalesce(${momentParameter(at)}::timestamptz, now())`;
  const rows = await tx<{ id: number }[]>`
    SELECT l.id FROM backfill_log l
    WHERE l.status = 'completed'
      AND l.id IN (SELECT month_id FROM candidate WHERE verdict = 'unavailable')
      AND NOT EXISTS (
        SELECT 1 FROM candidate c JOIN provider_health h ON h.provider = ANY(c.unheard)
        WHERE c.month_id = l.id AND c.verdict = 'unavailable'
          AND h.state = 'open' AND h.open_until > ${now}
      )
      AND l.completed_at + make_interval(secs => ${firstWaitSeconds}::float8 * 2 ^ (
        SELECT least(count(*) - 1, 10) FROM backfill_attempt a
        WHERE a.month_id = l.id AND a.outcome = 'completed'
      )) <= ${now}
    ORDER BY l.year DESC, l.month DESC
    LIMIT ${limit}
    FOR UPDATE OF l SKIP LOCKED`;
  return rows.map(({ id }) => id);
}
