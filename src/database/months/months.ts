import type { Month } from "../../domain/months/month.ts";
import { MAX_ATTEMPTS, type MonthStatus } from "../../domain/months/month_state.ts";
import type { PromptVariant } from "../../domain/generation/prompt.ts";
import { ClaimLostError } from "../../errors.ts";
import { momentParameter, type Queryable, type Transaction } from "../connection/connection.ts";

/**
 * One function per legal move of `domain/month_state.ts`. Every move of a claimed month is fenced by
 * its `job_id`: when the row is no longer processing under that claim, no row comes back and the
 * function throws {@linkcode ClaimLostError} without having changed anything.
 *
 * `at` is the moment to write; `null` means the database's now().
 */

export interface ClaimedMonth extends Month {
  readonly month_id: number;
  readonly job_id: string;
  /** Books asked for. */
  readonly batch_size: number;
  readonly prompt_variant: string | null;
  /** Attempts spent before this one. */
  readonly retry_count: number;
}

/** Adds the missing months of the years as `pending`; returns how many were added. */
export async function seedMonths(
  sql: Queryable,
  { yearStart, yearEnd }: { yearStart: number; yearEnd: number },
): Promise<number> {
  const rows = await sql`
    INSERT INTO backfill_log (year, month)
    SELECT year, month
    FROM generate_series(${yearStart}::int, ${yearEnd}::int) AS year,
      generate_series(1, 12) AS month
    ON CONFLICT (year, month) DO NOTHING
    RETURNING id`;
  return rows.length;
}

/**
 * Claims the given months that are `pending`, or `retry` and due, and opens an attempt for each.
 * Months that are anything else by now are left out of the answer. The caller's transaction should
 * hold the rows (`lockDueMonths`), so that two claimers never wait for each other.
 *
 * The attempts belong to the run `runId`; without one, to the run of each month's latest attempt.
 * `promptVariant` is written to the months; without one, each keeps its own.
 */
export async function claimMonths(
  tx: Transaction,
  { monthIds, leaseSeconds, claimedBy, runId = null, promptVariant = null, at }: {
    monthIds: readonly number[];
    leaseSeconds: number;
    claimedBy: string;
    runId?: number | null;
    promptVariant?: PromptVariant | null;
    at: Date | null;
  },
): Promise<ClaimedMonth[]> {
  if (monthIds.length === 0) return [];
  const moment = momentParameter(at);
  return await tx<ClaimedMonth[]>`
    WITH claimed AS (
      UPDATE backfill_log
      SET status = 'processing',
        job_id = gen_random_uuid(),
        started_at = coalesce(${moment}::timestamptz, now()),
        completed_at = NULL,
        lease_expires_at =
          coalesce(${moment}::timestamptz, now()) + make_interval(secs => ${leaseSeconds}),
        next_attempt_at = NULL,
        prompt_variant = coalesce(${promptVariant}, prompt_variant)
      WHERE id = ANY(${monthIds as number[]}::int[])
        AND (
          status = 'pending'
          OR status = 'retry'
            AND coalesce(next_attempt_at <= coalesce(${moment}::timestamptz, now()), true)
        )
      RETURNING id AS month_id, year, month, job_id, batch_size, prompt_variant, retry_count
    ), abandoned AS (
      -- A month that was changed by hand leaves its attempt open; the next claim closes it.
      UPDATE backfill_attempt
      SET outcome = 'lost', ended_at = coalesce(${moment}::timestamptz, now())
      WHERE ended_at IS NULL AND month_id IN (SELECT month_id FROM claimed)
    ), attempts AS (
      INSERT INTO backfill_attempt (month_id, job_id, claimed_by, claimed_at, hinted_at, run_id)
      SELECT month_id, job_id, ${claimedBy},
        coalesce(${moment}::timestamptz, now()), coalesce(${moment}::timestamptz, now()),
        coalesce(${runId}, (
          SELECT last.run_id FROM backfill_attempt last
          WHERE last.month_id = claimed.month_id ORDER BY last.id DESC LIMIT 1
        ))
      FROM claimed
    )
    SELECT * FROM claimed ORDER BY year DESC, month DESC`;
}

/**
 * Extends the leases of the claims that still hold and returns their job ids. A month whose row is
 * locked is being stored, or taken away: its claim counts as held, and its lease is left alone, so that
 * the leases of the others do not wait for it.
 */
export async function renewLeases(
  sql: Queryable,
  { jobIds, leaseSeconds, at }: {
    jobIds: readonly string[];
    leaseSeconds: number;
    at: Date | null;
  },
): Promise<string[]> {
  const rows = await sql<{ job_id: string }[]>`
    WITH unlocked AS (
      SELECT id FROM backfill_log
      WHERE status = 'processing' AND job_id = ANY(${jobIds as string[]}::uuid[])
      FOR UPDATE SKIP LOCKED
    ), renewed AS (
      UPDATE backfill_log
      SET lease_expires_at = coalesce(${momentParameter(at)}::timestamptz, now())
        + make_interval(secs => ${leaseSeconds})
      WHERE id IN (SELECT id FROM unlocked)
    )
    SELECT job_id FROM backfill_log
    WHERE status = 'processing' AND job_id = ANY(${jobIds as string[]}::uuid[])`;
  return rows.map((row) => row.job_id);
}

/**
 * Locks the month of a claim until the caller's transaction ends, so that nobody changes it while
 * its books are being stored. Throws {@linkcode ClaimLostError} when the claim no longer holds.
 */
