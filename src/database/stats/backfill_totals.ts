import { z } from "zod";
import { momentSchema } from "../../domain/time/moment.ts";
import { MONTH_STATUSES, type MonthStatus } from "../../domain/months/month_state.ts";
import type { Fragment, Queryable } from "../connection/connection.ts";

/** How many months are in each state, and what they have brought in. Rates in percent. */
export interface BackfillTotals {
  readonly by_status: Readonly<Record<MonthStatus, number>>;
  readonly total_books_generated: number;
  readonly total_isbns_resolved: number;
  readonly total_isbns_queued: number;
  /** 0 before the first book, which clients compare with. */
  readonly overall_resolution_rate: number;
}

/** Counts the log in one statement, so that the numbers belong to one moment. */
export async function readTotals(sql: Queryable): Promise<BackfillTotals> {
  const [row] = await sql<
    (Record<MonthStatus, number> & Omit<BackfillTotals, "by_status">)[]
  >`
    SELECT count(*) FILTER (WHERE status = 'pending')::int AS pending,
      count(*) FILTER (WHERE status = 'processing')::int AS processing,
      count(*) FILTER (WHERE status = 'completed')::int AS completed,
      count(*) FILTER (WHERE status = 'failed')::int AS failed,
      count(*) FILTER (WHERE status = 'retry')::int AS retry,
      coalesce(sum(books_generated), 0)::int AS total_books_generated,
      coalesce(sum(isbns_resolved), 0)::int AS total_isbns_resolved,
      coalesce(sum(isbns_queued), 0)::int AS total_isbns_queued,
      coalesce(round(100.0 * sum(isbns_resolved) / nullif(sum(books_generated), 0), 2), 0)::float8
        AS overall_resolution_rate
    FROM backfill_log`;
  const { pending, processing, completed, failed, retry, ...sums } = row!;
  return { by_status: { pending, processing, completed, failed, retry }, ...sums };
}

/** How many months of these years are in each state. */
export async function countYears(
  sql: Queryable,
  { yearStart, yearEnd }: { yearStart: number; yearEnd: number },
): Promise<Partial<Record<MonthStatus, number>>> {
  const rows = await sql<{ status: MonthStatus; count: number }[]>`
    SELECT status, count(*)::int AS count FROM backfill_log
    WHERE year BETWEEN ${yearStart} AND ${yearEnd} GROUP BY status`;
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Of all books that months named, resolved or not, how many fit the month they were named for. */
export const fitCountsSchema = z.object({
  in_month: z.number(),
  in_year: z.number(),
  elsewhere: z.number(),
  /** When it appeared is not known: it is not resolved, or no record of it has a date. */
  unknown: z.number(),
});

export type FitCounts = Readonly<z.infer<typeof fitCountsSchema>>;

/** How many books of all completed months were really of the month they were named for. */
export async function countFits(sql: Queryable): Promise<FitCounts> {
  const [row] = await sql<FitCounts[]>`
    SELECT ${fitColumns(sql)}
    FROM candidate c JOIN backfill_log l ON l.id = c.month_id
    WHERE l.status = 'completed'`;
  return row!;
}

/** A month as lists of months show it. Times are ISO 8601 in UTC. */
export const monthRowSchema = z.object({
  year: z.number(),
  month: z.number(),
  status: z.enum(MONTH_STATUSES),
  books_generated: z.number(),
  isbns_resolved: z.number(),
  isbns_queued: z.number(),
  resolution_rate: z.number().nullable(),
  retry_count: z.number(),
  prompt_variant: z.string().nullable(),
  error_message: z.string().nullable(),
  note: z.string().nullable(),
  started_at: momentSchema.nullable(),
  completed_at: momentSchema.nullable(),
  verification: fitCountsSchema,
  /** US dollars its model calls have cost, over all attempts. */
  cost_usd: z.number(),
});

type MonthRow = Readonly<z.infer<typeof monthRowSchema>>;

/** The months that ended last, newest first. */
export async function listRecentActivity(sql: Queryable, limit: number): Promise<MonthRow[]> {
  return await sql<MonthRow[]>`
    SELECT ${monthColumns(sql)}, (
      SELECT json_build_object('in_month', in_month, 'in_year', in_year, 'elsewhere', elsewhere,
        'unknown', unknown)
      FROM (SELECT ${fitColumns(sql)} FROM candidate c WHERE c.month_id = l.id) AS fits
    ) AS verification, (
      SELECT coalesce(sum(a.cost_usd), 0)::float8 FROM backfill_attempt a WHERE a.month_id = l.id
    ) AS cost_usd
    FROM backfill_log l
    WHERE completed_at IS NOT NULL
    ORDER BY completed_at DESC, year DESC, month DESC
    LIMIT ${limit}`;
}

function monthColumns(sql: Queryable): Fragment {
  return sql`year, month, status, books_generated, isbns_resolved, isbns_queued,
    resolution_rate::float8 AS resolution_rate, retry_count, prompt_variant, error_message, note,
    started_at, completed_at`;
}

function fitColumns(sql: Queryable): Fragment {
  return sql`count(*) FILTER (WHERE c.month_fit = 'in_month')::int AS in_month,
    count(*) FILTER (WHERE c.month_fit = 'in_year')::int AS in_year,
    count(*) FILTER (WHERE c.month_fit = 'elsewhere')::int AS elsewhere,
    count(*) FILTER (WHERE c.month_fit = 'unknown')::int AS unknown`;
}
