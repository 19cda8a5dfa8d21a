import type { MonthFit } from "../../domain/months/month_fit.ts";
import type { Month } from "../../domain/months/month.ts";
import type { PartialDate } from "../../domain/months/partial_date.ts";
import { momentParameter, type Queryable, type Transaction } from "../connection/connection.ts";

/** The dates of these works, locked until the caller's transaction ends. */
export async function lockFirstDates(
  tx: Transaction,
  workIds: readonly number[],
): Promise<{ work_id: number; first_published: PartialDate | null }[]> {
  return await tx<{ work_id: number; first_published: PartialDate | null }[]>`
    SELECT id AS work_id, CASE WHEN first_published_year IS NOT NULL THEN jsonb_build_object(
      'year', first_published_year, 'month', first_published_month, 'day', first_published_day
    ) END AS first_published
    FROM work WHERE id = ANY(${workIds as number[]}::int[])
    ORDER BY id
    FOR UPDATE`;
}

/** Which of these works a month has named. */
export async function listWorksMonthsNamed(
  sql: Queryable,
  workIds: readonly number[],
): Promise<number[]> {
  const rows = await sql<{ work_id: number }[]>`
    SELECT DISTINCT work_id FROM candidate WHERE work_id = ANY(${workIds as number[]}::int[])`;
  return rows.map(({ work_id }) => work_id);
}

/** Writes when the works first appeared. */
export async function changeFirstDates(
  sql: Queryable,
  { works, at }: {
    works: readonly { readonly work_id: number; readonly first_published: PartialDate }[];
    at: Date | null;
  },
): Promise<void> {
  await sql`
    UPDATE work SET first_published_year = (first_published ->> 'year')::int,
      first_published_month = (first_published ->> 'month')::int,
      first_published_day = (first_published ->> 'day')::int,
      updated_at = coalesce(${momentParameter(at)}::timestamptz, now())
    FROM jsonb_to_recordset(${sql.json(works as never)}::jsonb) AS given (
      work_id int, first_published jsonb)
    WHERE work.id = given.work_id`;
}

/** A confirmed book of a month, with how it is said to fit there. */
export interface FittedCandidate extends Month {
  readonly id: number;
  readonly work_id: number;
  readonly month_fit: MonthFit;
}

/**
 * Every month's confirmed candidates of these works, locked until the caller's transaction ends. Those
 * of a month that is just being recorded anew are skipped: they are about to be replaced.
 */
export async function lockCandidatesOf(
  tx: Transaction,
  workIds: readonly number[],
): Promise<FittedCandidate[]> {
  return await tx<FittedCandidate[]>`
    SELECT c.id, c.work_id, c.month_fit, l.year, l.month
    FROM candidate c JOIN backfill_log l ON l.id = c.month_id
    WHERE c.work_id = ANY(${workIds as number[]}::int[]) AND c.verdict = 'found'
    FOR UPDATE OF c SKIP LOCKED`;
}

/** Writes how the candidates fit their months. */
export async function changeFits(
  sql: Queryable,
  fits: readonly { readonly id: number; readonly month_fit: MonthFit }[],
): Promise<void> {
  await sql`
    UPDATE candidate SET month_fit = given.month_fit
    FROM jsonb_to_recordset(${sql.json(fits as never)}::jsonb) AS given (id int, month_fit text)
    WHERE candidate.id = given.id`;
}
