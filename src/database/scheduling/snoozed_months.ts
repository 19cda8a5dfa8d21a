import type { ErrorCode } from "../../errors.ts";
import { momentParameter, type Queryable } from "../connection/connection.ts";

/**
 * Makes the months due that wait for an obstacle of one of these kinds, and counts them. Months that
 * somebody has locked are left as they are: they are being taken up or changed anyway.
 */
export async function wakeSnoozedMonths(
  sql: Queryable,
  { codes, at }: { codes: readonly ErrorCode[]; at: Date | null },
): Promise<number> {
  const rows = await sql`
    UPDATE backfill_log
    SET next_attempt_at = coalesce(${momentParameter(at)}::timestamptz, now())
    WHERE id IN (
      SELECT l.id FROM backfill_log l JOIN backfill_attempt a ON a.job_id = l.job_id
      WHERE l.status = 'retry'
        AND l.next_attempt_at > coalesce(${momentParameter(at)}::timestamptz, now())
        AND a.outcome = 'snoozed' AND a.error_code = ANY(${codes as string[]}::text[])
      FOR UPDATE OF l SKIP LOCKED
    )
    RETURNING id`;
  return rows.length;
}
