import { type Fragment, momentParameter, type Queryable } from "../connection/connection.ts";
import type { ClaimedMonth, MonthCounts } from "./months.ts";

export type AttemptOutcome = "completed" | "retry" | "failed" | "snoozed" | "released" | "lost";

/** Requests sent to each provider, by its name. */
export type CallCounts = Readonly<Record<string, number>>;

/**
 * Marks the attempt of a claim as begun by `worker` and returns the month to work on. Succeeds for
 * exactly one caller, and only while the month is still processing under this claim: a late,
 * duplicate or stale message gets null. With `isRepeated` also for a caller that may have succeeded
 * before without hearing of it.
 */
export async function beginAttempt(
  sql: Queryable,
  { jobId, worker, isRepeated = false, at }: {
    jobId: string;
    worker: string;
    isRepeated?: boolean;
    at: Date | null;
  },
): Promise<ClaimedMonth | null> {
  const [claim] = await sql<ClaimedMonth[]>`
    UPDATE backfill_attempt a
    SET worker = ${worker}, begun_at = coalesce(${momentParameter(at)}::timestamptz, now())
    FROM backfill_log l
    WHERE a.job_id = ${jobId} AND a.ended_at IS NULL
      AND (a.begun_at IS NULL OR ${isRepeated}::boolean AND a.worker = ${worker})
      AND l.id = a.month_id AND l.job_id = a.job_id AND l.status = 'processing'
    RETURNING l.id AS month_id, l.year, l.month, l.job_id, l.batch_size, l.prompt_variant,
      l.retry_count`;
  return claim ?? null;
}

/** Closes the attempt of a claim and writes its bill. Does nothing when it is closed already. */
export async function endAttempt(
  sql: Queryable,
  { jobId, outcome, errorCode = null, message = null, calls, stageMs = {}, at }: {
    jobId: string;
    outcome: AttemptOutcome;
    errorCode?: string | null;
    message?: string | null;
    /** Requests sent by this attempt; left as they are when absent. */
    calls?: CallCounts;
    stageMs?: Readonly<Record<string, number>>;
    at: Date | null;
  },
): Promise<void> {
  await sql`
    UPDATE backfill_attempt a
    SET outcome = ${outcome}, error_code = ${errorCode}, error_message = ${message},
      calls = ${calls === undefined ? sql`calls` : sql`${sql.json({ ...calls })}::jsonb`},
      stage_ms = ${sql.json({ ...stageMs })}::jsonb, ${billOf(sql)},
      ended_at = coalesce(${momentParameter(at)}::timestamptz, now())
    WHERE job_id = ${jobId} AND ended_at IS NULL`;
}

/** How the attempt of a claim ended; null while it has not. */
export async function findOutcome(sql: Queryable, jobId: string): Promise<AttemptOutcome | null> {
  const [row] = await sql<{ outcome: AttemptOutcome | null }[]>`
    SELECT outcome FROM backfill_attempt WHERE job_id = ${jobId}`;
  return row?.outcome ?? null;
}

/** What the claim completed its month with; null when it did not complete it. */
export async function findCompletion(sql: Queryable, jobId: string): Promise<MonthCounts | null> {
  const [row] = await sql<MonthCounts[]>`
    SELECT l.books_generated, l.isbns_resolved, l.isbns_queued
    FROM backfill_attempt a JOIN backfill_log l ON l.id = a.month_id
    WHERE a.job_id = ${jobId} AND a.outcome = 'completed'`;
  return row ?? null;
}

/**
 * Saves the calls made so far and their bill, so that a killed worker's calls stay counted. An attempt
 * that has ended takes them too: what was paid is paid, whoever has the month by now.
 */
export async function saveCalls(
  sql: Queryable,
  { jobId, calls }: { jobId: string; calls: CallCounts },
): Promise<void> {
  await sql`
    UPDATE backfill_attempt a
    SET calls = ${sql.json({ ...calls })}::jsonb, ${billOf(sql)}
    WHERE job_id = ${jobId}`;
}

/** Tokens of the answers it was given, and what all its calls cost, failed ones included. */
function billOf(sql: Queryable): Fragment {
  return sql`(tokens_input, tokens_output, tokens_thinking) = (
      SELECT coalesce(sum(g.tokens_input), 0), coalesce(sum(g.tokens_output), 0),
        coalesce(sum(g.tokens_thinking), 0)
      FROM generation g WHERE g.job_id = a.job_id
    ),
    cost_usd = (
      SELECT coalesce(sum(coalesce(s.cost_usd, s.reserved_usd)), 0)
      FROM spending s WHERE s.job_id = a.job_id
    )`;
}

/** Writes the sums of all attempts' calls of the claim's month into the log's three columns. */
export async function sumCalls(sql: Queryable, jobId: string): Promise<void> {
  await sql`
    UPDATE backfill_log l
    SET gemini_calls = totals.gemini, xai_calls = totals.xai, isbndb_calls = totals.isbndb
    FROM (
      SELECT other.month_id,
        coalesce(sum((other.calls ->> 'gemini')::int), 0)::int AS gemini,
        coalesce(sum((other.calls ->> 'xai')::int), 0)::int AS xai,
        coalesce(sum((other.calls ->> 'isbndb')::int), 0)::int AS isbndb
      FROM backfill_attempt own JOIN backfill_attempt other USING (month_id)
      WHERE own.job_id = ${jobId}
      GROUP BY other.month_id
    ) AS totals
    WHERE l.id = totals.month_id`;
}

/** Notes that the hints of these claims were sent again. */
export async function markHinted(
  sql: Queryable,
  { jobIds, at }: { jobIds: readonly string[]; at: Date | null },
): Promise<void> {
  await sql`
    UPDATE backfill_attempt
    SET hinted_at = coalesce(${momentParameter(at)}::timestamptz, now())
    WHERE job_id = ANY(${jobIds as string[]}::uuid[])`;
}
