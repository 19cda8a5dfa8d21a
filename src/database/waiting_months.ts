import type { Queryable } from "./connection.ts";

/** The months that wait to be tried again. */
export interface WaitingMonths {
  readonly count: number;
  /** When the first of them is due; null when a person set it back by hand, which is at once. */
  readonly first_due_at: Date | null;
  /** What the first of them waits for. */
  readonly first_reason: string | null;
}

/** How many months wait, for what and until when; null when none does. */
export async function readWaiting(sql: Queryable): Promise<WaitingMonths | null> {
  const [row] = await sql<WaitingMonths[]>`
    SELECT count(*) OVER ()::int AS count, next_attempt_at AS first_due_at,
      error_message AS first_reason
    FROM backfill_log WHERE status = 'retry'
    ORDER BY next_attempt_at NULLS FIRST, year DESC, month DESC
    LIMIT 1`;
  return row ?? null;
}
