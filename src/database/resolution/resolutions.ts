import type { CheckState } from "../../domain/isbns/isbn_check.ts";
import type { BookQuery, ResolverName, WorkCandidate } from "../../domain/matching/resolver.ts";
import type { StatedSeries } from "../../domain/series/series_fields.ts";
import { momentParameter, type Queryable } from "../connection/connection.ts";

/** A remembered decision. `decision` is what the match decision returned, as it was. */
export interface StoredResolution<Decision> {
  readonly key: string;
  readonly verdict: "found" | "ambiguous" | "not_found";
  readonly isbn13: string | null;
  readonly decision: Decision;
  readonly check_state: CheckState;
}

/** What a decision was asked for. */
export type AskedBook = Pick<BookQuery, "title" | "author" | "year" | "series" | "number">;

/** The remembered decisions under these keys that have not expired, with the series they were made with. */
export async function findResolutions<Decision>(
  sql: Queryable,
  { keys, at }: { keys: readonly string[]; at: Date | null },
): Promise<(StoredResolution<Decision> & StatedSeries)[]> {
  return await sql<(StoredResolution<Decision> & StatedSeries)[]>`
    SELECT key, verdict, isbn13, decision, check_state, series, number FROM resolution
    WHERE key = ANY(${keys as string[]}::text[])
      AND expires_at > coalesce(${momentParameter(at)}::timestamptz, now())`;
}

/** A decision that found an edition of a stored work, and the book it was made for. */
export interface DecisionOfWork<Decision> {
  readonly work_id: number;
  readonly key: string;
  readonly title: string;
  readonly author: string;
  readonly series: string | null;
  readonly decision: Decision;
  readonly check_state: CheckState;
}

/**
 * The decisions, expired or not, that found an edition of these works: the first of each work, those that
 * wait for their check last.
 */
export async function findDecisionsOfWorks<Decision>(
  sql: Queryable,
  workIds: readonly number[],
): Promise<DecisionOfWork<Decision>[]> {
  return await sql<DecisionOfWork<Decision>[]>`
    SELECT DISTINCT ON (e.work_id) e.work_id, r.key, r.title, r.author, r.series, r.decision,
      r.check_state
    FROM edition e JOIN resolution r ON r.key = e.resolution_key
    WHERE e.work_id = ANY(${workIds as number[]}::int[]) AND r.verdict = 'found'
    ORDER BY e.work_id, r.check_state = 'waiting', e.created_at, e.isbn13`;
}

/** One provider's answer about one book; no works means that it knows none. */
export interface Evidence {
  readonly provider: ResolverName;
  readonly works: readonly WorkCandidate[];
}

/** What the providers answered about these books and has not expired. */
export async function findEvidence(
  sql: Queryable,
  { keys, at }: { keys: readonly string[]; at: Date | null },
): Promise<(Evidence & { readonly resolution_key: string })[]> {
  return await sql<(Evidence & { resolution_key: string })[]>`
    SELECT resolution_key, provider, works FROM evidence
    WHERE resolution_key = ANY(${keys as string[]}::text[])
      AND expires_at > coalesce(${momentParameter(at)}::timestamptz, now())
    ORDER BY resolution_key, provider`;
}

/** What the providers ever answered about these books, also where they would be asked again. */
export async function findPastEvidence(
  sql: Queryable,
  keys: readonly string[],
): Promise<(Evidence & { readonly resolution_key: string })[]> {
  return await sql<(Evidence & { resolution_key: string })[]>`
    SELECT resolution_key, provider, works FROM evidence
    WHERE resolution_key = ANY(${keys as string[]}::text[])
    ORDER BY resolution_key, provider`;
}

/** What became known about one book and is to be remembered; times to keep it in seconds. */
export interface Finding<Decision> {
  readonly key: string;
  readonly job_id: string;
  /** An answer that is not stored yet. */
  readonly evidence: (Evidence & { readonly keep_seconds: number }) | null;
  readonly resolution:
    | (Omit<StoredResolution<Decision>, "key"> & {
      readonly query: AskedBook;
      readonly keep_seconds: number;
    })
    | null;
}

/** Remembers findings in one commit, replacing what was known under the same keys. */
export async function storeFindings<Decision>(
  sql: Queryable,
  { findings, at }: { findings: readonly Finding<Decision>[]; at: Date | null },
): Promise<void> {
  const moment = momentParameter(at);
  const evidence = findings.flatMap(({ key, job_id, evidence }) =>
    evidence === null ? [] : [{ key, job_id, ...evidence }]
  );
  const resolutions = findings.flatMap(({ key, job_id, resolution }) => {
    if (resolution === null) return [];
    const { query: { title, author, year, series, number }, ...rest } = resolution;
    return [{ key, job_id, title, author, year, series, number, ...rest }];
  });
  // A statement cannot replace one row twice: of findings under one key the last counts.
  await sql`
    WITH evidence_stored AS (
      INSERT INTO evidence (resolution_key, provider, works, job_id, asked_at, expires_at)
      SELECT key, provider, works, job_id, coalesce(${moment}::timestamptz, now()),
        coalesce(${moment}::timestamptz, now()) + make_interval(secs => keep_seconds)
      FROM jsonb_to_recordset(${asJson(sql, lastOf(evidence, providerKey))}::jsonb) AS given (
        key text, provider text, works jsonb, job_id uuid, keep_seconds float8)
      ON CONFLICT (resolution_key, provider) DO UPDATE SET
        works = excluded.works, job_id = excluded.job_id, asked_at = excluded.asked_at,
        expires_at = excluded.expires_at
    )
    INSERT INTO resolution (key, title, author, year, series, number, verdict, isbn13, decision,
      job_id, decided_at, expires_at, check_state, check_waits_since)
    SELECT key, title, author, year, series, number, verdict, isbn13, decision, job_id,
      coalesce(${moment}::timestamptz, now()),
      coalesce(${moment}::timestamptz, now()) + make_interval(secs => keep_seconds), check_state,
      CASE WHEN check_state = 'waiting' THEN coalesce(${moment}::timestamptz, now()) END
    FROM jsonb_to_recordset(${asJson(sql, lastOf(resolutions, ({ key }) => key))}::jsonb) AS given (
      key text, title text, author text, year int, series text, number text, verdict text,
      isbn13 text, decision jsonb, job_id uuid, keep_seconds float8, check_state text)
    ON CONFLICT (key) DO UPDATE SET
      series = excluded.series, number = excluded.number, verdict = excluded.verdict, isbn13 = excluded.isbn13, decision = excluded.decision,
      job_id = excluded.job_id, decided_at = excluded.decided_at, expires_at = excluded.expires_at,
      check_state = excluded.check_state, check_waits_since = CASE
        WHEN excluded.check_state = 'waiting' AND excluded.isbn13 = resolution.isbn13
          THEN coalesce(resolution.check_waits_since, excluded.check_waits_since)
        ELSE excluded.check_waits_since END`;
}

function providerKey({ key, provider }: { key: string; provider: string }): string {
  return `${provider} ${key}`;
}

function lastOf<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

// The client's JSON type asks for index signatures, which plain interfaces do not have.
function asJson(sql: Queryable, value: unknown): ReturnType<Queryable["json"]> {
  return sql.json(value as Parameters<Queryable["json"]>[0]);
}
