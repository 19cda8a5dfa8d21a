import { z } from "zod";
import type { MatchDecision } from "../../domain/matching/decide_match.ts";
import { momentSchema } from "../../domain/time/moment.ts";
import type { AskedBook } from "./resolutions.ts";
import { momentParameter, type Queryable, type Transaction } from "../connection/connection.ts";

/** How many stored ISBNs had a second opinion. */
export const checkCountsSchema = z.object({
  checked: z.number(),
  /** The provider of second opinions could not be asked about them yet. */
  waiting: z.number(),
  /** Found when nobody gave second opinions. */
  not_needed: z.number(),
  /** Since when the first of those that wait does; null when none does. */
  waiting_since: momentSchema.nullable(),
});

type CheckCounts = Readonly<z.infer<typeof checkCountsSchema>>;

/** Counts the stored ISBNs by their check. */
export async function countChecks(sql: Queryable): Promise<CheckCounts> {
  const [row] = await sql<CheckCounts[]>`
    SELECT count(*) FILTER (WHERE check_state = 'checked')::int AS checked,
      count(*) FILTER (WHERE check_state = 'waiting')::int AS waiting,
      count(*) FILTER (WHERE check_state = 'not_needed')::int AS not_needed,
      min(check_waits_since) AS waiting_since
    FROM edition`;
  return row!;
}

/** An ISBN whose check is due. */
export interface WaitingIsbn {
  readonly isbn13: string;
  readonly waiting_since: Date;
  /** By the clock that `waiting_since` is by, which is not ours. */
  readonly waited_seconds: number;
}

/** ISBNs, stored or only found, that wait for their check, longest waiting first. */
export async function listWaitingIsbns(
  sql: Queryable,
  { limit, at }: { limit: number; at: Date | null },
): Promise<WaitingIsbn[]> {
  return await sql<WaitingIsbn[]>`
    SELECT isbn13, min(check_waits_since) AS waiting_since, extract(
        epoch FROM coalesce(${momentParameter(at)}::timestamptz, now()) - min(check_waits_since)
      )::float8 AS waited_seconds
    FROM (
      SELECT isbn13, check_waits_since FROM edition WHERE check_state = 'waiting'
      UNION ALL
      SELECT isbn13, check_waits_since FROM resolution WHERE check_state = 'waiting'
    ) AS waiting
    GROUP BY isbn13
    ORDER BY waiting_since, isbn13
    LIMIT ${limit}`;
}

type Found = Extract<MatchDecision, { kind: "found" }>;

/** A decision that waits for the check of its ISBN. */
export interface WaitingDecision extends AskedBook {
  readonly key: string;
  readonly decision: Found;
  readonly job_id: string;
}

/** The decisions for this ISBN that wait for its check, locked until the transaction ends. */
export async function lockWaitingDecisions(
  tx: Transaction,
  isbn13: string,
): Promise<WaitingDecision[]> {
  return await tx<WaitingDecision[]>`
    SELECT key, title, author, year, series, number, decision, job_id FROM resolution
    WHERE isbn13 = ${isbn13} AND check_state = 'waiting'
    ORDER BY key
    FOR UPDATE`;
}

/** A stored edition with the names its work is stored under. */
export interface NamedEdition {
  readonly work_id: number;
  readonly resolution_key: string;
  /** Of the edition and of its work, with their subtitles after a colon. */
  readonly titles: readonly string[];
  /** The names of the work's authors joined with " & ". */
  readonly author: string;
  /** That, and the authors as the months that named the work said them. */
  readonly credits: readonly string[];
  readonly is_waiting: boolean;
}

