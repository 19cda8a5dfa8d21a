import { type Fragment, momentParameter, type Queryable } from "../connection/connection.ts";

/** What stands between a call and its caps. Amounts are US dollars, spent or reserved. */
export interface SpendingState {
  /** The scheduling or experiment the claim belongs to; null when it belongs to none. */
  readonly run_id: number | null;
  readonly is_experiment: boolean;
  /** The run's own cap. */
  readonly run_cap_usd: number | null;
  readonly day_usd: number;
  readonly run_usd: number;
  /** Calls of that day, and of that run, that are under way and may turn out cheaper than reserved. */
  readonly day_open_count: number;
  readonly run_open_count: number;
}

/** No call of an experiment, which has no lease, is under way for longer. */
const LONGEST_CALL_SECONDS = 600;

/**
 * What the day, and the run of the claim or experiment `jobId`, have cost so far. A reservation nobody
 * came back for counts as spent; it is open only while its claim is being worked on.
 */
export async function readSpending(
  sql: Queryable,
  { jobId, day, at }: { jobId: string; day: string; at: Date | null },
): Promise<SpendingState> {
  const [row] = await sql<SpendingState[]>`
    SELECT r.id AS run_id, e.id IS NOT NULL AS is_experiment,
      r.max_cost_usd::float8 AS run_cap_usd,
      by_day.usd AS day_usd, by_day.open_count AS day_open_count,
      by_run.usd AS run_usd, by_run.open_count AS run_open_count
    FROM (SELECT ${jobId}::uuid AS job_id) claim
      LEFT JOIN backfill_attempt a ON a.job_id = claim.job_id
      LEFT JOIN experiment e ON e.job_id = claim.job_id
      LEFT JOIN run r ON r.id = coalesce(a.run_id, e.run_id)
      CROSS JOIN LATERAL (${sumSpending(sql, { where: sql`s.day = ${day}::date`, at })}) by_day
      CROSS JOIN LATERAL (${sumSpending(sql, { where: sql`s.run_id = r.id`, at })}) by_run`;
  return row!;
}

function sumSpending(
  sql: Queryable,
  { where, at }: { where: Fragment; at: Date | null },
): Fragment {
  return sql`
    SELECT coalesce(sum(coalesce(s.cost_usd, s.reserved_usd)), 0)::float8 AS usd,
      count(*) FILTER (
        WHERE s.settled_at IS NULL AND (
          working.job_id IS NOT NULL OR trying.job_id IS NOT NULL
            AND s.reserved_at > coalesce(${momentParameter(at)}::timestamptz, now())
              - make_interval(secs => ${LONGEST_CALL_SECONDS})
        )
      )::int AS open_count
    FROM spending s
      LEFT JOIN backfill_attempt working ON working.job_id = s.job_id AND working.ended_at IS NULL
      LEFT JOIN experiment trying ON trying.job_id = s.job_id AND trying.ended_at IS NULL
    WHERE ${where}`;
}

/** Writes down the most a call can cost, before it leaves; returns the reservation's id. */
export async function insertReservation(
  sql: Queryable,
  { runId, jobId, generator, model, day, reservedUsd, at }: {
    runId: number | null;
    jobId: string;
    generator: string;
    model: string;
    /** UTC, `YYYY-MM-DD`. */
    day: string;
    reservedUsd: number;
    at: Date | null;
  },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO spending (run_id, job_id, generator, model, day, reserved_usd, reserved_at)
    VALUES (${runId}, ${jobId}, ${generator}, ${model}, ${day}::date, ${reservedUsd},
      coalesce(${momentParameter(at)}::timestamptz, now()))
    RETURNING id`;
  return row!.id;
}

/** Whether the reservation was committed, for that claim or experiment. */
export async function hasReservation(
  sql: Queryable,
  { id, jobId }: { id: number; jobId: string },
): Promise<boolean> {
  const rows = await sql`SELECT id FROM spending WHERE id = ${id} AND job_id = ${jobId}`;
  return rows.length === 1;
}

/** Replaces what was reserved by what the call did cost; `null` leaves all of it as spent. */
export async function settleSpending(
  sql: Queryable,
  { id, costUsd, at }: { id: number; costUsd: number | null; at: Date | null },
): Promise<void> {
  await sql`
    UPDATE spending
    SET cost_usd = coalesce(${costUsd}::numeric, reserved_usd),
      settled_at = coalesce(${momentParameter(at)}::timestamptz, now())
    WHERE id = ${id}`;
}