export async function lockClaim(tx: Transaction, jobId: string): Promise<ClaimedMonth> {
  const rows = await tx<ClaimedMonth[]>`
    SELECT id AS month_id, year, month, job_id, batch_size, prompt_variant, retry_count
    FROM backfill_log
    WHERE job_id = ${jobId} AND status = 'processing'
    FOR UPDATE`;
  return heldOrThrow(rows, jobId);
}

export interface MonthCounts {
  readonly books_generated: number;
  readonly isbns_resolved: number;
  readonly isbns_queued: number;
}

/** processing → completed. */
export async function completeMonth(
  sql: Queryable,
  { jobId, counts, promptVariant, note, at }: {
    jobId: string;
    counts: MonthCounts;
    promptVariant: string;
    note: string | null;
    at: Date | null;
  },
): Promise<void> {
  const rows = await sql`
    UPDATE backfill_log
    SET status = 'completed',
      books_generated = ${counts.books_generated},
      isbns_resolved = ${counts.isbns_resolved},
      isbns_queued = ${counts.isbns_queued},
      prompt_variant = ${promptVariant},
      note = ${note},
      error_message = NULL,
      next_attempt_at = NULL,
      -- A database that failed over to a machine with a slower clock must not break the CHECK.
      completed_at = greatest(started_at, coalesce(${momentParameter(at)}::timestamptz, now()))
    WHERE job_id = ${jobId} AND status = 'processing'
    RETURNING id`;
  heldOrThrow(rows, jobId);
}

/** processing → retry after `delaySeconds`, one attempt spent. Refused when it was the last one. */
export async function retryMonth(
  sql: Queryable,
  { jobId, message, delaySeconds, at }: {
    jobId: string;
    message: string;
    delaySeconds: number;
    at: Date | null;
  },
): Promise<void> {
  const moment = momentParameter(at);
  const rows = await sql`
    UPDATE backfill_log
    SET status = 'retry',
      retry_count = retry_count + 1,
      error_message = ${message},
      last_retry_at = coalesce(${moment}::timestamptz, now()),
      next_attempt_at =
        coalesce(${moment}::timestamptz, now()) + make_interval(secs => ${delaySeconds})
    WHERE job_id = ${jobId} AND status = 'processing' AND retry_count + 1 < ${MAX_ATTEMPTS}
    RETURNING id`;
  heldOrThrow(rows, jobId);
}

/** processing → failed. `isFinal` fails a month whose error no further attempt can cure. */
export async function failMonth(
  sql: Queryable,
  { jobId, message, isFinal, at }: {
    jobId: string;
    message: string;
    isFinal: boolean;
    at: Date | null;
  },
): Promise<void> {
  const moment = momentParameter(at);
  const rows = await sql`
    UPDATE backfill_log
    SET status = 'failed',
      retry_count = least(retry_count + 1, ${MAX_ATTEMPTS}),
      error_message = ${message},
      last_retry_at = coalesce(${moment}::timestamptz, now()),
      next_attempt_at = NULL,
      completed_at = greatest(started_at, coalesce(${moment}::timestamptz, now()))
    WHERE job_id = ${jobId} AND status = 'processing'
      AND (${isFinal} OR retry_count + 1 >= ${MAX_ATTEMPTS})
    RETURNING id`;
  heldOrThrow(rows, jobId);
}

/** processing → retry after `delaySeconds`, no attempt spent: the obstacle is not the month's fault. */
export async function snoozeMonth(
  sql: Queryable,
  { jobId, message, delaySeconds, at }: {
    jobId: string;
    message: string;
    delaySeconds: number;
    at: Date | null;
  },
): Promise<void> {
  const rows = await sql`
    UPDATE backfill_log
    SET status = 'retry',
      error_message = ${message},
      next_attempt_at = coalesce(${momentParameter(at)}::timestamptz, now())
        + make_interval(secs => ${delaySeconds})
    WHERE job_id = ${jobId} AND status = 'processing'
    RETURNING id`;
  heldOrThrow(rows, jobId);
}

/** processing → retry at once, no attempt spent: the claim is handed back unfinished. */
export async function releaseMonth(
  sql: Queryable,
  { jobId, at }: { jobId: string; at: Date | null },
): Promise<void> {
  const rows = await sql`
    UPDATE backfill_log
    SET status = 'retry', next_attempt_at = coalesce(${momentParameter(at)}::timestamptz, now())
    WHERE job_id = ${jobId} AND status = 'processing'
    RETURNING id`;
  heldOrThrow(rows, jobId);
}

/** failed → pending with a fresh budget; the attempts stay as history. Returns the ids moved. */
export async function forceMonths(sql: Queryable, monthIds: readonly number[]): Promise<number[]> {
  return await backToPending(sql, { monthIds, from: "failed" });
}

/** completed → pending, asked for by a person; books and attempts stay. Returns the ids moved. */
export async function rerunMonths(sql: Queryable, monthIds: readonly number[]): Promise<number[]> {
  return await backToPending(sql, { monthIds, from: "completed" });
}

async function backToPending(
  sql: Queryable,
  { monthIds, from }: { monthIds: readonly number[]; from: MonthStatus },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    UPDATE backfill_log
    SET status = 'pending', retry_count = 0, started_at = NULL, completed_at = NULL,
      next_attempt_at = NULL
    WHERE id = ANY(${monthIds as number[]}::int[]) AND status = ${from}
    RETURNING id`;
  return rows.map(({ id }) => id);
}

function heldOrThrow<T>(rows: readonly T[], jobId: string): T {
  const [row] = rows;
  if (row === undefined) throw new ClaimLostError(jobId);
  return row;
}
