import {
  type Fragment,
  momentParameter,
  type Queryable,
  type Transaction,
} from "../connection/connection.ts";

/** A claim nobody seems to be working on. */
export interface StrandedClaim {
  readonly month_id: number;
  readonly year: number;
  readonly month: number;
  readonly job_id: string;
  /** Its lease has run out; otherwise it is a claim of this worker that it did not say it holds. */
  readonly is_lapsed: boolean;
  readonly has_begun: boolean;
  /** It left something behind that the next attempt will not have to ask for again. */
  readonly has_progress: boolean;
  /** Earlier losses of this month in a row that left nothing behind. */
  readonly losses_in_row: number;
  readonly calls: Readonly<Record<string, number>>;
}

/**
 * Claims whose lease has lapsed, and claims this worker began but no longer holds (it was killed and
 * has come back, or could not write the outcome): their lease need not be waited for. Locked for the
 * caller's transaction; rows another rescuer holds are skipped.
 */
export async function lockLostClaims(
  tx: Transaction,
  { worker, heldJobIds, limit, at }: {
    worker: string;
    heldJobIds: readonly string[];
    limit: number;
    at: Date | null;
  },
): Promise<StrandedClaim[]> {
  return await tx<StrandedClaim[]>`
    SELECT l.id AS month_id, l.year, l.month, l.job_id,
      l.lease_expires_at < coalesce(${momentParameter(at)}::timestamptz, now()) AS is_lapsed,
      coalesce(a.begun_at IS NOT NULL, true) AS has_begun,
      ${hasProgress(tx, tx`l.job_id`)} AS has_progress,
      (
        SELECT count(*)::int FROM backfill_attempt lost
        WHERE lost.month_id = l.id AND lost.outcome = 'lost' AND lost.begun_at IS NOT NULL
          AND lost.id > coalesce((
            SELECT max(other.id) FROM backfill_attempt other
            WHERE other.month_id = l.id
              AND (other.outcome NOT IN ('lost', 'released')
                OR ${hasProgress(tx, tx`other.job_id`)})
          ), 0)
      ) AS losses_in_row,
      coalesce(a.calls, '{}') AS calls
    FROM backfill_log l LEFT JOIN backfill_attempt a ON a.job_id = l.job_id
    WHERE l.status = 'processing'
      AND (
        l.lease_expires_at < coalesce(${momentParameter(at)}::timestamptz, now())
        OR a.worker = ${worker} AND NOT (l.job_id = ANY(${heldJobIds as string[]}::uuid[]))
      )
    ORDER BY l.year DESC, l.month DESC
    LIMIT ${limit}
    FOR UPDATE OF l SKIP LOCKED`;
}

function hasProgress(
  sql: Queryable,
  jobId: Fragment,
): Fragment {
  return sql`(EXISTS (SELECT 1 FROM generation g WHERE g.job_id = ${jobId})
    OR EXISTS (SELECT 1 FROM evidence e WHERE e.job_id = ${jobId}))`;
}

/**
 * Claims that nobody has begun although their hint was sent `olderThanSeconds` ago or, when it was
 * this worker that sent it, that this worker does not hold: the hint may be lost and can be sent
 * again without harm.
 */
export async function listUnbegunClaims(
  sql: Queryable,
  { worker, heldJobIds, olderThanSeconds, limit, at }: {
    worker: string;
    heldJobIds: readonly string[];
    olderThanSeconds: number;
    limit: number;
    at: Date | null;
  },
): Promise<{ year: number; month: number; job_id: string }[]> {
  return await sql<{ year: number; month: number; job_id: string }[]>`
    SELECT l.year, l.month, l.job_id
    FROM backfill_log l JOIN backfill_attempt a ON a.job_id = l.job_id
    WHERE l.status = 'processing' AND a.begun_at IS NULL AND a.ended_at IS NULL
      AND NOT (l.job_id = ANY(${heldJobIds as string[]}::uuid[]))
      AND a.hinted_at < coalesce(${momentParameter(at)}::timestamptz, now())
        - make_interval(secs => CASE WHEN a.claimed_by = ${worker} THEN 0 ELSE ${olderThanSeconds} END)
    ORDER BY l.year DESC, l.month DESC
    LIMIT ${limit}`;
}
