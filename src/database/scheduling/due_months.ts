import { type Month, monthFromIndex } from "../../domain/months/month.ts";
import type { MonthStatus } from "../../domain/months/month_state.ts";
import {
  type Fragment,
  momentParameter,
  type Queryable,
  type Transaction,
} from "../connection/connection.ts";

/** Which months a scheduling asks for: those that are due, unless it says otherwise. */
export interface DueFilter {
  /** Whole years, in order; `null` leaves that side open. */
  readonly year_start: number | null;
  readonly year_end: number | null;
  /** Months after this one are too recent; `null` when they were asked for explicitly. */
  readonly newest: Month | null;
  /** Also `failed` months. */
  readonly include_failed: boolean;
  /** Also `completed` months. */
  readonly include_completed: boolean;
  /** Only these months; `null` for all. */
  readonly months: readonly Month[] | null;
  /** Only these completed months, and none that is due; `null` for a scheduling of due months. */
  readonly stale_ids: readonly number[] | null;
}

export interface DueMonth {
  readonly month_id: number;
  readonly year: number;
  readonly month: number;
  readonly status: MonthStatus;
  /** Books asked of each generator. */
  readonly asked_books: number;
  readonly prompt_variant: string | null;
  readonly books_generated: number;
  readonly isbns_resolved: number;
  readonly resolution_rate: number | null;
  readonly error_message: string | null;
}

interface DueOptions {
  readonly filter: DueFilter;
  readonly limit: number;
  readonly at: Date | null;
}

/** The months a claim would take next, newest first; changes nothing. */
export async function previewDueMonths(sql: Queryable, options: DueOptions): Promise<DueMonth[]> {
  return await sql<DueMonth[]>`${selectDue(sql, options)}`;
}

/**
 * The same months, locked until the caller's transaction ends. Rows another claimer has locked are
 * skipped rather than waited for, so two schedulers at one moment take different months.
 */
export async function lockDueMonths(tx: Transaction, options: DueOptions): Promise<DueMonth[]> {
  return await tx<DueMonth[]>`${selectDue(tx, options)} FOR UPDATE SKIP LOCKED`;
}

/** Months in `retry` whose time has come, longest due first, locked like {@linkcode lockDueMonths}. */
export async function lockDueRetries(
  tx: Transaction,
  { limit, at }: { limit: number; at: Date | null },
): Promise<number[]> {
  const rows = await tx<{ id: number }[]>`
    SELECT id FROM backfill_log
    WHERE status = 'retry'
      AND coalesce(next_attempt_at <= coalesce(${momentParameter(at)}::timestamptz, now()), true)
    ORDER BY next_attempt_at NULLS FIRST, year DESC, month DESC
    LIMIT ${limit}
    FOR UPDATE SKIP LOCKED`;
  return rows.map(({ id }) => id);
}

/** What the log says of a month. */
export interface LoggedMonth extends Month {
  readonly month_id: number;
  readonly status: MonthStatus;
  readonly next_attempt_at: Date | null;
  /** Books asked of each generator. */
  readonly asked_books: number;
}

/** Those of the given months that the log holds, earliest first. */
export async function findLoggedMonths(
  sql: Queryable,
  months: readonly Month[],
): Promise<LoggedMonth[]> {
  return await sql<LoggedMonth[]>`
    SELECT id AS month_id, year, month, status, next_attempt_at, batch_size AS asked_books
    FROM backfill_log
    WHERE (year, month) IN (${monthRows(sql, months)})
    ORDER BY year, month`;
}

/**
 * How many months the filter leaves out only because they are too recent, with the first and last of
 * them; `null` when there are none.
 */
export async function countTooRecent(
  sql: Queryable,
  filter: DueFilter,
): Promise<{ count: number; first: Month; last: Month } | null> {
  const { newest } = filter;
  if (newest === null) return null;
  const [row] = await sql<{ count: number; first: number; last: number }[]>`
    SELECT count(*)::int AS count, min(year * 12 + month - 1) AS first,
      max(year * 12 + month - 1) AS last
    FROM backfill_log
    WHERE status IN ('pending', 'retry') AND (year, month) > (${newest.year}, ${newest.month})
      ${inYears(sql, filter)}`;
  if (!row || row.count === 0) return null;
  const { count, first, last } = row;
  return { count, first: monthFromIndex(first), last: monthFromIndex(last) };
}

function selectDue(sql: Queryable, { filter, limit, at }: DueOptions): Fragment {
  const { newest } = filter;
  return sql`
    SELECT id AS month_id, year, month, status, batch_size AS asked_books, prompt_variant,
      books_generated, isbns_resolved, resolution_rate::float8 AS resolution_rate, error_message
    FROM backfill_log
    WHERE ${inState(sql, { filter, at })}
      ${newest === null ? sql`` : sql`AND (year, month) <= (${newest.year}, ${newest.month})`}
      ${inYears(sql, filter)}
      ${
    filter.months === null ? sql`` : sql`AND (year, month) IN (${monthRows(sql, filter.months)})`
  }
    ORDER BY year DESC, month DESC
    LIMIT ${limit}`;
}

// The first status list is spelt out, not passed in: only then does the partial index apply.
function inState(
  sql: Queryable,
  { filter, at }: Pick<DueOptions, "filter" | "at">,
): Fragment {
  const { stale_ids, include_failed, include_completed } = filter;
  if (stale_ids !== null) {
    return sql`status = 'completed' AND id = ANY(${stale_ids as number[]}::int[])`;
  }
  const due = sql`
    status IN ('pending', 'retry', 'failed')
      AND (
        status = 'pending'
        OR status = 'retry'
          AND coalesce(
            next_attempt_at <= coalesce(${momentParameter(at)}::timestamptz, now()), true)
        ${include_failed ? sql`OR status = 'failed'` : sql``}
      )`;
  return include_completed ? sql`(${due} OR status = 'completed')` : due;
}

function monthRows(sql: Queryable, months: readonly Month[]): Fragment {
  return sql`SELECT * FROM unnest(${months.map(({ year }) => year)}::int[],
    ${months.map(({ month }) => month)}::int[])`;
}

function inYears(sql: Queryable, filter: DueFilter): Fragment {
  const start = filter.year_start === null ? sql`` : sql`AND year >= ${filter.year_start}`;
  const end = filter.year_end === null ? sql`` : sql`AND year <= ${filter.year_end}`;
  return sql`${start} ${end}`;
}