/** The stored edition of this ISBN; null when there is none. */
export async function findNamedEdition(
  sql: Queryable,
  isbn13: string,
): Promise<NamedEdition | null> {
  const [row] = await sql<(Omit<NamedEdition, "credits"> & { said: readonly string[] })[]>`
    SELECT e.work_id, e.resolution_key, e.check_state = 'waiting' AS is_waiting,
      ARRAY[e.title || coalesce(': ' || e.subtitle, ''), w.title || coalesce(': ' || w.subtitle, '')]
        AS titles,
      coalesce((
        SELECT string_agg(a.name, ' & ' ORDER BY wa.position)
        FROM work_author wa JOIN author a ON a.id = wa.author_id WHERE wa.work_id = w.id
      ), '') AS author,
      ARRAY(SELECT c.author FROM candidate c WHERE c.work_id = w.id) AS said
    FROM edition e JOIN work w ON w.id = e.work_id
    WHERE e.isbn13 = ${isbn13}`;
  if (row === undefined) return null;
  const { said, ...edition } = row;
  return { ...edition, credits: [edition.author, ...said] };
}

/**
 * The months that say they found this ISBN, locked until the transaction ends: to be called first in
 * it, as months do that store their books.
 */
export async function lockMonthsThatFound(tx: Transaction, isbn13: string): Promise<number[]> {
  const rows = await tx<{ id: number }[]>`
    SELECT id FROM backfill_log
    WHERE id IN (SELECT month_id FROM candidate WHERE isbn13 = ${isbn13})
    ORDER BY id
    FOR UPDATE`;
  return rows.map(({ id }) => id);
}

/** Takes the ISBN back from candidates: from those that were looked up under one of `keys`, or all. */
export async function takeBackIsbn(
  sql: Queryable,
  { isbn13, keys }: { isbn13: string; keys: readonly string[] | null },
): Promise<void> {
  await sql`
    UPDATE candidate SET verdict = 'ambiguous', isbn13 = NULL, month_fit = 'unknown',
      placement = CASE placement WHEN 'new' THEN 'synthetic' ELSE placement END
    WHERE isbn13 = ${isbn13}
      ${keys === null ? sql`` : sql`AND resolution_key = ANY(${keys as string[]}::text[])`}`;
}

/** Removes a stored edition, and its entry in the enrichment queue with it. */
export async function removeEdition(sql: Queryable, isbn13: string): Promise<void> {
  await sql`DELETE FROM edition WHERE isbn13 = ${isbn13}`;
}

/** The book as the first month that named it calls it; null when no month has. */
export interface BareWork {
  readonly first_named: { readonly title: string; readonly author: string } | null;
}

/** A work that has no edition any more, with who named it first; null when it has one. */
export async function findBareWork(sql: Queryable, workId: number): Promise<BareWork | null> {
  const [row] = await sql<BareWork[]>`
    SELECT (
      SELECT json_build_object('title', c.title, 'author', c.author)
      FROM candidate c JOIN backfill_log l ON l.id = c.month_id
      WHERE c.work_id = w.id ORDER BY l.year, l.month, c.position LIMIT 1
    ) AS first_named
    FROM work w
    WHERE w.id = ${workId} AND NOT EXISTS (SELECT 1 FROM edition e WHERE e.work_id = w.id)`;
  return row ?? null;
}

/** Removes a work with all that hangs on it. */
export async function removeWork(sql: Queryable, workId: number): Promise<void> {
  await sql`DELETE FROM work WHERE id = ${workId}`;
}

/** Counts again what these months resolved and queued. */
export async function recountMonths(sql: Queryable, monthIds: readonly number[]): Promise<void> {
  await sql`
    UPDATE backfill_log l SET isbns_resolved = counted.resolved, isbns_queued = counted.queued
    FROM (
      SELECT c.month_id, count(*) FILTER (WHERE c.verdict = 'found')::int AS resolved,
        count(DISTINCT q.isbn13)::int AS queued
      FROM candidate c
      LEFT JOIN enrichment_queue q ON q.isbn13 = c.isbn13 AND q.month_id = c.month_id
      WHERE c.month_id = ANY(${monthIds as number[]}::int[])
      GROUP BY c.month_id
    ) AS counted
    WHERE l.id = counted.month_id`;
}
