import type {
  CallHistory,
  CompletedMonth,
  ForecastHistory,
  ModelHistory,
} from "../../domain/money/forecast.ts";
import type { GeneratorName } from "../../domain/generation/generator.ts";
import { type Fragment, momentParameter, type Queryable } from "../connection/connection.ts";

/** Older months say little of how things are now. */
const LAST_MONTHS = 200;

/** What the months that completed last took, each until its first completion. */
export async function readForecastHistory(sql: Queryable): Promise<ForecastHistory> {
  const completed = await sql<CompletedMonth[]>`
    SELECT year, month, asked_books, books FROM (${lastMonths(sql)}) AS done`;
  return {
    completed: [...completed],
    models: await listModelHistory(sql),
    calls: await listCallHistory(sql),
  };
}

/**
 * The tokens of every model that took any, over the months that completed last. An answer that only an
 * experiment has used is of no attempt, and does not count.
 */
async function listModelHistory(sql: Queryable): Promise<ModelHistory[]> {
  return await sql<ModelHistory[]>`
    SELECT generator, model, count(*)::int AS months, sum(books)::int AS books,
      sum(tokens_input)::int AS tokens_input, sum(tokens_output)::int AS tokens_output
    FROM (
      SELECT g.generator, g.model, done.books, sum(g.tokens_input) AS tokens_input,
        sum(g.tokens_output + g.tokens_thinking) AS tokens_output
      FROM (${lastMonths(sql)}) AS done
      JOIN backfill_attempt a ON a.month_id = done.id
      JOIN generation g ON g.job_id = a.job_id
      WHERE g.superseded_at IS NULL
      GROUP BY g.generator, g.model, done.id, done.books
    ) AS by_month
    WHERE tokens_output > 0
    GROUP BY generator, model`;
}

async function listCallHistory(sql: Queryable): Promise<CallHistory[]> {
  return await sql<CallHistory[]>`
    SELECT provider, sum(calls)::int AS calls, count(*)::int AS months, sum(books)::int AS books
    FROM (
      SELECT call.key AS provider, done.books, sum(call.value::int) AS calls
      FROM (${lastMonths(sql)}) AS done
      JOIN backfill_attempt a ON a.month_id = done.id AND a.id <= done.first_completion
      CROSS JOIN LATERAL jsonb_each_text(a.calls) AS call
      GROUP BY call.key, done.id, done.books
    ) AS by_month
    GROUP BY provider`;
}

function lastMonths(sql: Queryable): Fragment {
  return sql`
    SELECT l.id, l.year, l.month, l.batch_size AS asked_books, l.books_generated AS books,
      attempts.first_completion
    FROM backfill_log l CROSS JOIN LATERAL (
      SELECT min(a.id) AS first_completion FROM backfill_attempt a
      WHERE a.month_id = l.id AND a.outcome = 'completed'
    ) AS attempts
    WHERE l.status = 'completed' AND l.completed_at IS NOT NULL
      AND attempts.first_completion IS NOT NULL
    ORDER BY l.completed_at DESC
    LIMIT ${LAST_MONTHS}`;
}

/** A question whose answer is remembered. */
export interface RememberedAnswer {
  readonly month_id: number;
  readonly generator: GeneratorName;
  readonly model: string;
  readonly prompt_hash: string;
}

/** The answers of these months that would be used again. */
export async function listRememberedAnswers(
  sql: Queryable,
  monthIds: readonly number[],
): Promise<RememberedAnswer[]> {
  return await sql<RememberedAnswer[]>`
    SELECT month_id, generator, model, prompt_hash FROM generation
    WHERE month_id = ANY(${monthIds as number[]}::int[])
      AND verdict <> 'unusable' AND superseded_at IS NULL`;
}

/**
 * For each of these months, the books it named when it last ran, and how many lookups of its books are
 * remembered: decided by its attempts or by another month that named the same.
 */
export async function countDecidedBooks(
  sql: Queryable,
  { monthIds, at }: { monthIds: readonly number[]; at: Date | null },
): Promise<{ month_id: number; books: number; decided: number }[]> {
  const now = sql`coalesce(${momentParameter(at)}::timestamptz, now())`;
  return await sql<{ month_id: number; books: number; decided: number }[]>`
    SELECT asked.id AS month_id, (
      SELECT count(*)::int FROM candidate c WHERE c.month_id = asked.id
    ) AS books, greatest((
      SELECT count(*) FROM candidate c JOIN resolution r ON r.key = c.resolution_key
      WHERE c.month_id = asked.id AND r.expires_at > ${now}
    ), (
      SELECT count(*) FROM backfill_attempt a JOIN resolution r ON r.job_id = a.job_id
      WHERE a.month_id = asked.id AND r.expires_at > ${now}
    ))::int AS decided
    FROM unnest(${monthIds as number[]}::int[]) AS asked (id)`;
}
